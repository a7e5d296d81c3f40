"""F18: messages, some with files, are edited, removed and answered while somebody is away; what they hold and quote
when they are back is what the database holds (DELIVERY D5, D7)."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from io import BytesIO
from typing import cast

import pytest
from PIL import Image

from app.chat.cards import hash_of
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
from tests.faults.history import Send
from tests.faults.load import Load, random_text, until
from tests.faults.mirror import Mirror, State
from tests.faults.server import ServerProcess

pytestmark = pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "notify", "redis"])

PEOPLE = 24
MODERATORS = 2
AT_ONCE = 20
"""Changes of one history."""
AGED = 60
"""Messages at the end of the room that are changed; a page of history holds more."""
CROWDED = 4
"""Messages that several react to at the same time."""
PAGE = 100
KINDS = {
    "post": 14,
    "share": 8,
    "answer": 12,
    "edit": 16,
    "react": 24,
    "pin": 6,
    "uncard": 4,
    "remove": 8,
    "take away": 8,
}
"""What is done, and how often of a hundred."""
EMOJI = ("👍", "🎉", "❤", "👍🏽")
REFUSED = {"too_fast", "message_removed", "too_many_pins"}
"""Of two who change one message at once the later one may be told so."""


def some_picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "steelblue").save(made, "PNG")
    return made.getvalue()


FILES = (("buoy.png", some_picture()), ("raw.txt", b"what I saw\n"))
LINK = "http://tides.example/"
"""What it leads to is known already, so that nobody on the web is asked."""
KNOWN = json.dumps({"url": LINK, "title": "Tides"})


def some_words() -> str:
    """Some of them with a link."""
    return f"{LINK} {random_text(16)}" if random.random() < 0.3 else random_text(40)


class Crowd:
    """People in one room, who write, bring files, answer, edit, react and remove."""

    def __init__(self, load: Load, nodes: Sequence[ServerProcess], room: int) -> None:
        self.load = load
        self.nodes = nodes
        self.room = room
        self.done: Counter[str] = Counter()
        self.people = [cast(Mirror, load.add([room])) for _ in range(PEOPLE)]

    async def act(self, mirror: Mirror) -> None:
        """One change, by this person."""
        what = random.choices(list(KINDS), list(KINDS.values()))[0]
        if what == "share":
            await self.share(mirror)
        else:
            await self.do(mirror, what)

    async def do(self, mirror: Mirror, what: str) -> None:
        own = mirror.own(self.room, AGED)
        recent = sorted(mirror.held[self.room])[-AGED:]
        living = mirror.living(self.room, CROWDED)
        if what == "answer" and recent:
            mirror.send(self.room, random_text(40), reply_to=random.choice(recent))
            self.done["answer"] += 1
        elif what == "edit" and own:
            await self.ask(mirror, what, type="message.edit", number=random.choice(own), text=some_words())
        elif what == "react" and living:
            emoji, on = random.choice(EMOJI), random.random() < 0.7
            await self.ask(mirror, what, type="message.react", number=random.choice(living), emoji=emoji, on=on)
        elif what == "uncard" and own:
            await self.ask(mirror, what, type="card.remove", number=random.choice(own))
        elif what == "pin" and own:
            await self.ask(mirror, what, type="message.pin", number=random.choice(own), on=random.random() < 0.7)
        elif what == "remove" and own:
            await self.ask(mirror, what, type="message.remove", number=random.choice(own))
        elif what == "take away" and mirror in self.people[:MODERATORS] and recent:
            await self.ask(mirror, what, type="message.remove", number=random.choice(recent))
        else:
            mirror.send(self.room, some_words())
            self.done["post"] += 1

    async def share(self, mirror: Mirror) -> None:
        """One or two files, with words or without."""
        brought = [await self.bring(mirror, *file) for file in random.sample(FILES, random.choice((1, 2)))]
        mirror.send(self.room, random.choice(("", some_words())), files=tuple(brought))
        self.done["share"] += 1

    async def bring(self, mirror: Mirror, name: str, body: bytes) -> str:
        """The id of a file that has come."""
        told = {"X-File-Name": name, "Idempotency-Key": mirror.new_nonce(), **self.bearer(mirror)}
        status, answer = await self.nodes[mirror.node].post(f"/files?room={self.room}", told, body)
        assert status == 200, answer
        return str(json.loads(answer)["id"])

    async def reads(self, mirror: Mirror, file_id: str) -> bool:
        status, _ = await self.nodes[mirror.node].get(f"/files/{file_id}", self.bearer(mirror))
        assert status in {200, 404}
        return status == 200

    def bearer(self, mirror: Mirror) -> dict[str, str]:
        return {"Authorization": f"Bearer {mirror.person.token}"}

    async def ask(self, mirror: Mirror, what: str, **command: object) -> None:
        answer = await mirror.ask({"room": self.room, **command})
        if answer["type"] == "error":
            assert answer["error"]["code"] in REFUSED, answer
        else:
            self.done[what] += 1

    async def agrees(self) -> None:
        """Returns when everybody is up to date."""
        await self.load.all_answered()
        # The cards of links come by themselves.
        await until(lambda: self.load.community.ask("SELECT count(*) FROM jobs") == [(0,)])
        ((head,),) = self.load.community.ask(f"SELECT seq FROM rooms WHERE id = {self.room}")  # noqa: S608
        await until(lambda: all(mirror.live and mirror.last(self.room) == head for mirror in self.people))

    async def loaded(self) -> tuple[dict[int, State], dict[int, State]]:
        """The newest page, as a newcomer loads it: its messages, and what they answer."""
        page = await self.people[0].ask({"type": "message.list", "room": self.room, "limit": PAGE})
        messages = {message["number"]: State.of(message) for message in page["messages"]}
        known = messages | {message["number"]: State.of(message) for message in page.get("quoted", ())}
        answered = {state.reply_to for state in messages.values() if state.reply_to is not None}
        return messages, {number: known[number] for number in answered}

    def stored(self) -> dict[int, State]:
        rows = self.load.community.ask(
            "SELECT number, seq, author_id, text, removed_at IS NOT NULL, edited_at IS NOT NULL, reply_to,"  # noqa: S608
            f" extras FROM messages WHERE room_id = {self.room}"
        )
        return {number: stored_state(*columns) for number, *columns in rows}


def stored_state(
    seq: int, author: int, text: str, removed: object, edited: object, reply_to: int | None, extras: str | None
) -> State:
    more = json.loads(extras or "{}")
    return State(
        seq,
        author,
        text,
        bool(removed),
        bool(edited) and not removed,
        "pinned" in more,
        "title" in more.get("card", {}),
        None if removed else reply_to,
        "answered" in more,
        tuple(each["id"] for each in more.get("files", ())),
        tuple((each["emoji"], tuple(each["people"])) for each in more.get("reactions", ())),
    )


@pytest.fixture
async def nodes(community: Community, servers: list[ServerProcess]) -> list[ServerProcess]:
    """With cards of links, and one folder for files."""
    known = f"VALUES ('{hash_of(LINK)}', 'card', {2**53}, '{KNOWN}')"
    community.ask(f"INSERT INTO link_cards (url_hash, state, at, card) {known}")
    environment = {"LINK_CARDS": "on", "FILES_URL": str(community.folder / "files")}
    count = 2 if community.is_shared else 1
    return [await start(ServerProcess(community, environment=environment), servers) for _ in range(count)]


def lines(states: dict[int, State], numbers: Iterable[int]) -> dict[int, State]:
    """What a quote shows of those messages: not who reacted to them, which is no new state of it."""
    return {number: states[number]._replace(seq=0, reactions=()) for number in numbers}


@pytest.fixture
async def crowd(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Crowd]:
    moderators = ", ".join(str(person.id) for person in community.people[:MODERATORS])
    community.ask(f"UPDATE users SET role = 'moderator' WHERE id IN ({moderators})")  # noqa: S608
    load = Load(community, *(node.address for node in nodes), kind=Mirror)
    crowd = Crowd(load, nodes, community.rooms[0])
    async with load.running():
        yield crowd


def sent_with_files(crowd: Crowd) -> list[Send]:
    return [send for mirror in crowd.people for send in mirror.history.sends if send.files]


async def test_who_was_away_holds_what_the_database_holds(
    crowd: Crowd, long: bool, figure: Figure, engine: Engine
) -> None:
    histories = 1000 if long else 30
    for count in range(histories):
        away = crowd.people[count % PEOPLE]
        away.go_away()
        await until(lambda away=away: not away.live)  # type: ignore[misc]
        others = [mirror for mirror in crowd.people if mirror is not away]
        await asyncio.gather(*[crowd.act(random.choice(others)) for _ in range(AT_ONCE)])
        if count % 2:
            away.come_back()  # into what goes on
            await asyncio.gather(*[crowd.act(random.choice(others)) for _ in range(AT_ONCE)])
        away.come_back()
        await crowd.agrees()
        loaded, quoted = await crowd.loaded()
        assert {number: away.held[crowd.room][number] for number in loaded} == loaded, f"history {count}"
        assert lines(away.quoted[crowd.room], quoted) == lines(quoted, quoted), f"quotes of history {count}"

    stored = crowd.stored()
    answered = {state.reply_to for state in stored.values() if state.reply_to is not None}
    for mirror in crowd.people:
        assert mirror.held[crowd.room] == stored
        assert lines(mirror.quoted[crowd.room], answered) == lines(stored, answered)
    assert not any(state.text or state.has_card or state.files for state in stored.values() if state.is_removed)
    cards = sum(state.has_card for state in stored.values())
    assert cards > 0
    done = ", ".join(f"{crowd.done[what]} {what}" for what in KINDS)
    files = [file_id for state in stored.values() for file_id in state.files]
    shared = [file_id for send in sent_with_files(crowd) for file_id in send.files]
    assert {file_id for file_id in shared if await crowd.reads(random.choice(crowd.people), file_id)} == set(files)
    held = f"{len(stored)} messages, {cards} cards, {len(files)} files of {len(shared)} that were brought"
    figure(f"F18  {engine}: K = 0 in {histories} of {histories} histories ({done}); {held}")
    assert all(crowd.done[what] for what in KINDS)

"""F18: messages are edited, removed and answered while somebody is away; what they hold and quote when they are back is
what the database holds (DELIVERY D5, D7)."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

import pytest

from app.chat.cards import hash_of
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure, start
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
PAGE = 100
KINDS = {"post": 22, "answer": 18, "edit": 25, "pin": 10, "uncard": 5, "remove": 12, "take away": 8}
"""What is done, and how often of a hundred."""
REFUSED = {"too_fast", "message_removed", "too_many_pins"}
"""Of two who change one message at once the later one may be told so."""


LINK = "http://tides.example/"
"""What it leads to is known already, so that nobody on the web is asked."""
KNOWN = json.dumps({"url": LINK, "title": "Tides"})


def some_words() -> str:
    """Some of them with a link."""
    return f"{LINK} {random_text(16)}" if random.random() < 0.3 else random_text(40)


class Crowd:
    """People in one room, who write, answer, edit and remove."""

    def __init__(self, load: Load, room: int) -> None:
        self.load = load
        self.room = room
        self.done: Counter[str] = Counter()
        self.people = [cast(Mirror, load.add([room])) for _ in range(PEOPLE)]

    async def act(self, mirror: Mirror) -> None:
        """One change, by this person."""
        own = mirror.own(self.room, AGED)
        recent = sorted(mirror.held[self.room])[-AGED:]
        what = random.choices(list(KINDS), list(KINDS.values()))[0]
        if what == "answer" and recent:
            mirror.send(self.room, random_text(40), reply_to=random.choice(recent))
            self.done["answer"] += 1
        elif what == "edit" and own:
            await self.ask(mirror, what, type="message.edit", number=random.choice(own), text=some_words())
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
            f" coalesce(extras, '') FROM messages WHERE room_id = {self.room}"
        )
        return {
            number: State(
                seq,
                author,
                text,
                bool(removed),
                bool(edited) and not removed,
                '"pinned"' in extras,
                '"title"' in extras,
                None if removed else reply_to,
                '"answered":true' in extras,
            )
            for number, seq, author, text, removed, edited, reply_to, extras in rows
        }


@pytest.fixture
async def nodes(community: Community, servers: list[ServerProcess]) -> list[ServerProcess]:
    """With cards of links."""
    known = f"VALUES ('{hash_of(LINK)}', 'card', {2**53}, '{KNOWN}')"
    community.ask(f"INSERT INTO link_cards (url_hash, state, at, card) {known}")
    count = 2 if community.is_shared else 1
    return [await start(ServerProcess(community, environment={"LINK_CARDS": "on"}), servers) for _ in range(count)]


@pytest.fixture
async def crowd(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Crowd]:
    moderators = ", ".join(str(person.id) for person in community.people[:MODERATORS])
    community.ask(f"UPDATE users SET role = 'moderator' WHERE id IN ({moderators})")  # noqa: S608
    load = Load(community, *(node.address for node in nodes), kind=Mirror)
    crowd = Crowd(load, community.rooms[0])
    async with load.running():
        yield crowd


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
        assert {number: away.quoted[crowd.room][number] for number in quoted} == quoted, f"quotes of history {count}"

    stored = crowd.stored()
    answered = {state.reply_to for state in stored.values() if state.reply_to is not None}
    for mirror in crowd.people:
        assert mirror.held[crowd.room] == stored
        assert {number: mirror.quoted[crowd.room][number] for number in answered} == {n: stored[n] for n in answered}
    assert not any(state.text or state.has_card for state in stored.values() if state.is_removed)
    cards = sum(state.has_card for state in stored.values())
    assert cards > 0
    done = ", ".join(f"{crowd.done[what]} {what}" for what in KINDS)
    held = f"{len(stored)} messages, {cards} cards"
    figure(f"F18  {engine}: K = 0 in {histories} of {histories} histories ({done}); {held}")
    assert all(crowd.done[what] for what in KINDS)

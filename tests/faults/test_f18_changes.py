"""F18: messages are edited and removed while somebody is away; what they hold when they are back is what the database
holds (DELIVERY D5, D7)."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import cast

import pytest

from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
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
REFUSED = {"too_fast", "message_removed", "too_many_pins"}
"""Of two who change one message at once the later one may be told so."""


class Crowd:
    """People in one room, who write, edit and remove."""

    def __init__(self, load: Load, room: int) -> None:
        self.load = load
        self.room = room
        self.done: Counter[str] = Counter()
        self.people = [cast(Mirror, load.add([room])) for _ in range(PEOPLE)]

    async def act(self, mirror: Mirror) -> None:
        """One change, by this person."""
        own = mirror.own(self.room, AGED)
        what = random.choices(["post", "edit", "pin", "remove", "take away"], [45, 25, 10, 12, 8])[0]
        if what == "edit" and own:
            await self.ask(mirror, what, type="message.edit", number=random.choice(own), text=random_text(40))
        elif what == "pin" and own:
            await self.ask(mirror, what, type="message.pin", number=random.choice(own), on=random.random() < 0.7)
        elif what == "remove" and own:
            await self.ask(mirror, what, type="message.remove", number=random.choice(own))
        elif what == "take away" and mirror in self.people[:MODERATORS] and mirror.held[self.room]:
            number = random.choice(sorted(mirror.held[self.room])[-AGED:])
            await self.ask(mirror, what, type="message.remove", number=number)
        else:
            mirror.send(self.room, random_text(40))
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
        ((head,),) = self.load.community.ask(f"SELECT seq FROM rooms WHERE id = {self.room}")  # noqa: S608
        await until(lambda: all(mirror.live and mirror.last(self.room) == head for mirror in self.people))

    async def loaded(self) -> dict[int, State]:
        """The newest page, as a newcomer loads it."""
        page = await self.people[0].ask({"type": "message.list", "room": self.room, "limit": PAGE})
        return {message["number"]: State.of(message) for message in page["messages"]}

    def stored(self) -> dict[int, State]:
        rows = self.load.community.ask(
            "SELECT number, seq, author_id, text, removed_at IS NOT NULL, edited_at IS NOT NULL,"  # noqa: S608
            " coalesce(extras LIKE '%\"pinned\"%', false)"
            f" FROM messages WHERE room_id = {self.room}"
        )
        return {
            number: State(seq, author, text, bool(removed), bool(edited) and not removed, bool(pinned))
            for number, seq, author, text, removed, edited, pinned in rows
        }


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
        loaded = await crowd.loaded()
        assert {number: away.held[crowd.room][number] for number in loaded} == loaded, f"history {count}"

    stored = crowd.stored()
    for mirror in crowd.people:
        assert mirror.held[crowd.room] == stored
    assert not any(state.text for state in stored.values() if state.is_removed)
    done = ", ".join(f"{crowd.done[what]} {what}" for what in ("post", "edit", "pin", "remove", "take away"))
    figure(f"F18  {engine}: K = 0 in {histories} of {histories} histories ({done}); {len(stored)} messages")
    assert all(crowd.done[what] for what in ("post", "edit", "pin", "remove", "take away"))

"""F17: who is not in a private room gets no byte of it, and nothing comes because of what happens in it (DELIVERY D15;
SECURITY S39, S40)."""

import asyncio
import statistics
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from tests.faults.attic import NAME, Attic, Guest, bearer, is_about, open_attic, opened
from tests.faults.board import Person
from tests.faults.client import Event
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.refusals import UNKNOWN, commands_of_members, without_ref
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, cookie_of
from tests.faults.witness import Witness

pytestmark = pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "notify", "redis"])

SHORT, LONG = 2.0, 45.0
"""Seconds of silence in the room, and of a burst."""
TIMES = 40


@dataclass
class Outsider:
    """On each node with a WebSocket that has another room open, and a stream."""

    person: Person
    session: str
    sockets: list[Witness] = field(default_factory=list)
    streams: list[Witness] = field(default_factory=list)

    @property
    def witnesses(self) -> list[Witness]:
        return self.sockets + self.streams

    async def close(self) -> None:
        for witness in self.witnesses:
            await witness.close()

    def frames(self) -> Counter[str]:
        """What came unasked so far, by its type."""
        return Counter(each.event["type"] for witness in self.witnesses for each in witness.unasked)


@pytest.fixture
async def attic(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Attic]:
    async with open_attic(community, nodes) as attic:
        yield attic


@pytest.fixture
async def outsider(attic: Attic) -> AsyncIterator[Outsider]:
    outsider = await come(attic)
    yield outsider
    await outsider.close()


async def come(attic: Attic) -> Outsider:
    person, general = attic.next_person(), attic.community.rooms[0]
    outsider = Outsider(person, add_session(attic.community, of=person))
    for server in attic.nodes:
        socket = await Witness(bearer(person), server.address).open()
        await opened(socket, general)
        outsider.sockets.append(socket)
        outsider.streams.append(await Witness(bearer(person), server.address, stream=True, rooms=[str(general)]).open())
    return outsider


async def test_an_outsider_sees_no_byte_of_a_burst_and_nothing_comes_because_of_it(
    attic: Attic, outsider: Outsider, long: bool, figure: Figure, engine: Engine
) -> None:
    guest = await attic.invite(attic.next_person())
    await attic.load.settle()
    everybody = len(attic.load.clients) + len(attic.moderators) + len([outsider, guest])
    for witness in outsider.witnesses:
        await witness.hears("presence.changed", lambda event: event["online"] == everybody)
    seconds = LONG if long else SHORT
    silent = await watch(attic, outsider, seconds)
    attic.load.send_at(200.0)
    before = len(attic.load.sends)
    loud = await asyncio.gather(watch(attic, outsider, seconds), stir(attic, guest))
    sent = len(attic.load.sends) - before
    await guest.close()

    frames, answers = loud[0]
    figure(
        f"F17  {engine}: 0 bytes of a private room to an outsider on {len(attic.nodes)} nodes; unasked in silence "
        f"{dict(silent[0])}, in a burst of {sent} messages {dict(frames)}"
    )
    assert sent > 20 * seconds
    for each in (silent[0], frames):
        assert set(each) <= {"heartbeat"}
    assert abs(silent[0].total() - frames.total()) <= len(outsider.witnesses), "heartbeats go by the clock"
    assert answers == silent[1]
    check_bytes(attic, outsider)


async def watch(attic: Attic, outsider: Outsider, seconds: float) -> tuple[Counter[str], list[Event]]:
    """What came unasked within that time, and what was answered at its beginning and its end."""
    before = outsider.frames()
    answers = await everything_shown(attic, outsider)
    await asyncio.sleep(seconds)
    answers += await everything_shown(attic, outsider)
    return outsider.frames() - before, answers


async def everything_shown(attic: Attic, outsider: Outsider) -> list[Event]:
    """What somebody may ask who is not in the room."""
    general = attic.community.rooms[0]
    commands: list[Event] = [
        {"type": "room.list"},
        {"type": "room.list", "prefix": NAME[:4]},
        {"type": "digest.show"},
        {"type": "room.members", "room": general, "here": True},
        {"type": "people.search", "room": general, "prefix": "p"},
        {"type": "message.list", "room": general},
        {"type": "person.show", "person": attic.community.people[0].id},
    ]
    shown: list[Event] = []
    for place, witness in enumerate(outsider.witnesses):
        shown += [without_ref(await witness.ask(command)) for command in commands]
        for path in ("/chat/general", "/catch-up", "/welcome"):
            status, page = await attic.nodes[place % len(attic.nodes)].get(path, cookie_of(outsider.session))
            assert (status, NAME in page, attic.slug in page) == (200, False, False)
    return shown


async def stir(attic: Attic, guest: Guest) -> None:
    """All that may happen in a room."""
    moderator, room = attic.moderators[0], attic.room
    attic.load.clients[0].send(room, NAME)
    for command in (
        {"type": "room.type", "room": room},
        {"type": "room.read", "room": room, "number": 1},
        {"type": "draft.save", "room": room, "text": NAME},
        {"type": "room.change", "room": room, "topic": NAME},
        {"type": "room.remove", "room": room, "person": guest.person.id},
    ):
        assert (await moderator.ask(command))["type"] in {"done", "saved", "room"}


def check_bytes(attic: Attic, outsider: Outsider) -> None:
    for witness in outsider.witnesses:
        for each in witness.heard:
            assert NAME.encode() not in each.body
            assert attic.slug.encode() not in each.body
            assert not is_about(attic.room, each.event), each.body


async def test_forbidden_and_unknown_are_answered_alike_at_every_door(
    attic: Attic, outsider: Outsider, figure: Figure, engine: Engine
) -> None:
    inside = attic.moderators[0].heard[0].event["person"]["id"]
    for command in commands_of_members(attic.room, inside, attic.epoch):
        for witness in outsider.sockets if command["type"] == "room.open" else outsider.witnesses:
            forbidden, unknown = await witness.ask(command), await witness.ask({**command, "room": UNKNOWN})
            assert without_ref(forbidden) == without_ref(unknown), command
            assert forbidden["error"]["code"] == "not_found"
    for server in attic.nodes:
        stream = Witness(bearer(outsider.person), server.address, stream=True, rooms=[str(attic.room), str(UNKNOWN)])
        await stream.open()
        assert without_ref(await stream.answer(0)) == without_ref(await stream.answer(1))
        await stream.close()
        for path in ("", "/1"):
            for headers in (cookie_of(outsider.session), {}):
                pages = [await server.get(f"/chat/{slug}{path}", headers) for slug in (attic.slug, "no-such-room")]
                assert pages[0][0] == pages[1][0] == (404 if headers else 302)
                assert pages[0][1].replace(attic.slug, "no-such-room") == pages[1][1]

    medians = [1000 * statistics.median(await times(outsider.sockets[0], room)) for room in (attic.room, UNKNOWN)]
    figure(
        f"F17  {engine}: forbidden and unknown have one body for each command and page; medians "
        f"{medians[0]:.2f} and {medians[1]:.2f} ms"
    )


async def times(witness: Witness, room: int) -> list[float]:
    loop, found = asyncio.get_running_loop(), []
    for _ in range(TIMES):
        begun = loop.time()
        await witness.ask({"type": "message.list", "room": room})
        found.append(loop.time() - begun)
    return found

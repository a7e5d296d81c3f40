"""F17 in threads: who is taken out of a room while people talk beside it hears nothing more of that, and may do nothing
more there (DELIVERY D15; SECURITY S38)."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.faults.attic import Attic, Guest, bearer, is_about, newest_of, opened
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import until
from tests.faults.refusals import UNKNOWN, commands_of_members, without_ref
from tests.faults.server import ServerProcess
from tests.faults.test_f17_removal import ENGINES, HERE, THERE, leave, remove
from tests.faults.witness import Witness

MORE = 10
"""Messages of the thread after a removal that show what a leak would be."""


@pytest.fixture
async def attic(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Attic]:
    """Nobody talks in it, but beside it."""
    attic = Attic(community, nodes, "private")
    try:
        await attic.furnish()
        yield attic
    finally:
        await attic.close()


@pytest.mark.parametrize("engine", ENGINES)
async def test_who_is_taken_out_hears_nothing_more_of_the_threads(
    attic: Attic, long: bool, figure: Figure, engine: Engine
) -> None:
    rounds, latest = 50 if long else 6, 0.0
    async with talk(attic) as (talker, number, thread):
        for count in range(rounds):
            node = count // 2 % len(attic.nodes)
            guest = await attic.invite(attic.next_person(), node)
            beside = await look_into(attic, guest, number, thread)
            await goes_on(talker, thread)
            at = await [remove, leave][count % 2](attic, guest, node)
            told = [await removed(witness, thread) for witness in beside]
            latest = max(latest, *(each - at for each in told))
            await goes_on(talker, thread)
            check_silence(beside, thread)
            await check_refusals(attic, guest, number, thread)
            for witness in beside[len(guest.looking) :]:
                await witness.close()
            await guest.close()
    figure(f"F17  {engine}: 0 events of a thread after {rounds} of {rounds} removals; told within {latest:.3f} s")
    assert latest <= max(HERE, THERE)


@asynccontextmanager
async def talk(attic: Attic) -> AsyncIterator[tuple[Witness, int, int]]:
    """Somebody talks in a thread without a pause: they, the number of its message, and the thread."""
    person = attic.next_person()
    await attic.add(person)
    talker = await Witness(bearer(person), attic.nodes[0].address).open()
    number = (await talker.ask(message(attic.room, "what is this?")))["message"]["number"]
    thread = (await talker.ask({"type": "thread.open", "room": attic.room, "number": number}))["room"]["id"]
    await opened(talker, thread)
    talking = asyncio.ensure_future(keep_talking(talker, thread))
    try:
        yield talker, number, thread
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        await talker.close()


async def keep_talking(talker: Witness, thread: int) -> None:
    while True:
        assert (await talker.ask(message(thread, secrets.token_urlsafe(8))))["type"] == "sent"


def message(room: int, text: str) -> dict[str, object]:
    return {"type": "message.send", "room": room, "nonce": secrets.token_urlsafe(16), "text": text}


async def look_into(attic: Attic, guest: Guest, number: int, thread: int) -> list[Witness]:
    """Their connections that have it open: a WebSocket and a stream on each node."""
    streams = []
    for node, looking in zip(attic.nodes, guest.looking, strict=True):
        await looking.ask({"type": "thread.open", "room": attic.room, "number": number})
        await opened(looking, thread)
        rooms = [str(attic.room), str(thread)]
        streams.append(await Witness(bearer(guest.person), node.address, stream=True, rooms=rooms).open())
    for stream in streams:
        await stream.hears("opened", lambda event: event["room"]["id"] == thread)
    return [*guest.looking, *streams]


async def goes_on(talker: Witness, thread: int) -> None:
    start = len(talker.heard)
    await until(lambda: sum(newest_of(thread, each.event) > 0 for each in talker.heard[start:]) >= MORE)


async def removed(witness: Witness, thread: int) -> float:
    return (await witness.hears("room.removed", lambda event: event["room"] == thread)).at


def check_silence(beside: list[Witness], thread: int) -> None:
    for witness in beside:
        unasked = [each for each in witness.unasked if is_about(thread, each.event)]
        gone = unasked[-1]
        assert gone.event["type"] == "room.removed"
        assert [each.body for each in unasked if newest_of(thread, each.event) > gone.event["seq"]] == []


async def check_refusals(attic: Attic, guest: Guest, number: int, thread: int) -> None:
    """Whatever they ask is answered as if there were no such thread."""
    other = attic.moderators[0].heard[0].event["person"]["id"]
    for looking in guest.looking:
        not_found = without_ref(await looking.ask({"type": "room.open", "room": UNKNOWN}))
        assert not_found["error"]["code"] == "not_found"
        for command in commands_of_members(thread, other, attic.epoch):
            assert without_ref(await looking.ask(command)) == not_found, command
        command = {"type": "thread.open", "room": attic.room, "number": number}
        assert without_ref(await looking.ask(command)) == not_found

"""F17: a session that another device ends while people talk hears nothing more, nor do programs (DELIVERY D15;
SECURITY S7, S46)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from tests.faults.attic import Attic, open_attic, opened
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import until
from tests.faults.server import ServerProcess
from tests.faults.sessions import add_session, cookie_of, end_others
from tests.faults.test_f17_removal import ENGINES, HERE, THERE
from tests.faults.witness import Witness

SESSION_ENDED = 3500


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_session_that_another_device_ends_during_a_burst_hears_nothing_more(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 100 if long else 4
    here, there = 0.0, 0.0
    async with open_attic(community, nodes) as attic:
        for count in range(rounds):
            node = count % len(nodes)
            seconds = await one_ending(attic, node)
            here = max(here, seconds[node])
            there = max([there, *(each for place, each in enumerate(seconds) if place != node)])

    figure(
        f"F17  {engine}: {rounds} of {rounds} sessions that another device ended heard nothing more; closed within "
        f"{here:.3f} s here, {there:.3f} s on the other node"
    )
    assert here <= HERE
    assert there <= THERE


async def one_ending(attic: Attic, node: int) -> list[float]:
    """The seconds until each node had let go of it."""
    loop = asyncio.get_running_loop()
    guest = await attic.invite(attic.next_person(), node)
    desk = add_session(attic.community, of=guest.person)
    async with phones_of(attic, guest.session) as phones:
        await attic.goes_on()
        await end_others(attic.nodes[node], desk)
        at = loop.time()
        closed = [await last_word(phone) - at for phone in phones]
        led = [await seconds_until_led_to_the_door(server, guest.session, at) for server in attic.nodes]
        for _, program in guest.witnesses:
            await until(lambda program=program: program.code == SESSION_ENDED)  # type: ignore[misc]
        assert asyncio.get_running_loop().time() - at <= THERE, "programs of the person end, too"
        await attic.goes_on()
    await guest.close()
    return [max(0.0, *closed[2 * place : 2 * place + 2], led[place]) for place in range(len(led))]


@asynccontextmanager
async def phones_of(attic: Attic, session: str) -> AsyncIterator[Sequence[Witness]]:
    """A WebSocket and a stream to each node, with the room open."""
    phones: list[Witness] = []
    for server in attic.nodes:
        headers = {**cookie_of(session), "Origin": server.environment["PUBLIC_URL"]}
        phones.append(await Witness(headers, server.address).open())
        await opened(phones[-1], attic.room)
        phones.append(await Witness(headers, server.address, stream=True, rooms=[str(attic.room)]).open())
        await phones[-1].hears("opened")
    yield phones
    for phone in phones:
        await phone.close()


async def last_word(phone: Witness) -> float:
    """When it came; then the server hung up."""
    await until(lambda: phone.code is not None)
    assert phone.code == SESSION_ENDED
    assert phone.heard[-1].event["type"] == "session.ended"
    return phone.heard[-1].at


async def seconds_until_led_to_the_door(server: ServerProcess, session: str, since: float) -> float:
    async with asyncio.timeout(2 * THERE):
        while (await server.get("/chat/general", cookie_of(session)))[0] != 302:  # noqa: ASYNC110  it is another process
            await asyncio.sleep(0.02)
    return asyncio.get_running_loop().time() - since

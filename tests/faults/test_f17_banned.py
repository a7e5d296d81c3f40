"""F17: who is banned while people talk hears nothing that comes after, on no device and by no program, and every way in
is shut at once (DELIVERY D15; SECURITY S39, S46)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from tests.faults.attic import Attic, Guest, bearer, newest_of, open_attic
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.event_wire import Post
from tests.faults.load import until
from tests.faults.server import ServerProcess
from tests.faults.test_f17_removal import ENGINES, HERE, THERE
from tests.faults.test_f17_signed_out import seconds_until_led_to_the_door
from tests.faults.witness import Witness

BANNED = 3503
SHERIFFS = 4
"""Moderators of the community, on each node: one bans at most 60 people in a minute."""


@pytest.mark.parametrize("engine", ENGINES)
async def test_who_is_banned_during_a_burst_hears_nothing_that_comes_after(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 100 if long else 6
    here, there = 0.0, 0.0
    async with open_attic(community, nodes) as attic, sheriffs_of(attic) as sheriffs:
        for count in range(rounds):
            node = count % len(nodes)
            seconds = await one_ban(attic, sheriffs[node][count % SHERIFFS], node)
            here = max(here, seconds[node])
            there = max([there, *(each for place, each in enumerate(seconds) if place != node)])

    figure(
        f"F17  {engine}: 0 events after {rounds} of {rounds} bans, of {len(attic.load.sends)} messages; all shut "
        f"within {here:.3f} s here, {there:.3f} s on the other node"
    )
    assert here <= HERE
    assert there <= THERE


@asynccontextmanager
async def sheriffs_of(attic: Attic) -> AsyncIterator[list[list[Witness]]]:
    """By node."""
    sheriffs: list[list[Witness]] = []
    for server in attic.nodes:
        people = [attic.next_person() for _ in range(SHERIFFS)]
        for person in people:
            attic.community.ask(f"UPDATE users SET role = 'moderator' WHERE id = {person.id}")  # noqa: S608
        sheriffs.append([await Witness(bearer(person), server.address).open() for person in people])
    yield sheriffs
    for witness in (each for some in sheriffs for each in some):
        await witness.close()


async def one_ban(attic: Attic, sheriff: Witness, node: int) -> list[float]:
    """The seconds until each node had hung up on them and let them in no more."""
    loop = asyncio.get_running_loop()
    guest = await attic.invite(attic.next_person(), node)
    await attic.goes_on()
    answer = await sheriff.ask({"type": "member.ban", "person": guest.person.id})
    assert answer["type"] == "acted", answer
    at = loop.time()
    places = range(len(attic.nodes))
    shut = [await seconds_until_shut(attic.nodes[place], guest, at) for place in places]
    closed = [(place, await seconds_until_closed(witness, at)) for place, witness in guest.witnesses]
    await attic.goes_on()
    await check_silence(attic, guest)
    await guest.close()
    return [max([shut[place], *(seconds for here, seconds in closed if here == place)]) for place in places]


async def seconds_until_closed(witness: Witness, since: float) -> float:
    await until(lambda: witness.code is not None)
    assert witness.code == BANNED
    return max(0.0, witness.heard[-1].at - since)


async def seconds_until_shut(server: ServerProcess, guest: Guest, since: float) -> float:
    """To their browser, and to their program."""
    await seconds_until_led_to_the_door(server, guest.session, since)
    post = Post(server.address, bearer(guest.person))
    ping = msgspec.json.encode({"type": "ping", "ref": 1})
    async with asyncio.timeout(2 * THERE):
        while await post.answer(ping) is not None:  # noqa: ASYNC110  it is another process
            await asyncio.sleep(0.02)
    post.leave()
    return asyncio.get_running_loop().time() - since


async def check_silence(attic: Attic, guest: Guest) -> None:
    """No connection of theirs heard of a change after the one by which they left the room."""
    left = await attic.moderators[0].hears("member.left", lambda event: event["person"]["id"] == guest.person.id)
    seq = left.event["seq"]
    for _, witness in guest.witnesses:
        assert [each.body for each in witness.heard if newest_of(attic.room, each.event) > seq] == []
    heads = [newest_of(attic.room, each.event) for each in attic.moderators[0].heard]
    assert max(heads) > seq, "nothing came after"

"""F17: who is taken out of a room while people talk in it hears nothing that comes after, and may do nothing more there
(DELIVERY D15; SECURITY S38, S46)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest

from tests.faults.attic import MORE, Attic, Guest, bearer, done, is_about, newest_of, open_attic, opened
from tests.faults.client import Event
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.event_wire import Post
from tests.faults.refusals import UNKNOWN, commands_of_members, without_ref
from tests.faults.server import ServerProcess
from tests.faults.sessions import cookie_of
from tests.faults.witness import Heard, Witness

ENGINES = [pytest.param("sqlite", marks=pytest.mark.short), "notify", "redis"]
HERE, THERE = 1.0, 2.0
"""Seconds until the node that took somebody out, and the other, know it."""

TakeOut = Callable[[Attic, Guest, int], Awaitable[float]]


async def remove(attic: Attic, guest: Guest, node: int) -> float:
    """By a moderator."""
    return await done(attic.moderator(node), {"type": "room.remove", "room": attic.room, "person": guest.person.id})


async def leave(attic: Attic, guest: Guest, node: int) -> float:
    """By themselves, on one of their devices."""
    return await done(guest.elsewhere[node], {"type": "room.leave", "room": attic.room})


@pytest.fixture
async def attic(community: Community, nodes: list[ServerProcess]) -> AsyncIterator[Attic]:
    async with open_attic(community, nodes) as attic:
        yield attic


@pytest.mark.parametrize("engine", ENGINES)
async def test_who_is_taken_out_during_a_burst_hears_nothing_that_comes_after(
    attic: Attic, long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 100 if long else 10
    here, there = 0.0, 0.0
    for count in range(rounds):
        node = count // 2 % len(attic.nodes)
        same, other = await one_removal(attic, [remove, leave][count % 2], node)
        here, there = max(here, same), max(there, other)

    figure(
        f"F17  {engine}: 0 events after {rounds} of {rounds} removals, of {len(attic.load.sends)} messages; known "
        f"within {here:.3f} s here, {there:.3f} s on the other node"
    )
    assert here <= HERE
    assert there <= THERE


async def one_removal(attic: Attic, take_out: TakeOut, node: int) -> tuple[float, float]:
    """The seconds until this node, and the other, let the guest do nothing more, and told them so."""
    guest = await attic.invite(attic.next_person(), node)
    await attic.goes_on()
    at = await take_out(attic, guest, node)
    told = [(place, (await removed(attic, witness)).at - at) for place, witness in guest.witnesses]
    refused = [(place, await seconds_until_refused(attic, guest, place, at)) for place in range(len(attic.nodes))]
    await attic.goes_on()
    check_silence(attic, guest)
    for place in range(len(attic.nodes)):
        await check_refusals(attic, guest, place)
    await check_return(attic, guest, node)
    await guest.close()
    same = [seconds for place, seconds in told + refused if place == node]
    return max(0.0, *same), max([0.0, *(seconds for place, seconds in told + refused if place != node)])


async def removed(attic: Attic, witness: Witness) -> Heard:
    return await witness.hears("room.removed", lambda event: event["room"] == attic.room)


async def seconds_until_refused(attic: Attic, guest: Guest, place: int, since: float) -> float:
    """Until this node shows them no message any more, whatever it remembers."""
    loop, listing = asyncio.get_running_loop(), {"type": "message.list", "room": attic.room}
    post = Post(attic.nodes[place].address, bearer(guest.person))
    async with asyncio.timeout(2 * THERE):
        while not is_refused(await ask(post, listing)):  # noqa: ASYNC110  it is another process
            await asyncio.sleep(0.02)
    post.leave()
    return loop.time() - since


def check_silence(attic: Attic, guest: Guest) -> None:
    """No connection of theirs heard of a change after the one that took them out, nor of anything once it was told."""
    seqs = set()
    for _, witness in guest.witnesses:
        unasked = witness.unasked
        place = next(place for place, each in enumerate(unasked) if each.event["type"] == "room.removed")
        seq = unasked[place].event["seq"]
        seqs.add(seq)
        assert [each.body for each in unasked if newest_of(attic.room, each.event) > seq] == []
        assert [each.body for each in unasked[place + 1 :] if is_about(attic.room, each.event)] == []
    assert len(seqs) == 1, "it was one change"
    heads = [newest_of(attic.room, each.event) for each in attic.moderators[0].heard[-MORE:]]
    assert max(heads) > max(seqs), "nothing came after"


async def check_refusals(attic: Attic, guest: Guest, place: int) -> None:
    """Whatever they ask of this node is answered as if there were no such room."""
    looking, stream = guest.looking[place], guest.streams[place]
    others = attic.moderators[0].heard[0].event["person"]["id"]
    not_found = without_ref(await looking.ask({"type": "room.open", "room": UNKNOWN}))
    assert not_found["error"]["code"] == "not_found"
    for command in commands_of_members(attic.room, others, attic.epoch):
        assert without_ref(await looking.ask({**command, "room": UNKNOWN})) == not_found, command
        for witness in (looking, stream) if command["type"] != "room.open" else (looking,):
            assert without_ref(await witness.ask(command)) == not_found, command
    again = Witness(
        bearer(guest.person), attic.nodes[place].address, stream=True, rooms=[f"{attic.room}.1"], epoch=attic.epoch
    )
    assert without_ref(await (await again.open()).answer(0)) == not_found
    await again.close()
    for path in ("", "/1"):
        pages = [
            await attic.nodes[place].get(f"/chat/{slug}{path}", cookie_of(guest.session))
            for slug in (attic.slug, "no-such-room")
        ]
        assert pages[0][0] == 404
        assert pages[0] == pages[1]


async def check_return(attic: Attic, guest: Guest, node: int) -> None:
    """Brought in again they hear everything."""
    other = len(attic.nodes) - 1 - node
    await attic.add(guest.person, other)
    for witness in guest.looking:
        head = (await opened(witness, attic.room))["room"]["seq"]
        await witness.hears("message.posted", lambda event, head=head: event["seq"] == head + 5)  # type: ignore[misc]


async def ask(post: Post, command: Event) -> Event:
    body = await post.answer(msgspec.json.encode({**command, "ref": 1}))
    assert body is not None
    answer: Event = msgspec.json.decode(body)
    return answer


def is_refused(answer: Event) -> bool:
    error: Event = answer.get("error", {})
    return error.get("code") == "not_found"

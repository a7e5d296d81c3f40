"""F17: a public room that is made private while people talk in it (DELIVERY D15; SECURITY S39, S40)."""

from collections.abc import Sequence

import pytest

from tests.faults.attic import NAME, Attic, done, is_about, open_attic
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.refusals import UNKNOWN, without_ref
from tests.faults.server import ServerProcess
from tests.faults.test_f17_outsider import come
from tests.faults.test_f17_removal import ENGINES
from tests.faults.witness import Witness

DURABLE = {"message.posted", "member.joined", "member.left", "room.changed"}


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_room_made_private_is_gone_at_once_for_who_only_looked_at_it(
    community: Community, nodes: list[ServerProcess], long: bool, figure: Figure, engine: Engine
) -> None:
    rounds = 10 if long else 3
    async with open_attic(community, nodes, "public") as attic:
        outsider, left = await come(attic), await come(attic)
        member = await attic.invite(attic.next_person())
        for count in range(rounds):
            for looker in outsider.sockets:
                assert await finds(looker, attic)
            assert (await left.sockets[0].ask({"type": "room.join", "room": attic.room}))["type"] == "room"
            await done(left.sockets[0], {"type": "room.leave", "room": attic.room})
            await attic.goes_on()
            await make_private(attic, count % len(nodes), [*outsider.witnesses, *left.witnesses])
            for looker in outsider.sockets + left.sockets:
                await check_gone(looker, attic)
            await change(attic, (count + 1) % len(nodes), "public")
        for looking in member.looking:
            await looking.hears("room.changed", lambda event: event["kind"] == "private")
            check_whole(looking, attic.room)
        for one in (outsider, left, member):
            await one.close()

    figure(f"F17  {engine}: made private {rounds} times, gone at once for who looked, and whole for who is in it")


async def make_private(attic: Attic, node: int, lookers: Sequence[Witness]) -> None:
    """They hear nothing of it from then on."""
    before = [len(looker.heard) for looker in lookers]
    await change(attic, node, "private")
    await attic.goes_on()
    for looker, start in zip(lookers, before, strict=True):
        assert [each.body for each in looker.heard[start:] if is_about(attic.room, each.event)] == []


async def check_gone(looker: Witness, attic: Attic) -> None:
    """Neither found nor told apart from what never was."""
    assert not await finds(looker, attic)
    for kind in ("room.join", "room.open", "message.list"):
        hidden, unknown = [await looker.ask({"type": kind, "room": room}) for room in (attic.room, UNKNOWN)]
        assert without_ref(hidden) == without_ref(unknown)
        assert hidden["error"]["code"] == "not_found"


def check_whole(member: Witness, room: int) -> None:
    """Every change reached them, in order."""
    changes = [each.event for each in member.unasked if each.event["type"] in DURABLE]
    seqs = [event["seq"] for event in changes if event["room"] == room]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def finds(looker: Witness, attic: Attic) -> bool:
    listed = await looker.ask({"type": "room.list", "prefix": NAME[:4]})
    return attic.room in {each["id"] for each in listed.get("rooms", ())}


async def change(attic: Attic, node: int, kind: str) -> None:
    answer = await attic.moderator(node).ask({"type": "room.change", "room": attic.room, "kind": kind})
    assert answer["room"]["kind"] == kind

"""Blocking somebody: on all devices of who does it, and unseen by everybody else."""

import pytest

from app.chat import accounts, blocks
from app.errors import BadRequest, NotFound, TooFast
from app.models import Visitor
from app.protocol import events
from app.storage import memberships, users
from tests.support.house import GENERAL, House, user_of


async def test_a_block_is_heard_on_all_devices_of_its_person_and_by_nobody_else(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    desk, phone, theirs = await house.connect(ana), await house.connect(ana), await house.connect(bo)
    await blocks.block(house.services, ana, bo.user.id)
    for client in (desk, phone):
        (heard,) = await client.hears(events.PersonBlocked)
        assert (heard.person, heard.blocked) == (user_of(bo.user), True)
    theirs.forget()
    await blocks.unblock(house.services, ana, bo.user.id)
    for client in (desk, phone):
        assert [each.blocked for each in await client.hears(events.PersonBlocked, 2)] == [True, False]
    await theirs.post()
    assert set(theirs.types) == {"sent"}


async def test_a_connection_begins_with_whom_one_has_blocked(house: House, ana: Visitor, bo: Visitor) -> None:
    await blocks.block(house.services, ana, bo.user.id)
    started = (await house.connect(ana)).of(events.SessionStarted)
    assert [each.blocked for each in started] == [[bo.user.id]]
    assert (await accounts.arrive(house.services, ana)).blocked == [bo.user.id]
    assert (await accounts.arrive(house.services, bo)).blocked == []
    assert await blocks.mine(house.services, ana) == [bo.user]


async def test_what_is_done_already_is_told_to_nobody(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await blocks.unblock(house.services, ana, bo.user.id)
    for _ in range(2):
        await blocks.block(house.services, ana, bo.user.id)
    await client.post()
    assert len(client.of(events.PersonBlocked)) == 1


async def test_who_has_left_can_be_blocked_and_a_stranger_looks_like_nobody(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.services.store.write(memberships.leave, GENERAL, bo.user.id, 1)
    await blocks.block(house.services, ana, bo.user.id)
    stranger = await house.services.store.write(users.add_imported, "oldie", 1)
    refusals = []
    for who in (stranger.id, 999):
        with pytest.raises(NotFound) as refusal:
            await blocks.block(house.services, ana, who)
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]


async def test_nobody_blocks_themselves(house: House, ana: Visitor) -> None:
    with pytest.raises(BadRequest, match="yourself"):
        await blocks.block(house.services, ana, ana.user.id)


async def test_blocks_are_bounded_in_number_and_pace(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo = await house.sign_in("cleo")
    monkeypatch.setattr(blocks, "MOST", 1)
    await blocks.block(house.services, ana, bo.user.id)
    with pytest.raises(BadRequest, match="at most 1 people"):
        await blocks.block(house.services, ana, cleo.user.id)
    for _ in range(blocks.PACE.most - 2):
        await blocks.unblock(house.services, ana, bo.user.id)
    with pytest.raises(TooFast):
        await blocks.unblock(house.services, ana, bo.user.id)

"""Who is muted reads and posts nowhere, until a moderator lifts it or the time is over."""

from typing import get_args

import pytest

from app.chat import access, acts, messages, mutes, presence, rooms, undoing
from app.errors import Forbidden, Muted, NotFound
from app.models import Role, Visitor
from app.protocol import commands, events
from app.storage import users
from tests.support.house import GENERAL, House, new_nonce, send

ROLES: tuple[Role, ...] = get_args(Role)
HOUR = 3_600


@pytest.fixture
async def mod(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("mod"), "moderator")


async def as_known(house: House, visitor: Visitor) -> Visitor:
    """As the database has them."""
    user = await house.services.store.read(users.by_id, visitor.user.id)
    assert user is not None
    return Visitor(user, visitor.session_id, signed_in_at=visitor.signed_in_at)


async def test_who_is_muted_reads_and_writes_nothing_on_any_device_until_it_is_over(
    house: House, mod: Visitor, bo: Visitor
) -> None:
    desk, phone = await house.connect(bo), await house.connect(bo)
    await mutes.mute(house.services, mod, bo.user.id, 60)
    for client in (desk, phone):
        (changed,) = await client.hears(events.RestraintChanged)
        until = house.clock.now() + HOUR * 1000
        assert changed.restraint == events.Restraint(muted_until=until, muted_for=HOUR * 1000)
        refused = await client.ask(send())
        assert isinstance(refused, events.Failed)
        assert (refused.error.code, refused.error.temporary, refused.error.retry_after) == ("muted", False, HOUR)
        assert refused.error.message == "You are muted: you can read, and write again in 60 min."
    assert (await desk.open()).messages == []
    house.clock.advance(HOUR - 1)
    with pytest.raises(Muted):
        await house.post(desk.connection.visitor)
    house.clock.advance(1)
    await desk.post("free again")


async def test_a_new_connection_is_told_so_first(house: House, mod: Visitor, bo: Visitor) -> None:
    await mutes.mute(house.services, mod, bo.user.id, 10)
    house.clock.advance(60)
    # What this process believed of them is older.
    client = await house.connect(bo)
    (started,) = client.of(events.SessionStarted)
    assert started.restraint is not None
    assert started.restraint.muted_for == 9 * 60_000
    assert client.connection.visitor.user.muted_until == started.restraint.muted_until


async def test_it_holds_for_all_that_others_would_read(house: House, mod: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, bo, "Annex", "public")
    await mutes.mute(house.services, mod, bo.user.id, 10)
    bo = await as_known(house, bo)
    with pytest.raises(Muted):
        await rooms.create(house.services, bo, "Spam", "public")
    with pytest.raises(Muted):
        await rooms.change(house.services, bo, room.id, rooms.Wanted(topic="spam"))
    with pytest.raises(Muted):
        await presence.typing(house.services, bo, GENERAL)
    with pytest.raises(Muted):
        await access.room_to_post(house.services, bo, GENERAL)
    await access.room_to_write(house.services, bo, GENERAL)  # drafts are kept


async def test_who_repeats_a_send_is_told_that_it_is_stored(house: House, mod: Visitor, bo: Visitor) -> None:
    nonce = new_nonce()
    first = await house.post(bo, "said", nonce=nonce)
    await mutes.mute(house.services, mod, bo.user.id, 10)
    again = await (await messages.post(house.services, await as_known(house, bo), GENERAL, nonce, "said"))
    assert again.duplicate
    assert again.message == first.message


async def test_a_moderator_lifts_it_and_the_log_says_so(house: House, mod: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    act = await mutes.mute(house.services, mod, bo.user.id, 10)
    house.clock.advance(5)
    await mutes.lift(house.services, mod, bo.user.id)
    _, lifted = await client.hears(events.RestraintChanged, 2)
    assert lifted.restraint is None
    await client.post()
    (newest, *_) = (await acts.page(house.services, mod, before=None, limit=1)).acts
    assert (newest.id, newest.what, newest.details) == (act.id, "member.mute", {"minutes": 10})
    assert newest.undone_at == house.clock.now()


async def test_the_act_can_be_undone_once(house: House, mod: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    act = await mutes.mute(house.services, mod, bo.user.id, 10)
    await undoing.undo(house.services, mod, act.id)
    await client.hears(events.RestraintChanged, 2)
    await client.post()
    with pytest.raises(NotFound):
        await undoing.undo(house.services, mod, act.id)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("other", ROLES)
async def test_those_are_muted_who_rank_below(house: House, ana: Visitor, bo: Visitor, role: Role, other: Role) -> None:
    ana, bo = await house.appoint(ana, role), await house.appoint(bo, other)
    may = role != "member" and ROLES.index(role) < ROLES.index(other)
    for act in (mutes.mute(house.services, ana, bo.user.id, 10), mutes.lift(house.services, ana, bo.user.id)):
        try:
            await act
        except Forbidden:
            assert not may
        else:
            assert may


async def test_nobody_else_is(house: House, mod: Visitor) -> None:
    imported = await house.services.store.write(users.add_imported, "oldie", 0)
    for absent in (imported.id, 999):
        with pytest.raises(NotFound):
            await mutes.mute(house.services, mod, absent, 10)
    with pytest.raises(Forbidden):
        await mutes.mute(house.services, mod, mod.user.id, 10)


async def test_their_card_says_it_to_moderators_alone(house: House, mod: Visitor, ana: Visitor, bo: Visitor) -> None:
    await mutes.mute(house.services, mod, bo.user.id, 10)
    told = []
    for visitor in (mod, ana):
        shown = await (await house.connect(visitor)).ask(commands.ShowPerson(ref=0, person=bo.user.id))
        assert isinstance(shown, events.PersonShown)
        told.append(shown.muted_until)
    assert told == [house.clock.now() + 600_000, 0]

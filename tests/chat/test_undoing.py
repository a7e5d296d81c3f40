"""Acts of the log are taken back by whoever may do them."""

import pytest

from app.chat import acts, departure, doors, memberships, messages, removal, roles, rooms, undoing
from app.chat.access import FRESH
from app.errors import BadRequest, Forbidden, NotFound, SignInAgain
from app.models import Act, Visitor
from app.storage import memberships as rows
from tests.support.house import GENERAL, House


@pytest.fixture
async def mod(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("mod"), "moderator")


@pytest.fixture
async def owner(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("owner"), "owner")


async def newest(house: House, visitor: Visitor) -> Act:
    return (await acts.page(house.services, visitor, before=None, limit=1)).acts[0]


async def is_undone(house: House, visitor: Visitor, act: Act) -> bool:
    found = (await acts.page(house.services, visitor, before=act.id + 1, limit=1)).acts
    return found[0].undone_at == house.clock.now()


async def test_a_role_is_set_back_by_who_may_give_it_and_signed_in_lately(
    house: House, owner: Visitor, mod: Visitor, bo: Visitor
) -> None:
    await roles.give(house.services, owner, bo.user.id, "admin")
    act = await newest(house, owner)
    with pytest.raises(Forbidden):
        await undoing.undo(house.services, mod, act.id)
    house.clock.advance(FRESH / 1000 + 1)
    with pytest.raises(SignInAgain):
        await undoing.undo(house.services, owner, act.id)
    owner = await house.sign_in("owner")
    await undoing.undo(house.services, owner, act.id)
    assert (await house.sign_in("bo")).user.role == "member"
    assert await is_undone(house, owner, act)


async def test_who_was_taken_out_of_a_room_is_brought_back(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    room, _ = await rooms.create(house.services, ana, "Attic", "private")
    await memberships.add(house.services, ana, room.id, bo.user.id)
    await memberships.remove(house.services, ana, room.id, bo.user.id)
    act = await newest(house, mod)
    with pytest.raises(NotFound):
        await undoing.undo(house.services, mod, act.id)  # they are not in that room
    await memberships.add(house.services, ana, room.id, mod.user.id)
    await undoing.undo(house.services, mod, act.id)
    assert await house.services.store.read(rows.find, room.id, bo.user.id) is not None
    assert await is_undone(house, mod, act)


async def test_an_archived_room_is_opened_again(house: House, mod: Visitor, ana: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Attic", "public")
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    act = await newest(house, mod)
    assert (act.what, act.actor_id, act.room_id, act.details) == ("room.archive", ana.user.id, room.id, {"archived": 1})
    with pytest.raises(NotFound):
        await undoing.undo(house.services, mod, act.id)  # they are not in that room
    await memberships.join(house.services, mod, room.id)
    await undoing.undo(house.services, mod, act.id)
    assert (await house.post(ana, "open again", room.id)).message.number == 1
    assert await is_undone(house, mod, act)
    assert (await newest(house, mod)).details == {"archived": 0}


async def test_a_removed_message_is_put_back(house: House, mod: Visitor, bo: Visitor) -> None:
    await house.post(bo, "not so bad")
    await removal.remove(house.services, mod, GENERAL, 1)
    act = await newest(house, mod)
    await undoing.undo(house.services, mod, act.id)
    assert [message.text for message in (await messages.page(house.services, bo, GENERAL)).messages] == ["not so bad"]
    assert await is_undone(house, mod, act)


async def test_nobody_puts_back_what_they_could_not_have_removed_from_others(
    house: House, owner: Visitor, mod: Visitor
) -> None:
    admin = await house.appoint(await house.sign_in("admin"), "admin")
    await house.post(mod, "by the moderator")
    await house.post(admin, "by the admin")
    for number in (1, 2):
        await removal.remove(house.services, owner, GENERAL, number)
        with pytest.raises(Forbidden):
            await undoing.undo(house.services, mod, (await newest(house, owner)).id)
        assert (await newest(house, owner)).undone_at is None
        await undoing.undo(house.services, owner, (await newest(house, owner)).id)


async def test_what_went_with_an_account_stays_gone(house: House, mod: Visitor, bo: Visitor) -> None:
    await house.post(bo, "not so bad")
    await removal.remove(house.services, mod, GENERAL, 1)
    act = await newest(house, mod)
    await departure.delete(house.services, bo, "bo", with_messages=True)
    with pytest.raises(NotFound):
        await undoing.undo(house.services, mod, act.id)
    assert [message.text for message in (await messages.page(house.services, mod, GENERAL)).messages] == [""]


async def test_a_message_of_a_room_is_put_back_by_its_moderators_alone(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    room, _ = await rooms.create(house.services, ana, "Attic", "private")
    await memberships.add(house.services, ana, room.id, bo.user.id)
    await house.post(bo, "not so bad", room.id)
    await removal.remove(house.services, ana, room.id, 1)
    with pytest.raises(NotFound):
        await undoing.undo(house.services, mod, (await newest(house, mod)).id)


async def test_the_door_is_set_back_by_admins(house: House, owner: Visitor, mod: Visitor) -> None:
    await doors.change(house.services, owner, "invited")
    act = await newest(house, owner)
    with pytest.raises(Forbidden):
        await undoing.undo(house.services, mod, act.id)
    await undoing.undo(house.services, owner, act.id)
    assert await doors.current(house.services) == "open"
    assert await is_undone(house, owner, act)


async def test_what_cannot_be_taken_back_is_refused_and_what_is_not_there(house: House, owner: Visitor) -> None:
    with pytest.raises(NotFound):
        await undoing.undo(house.services, owner, 999)
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE acts SET what = 'invite.make'")
    )
    with pytest.raises(BadRequest):
        await undoing.undo(house.services, owner, (await newest(house, owner)).id)

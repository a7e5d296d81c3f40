"""Coming to rooms and leaving them."""

from collections.abc import Awaitable, Callable

import pytest

from app.chat import access, blocks, direct, memberships, rooms
from app.chat.memberships import MOST_ROOMS, PACE
from app.chat.rooms import Wanted
from app.errors import Forbidden, NotFound, TooFast, TooManyRooms
from app.models import MadeKind, Membership, Room, Visitor
from app.services import Services
from app.storage import acts, users
from app.storage import memberships as membership_rows
from app.storage import rooms as room_rows
from app.storage.database import Connection
from tests.support.house import House

Act = Callable[[Services, Visitor, int], Awaitable[object]]


async def made(house: House, who: Visitor, kind: MadeKind = "public", name: str = "Annex") -> Room:
    return (await rooms.create(house.services, who, name, kind))[0]


async def of(house: House, room: Room, who: Visitor) -> Membership | None:
    return await house.services.store.read(membership_rows.find, room.id, who.user.id)


async def head(house: House, room: Room) -> Room:
    found = await house.services.store.read(room_rows.by_id, room.id)
    assert found is not None
    return found


async def test_whoever_joins_a_public_room_has_nothing_unread(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    await house.post(ana, "before", annex.id)
    room, membership = await memberships.join(house.services, bo, annex.id)
    assert (room.seq, room.members) == (3, 2)
    assert (membership.seq, membership.read_number, membership.role) == (3, 1, "member")
    assert await of(house, annex, bo) == membership


async def test_joining_again_changes_nothing(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    first = await memberships.join(house.services, bo, annex.id)
    assert await memberships.join(house.services, bo, annex.id) == first
    assert (await head(house, annex)).members == 2


async def test_a_private_room_is_joined_by_being_brought_in_alone(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await made(house, ana, "private")
    for room_id in (attic.id, 999):
        with pytest.raises(NotFound):
            await memberships.join(house.services, bo, room_id)
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    membership = await of(house, attic, bo)
    assert membership is not None
    assert membership.role == "member"
    await memberships.add(house.services, bo, attic.id, ana.user.id)
    assert (await head(house, attic)).members == 2, "ana was in it before"


async def test_only_people_one_shares_a_room_with_are_brought_in(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await made(house, ana, "private")
    nick = await house.services.store.write(users.add_imported, "nick", 1)
    await memberships.leave(house.services, bo, 1)
    for user_id in (bo.user.id, nick.id, 999):
        with pytest.raises(NotFound):
            await memberships.add(house.services, ana, attic.id, user_id)


async def test_who_is_in_very_many_rooms_is_brought_into_no_more_and_still_joins_some(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    attic, cellar, annex = await made(house, ana, "private"), await made(house, ana, "private"), await made(house, ana)
    await put_into(house, bo, MOST_ROOMS - 2)  # and the one that everybody is in
    await direct.open_room(house.services, bo, [ana.user.id])  # talks do not count
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    with pytest.raises(TooManyRooms) as refusal:
        await memberships.add(house.services, ana, cellar.id, bo.user.id)
    assert refusal.value.code == "too_many_rooms"
    assert await of(house, cellar, bo) is None
    await memberships.join(house.services, bo, annex.id)
    for room in (annex, attic):
        await memberships.leave(house.services, bo, room.id)
    await memberships.add(house.services, ana, cellar.id, bo.user.id)


async def put_into(house: House, who: Visitor, count: int) -> None:
    """As many rooms, one after the other."""

    def put(connection: Connection) -> None:
        for number in range(count):
            room = room_rows.add(connection, f"full-{number}", f"Full {number}", "", "private", 1)
            membership_rows.join(connection, room.id, who.user.id, 1)

    await house.services.store.write(put)


async def test_who_has_blocked_somebody_is_brought_nowhere_by_them_and_looks_like_a_stranger(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    attic = await made(house, ana, "private")
    await blocks.block(house.services, bo, ana.user.id)
    refusals = set()
    for user_id in (bo.user.id, 999):
        with pytest.raises(NotFound) as refusal:
            await memberships.add(house.services, ana, attic.id, user_id)
        refusals.add(str(refusal.value))
    assert len(refusals) == 1
    assert await of(house, attic, bo) is None
    await blocks.unblock(house.services, bo, ana.user.id)
    await blocks.block(house.services, ana, bo.user.id)  # the other way round it is their own choice
    await memberships.add(house.services, ana, attic.id, bo.user.id)


@pytest.mark.parametrize("act", [access.room_to_read, access.room_to_post, access.room_to_write, memberships.leave])
async def test_whoever_has_left_is_outside_at_once(house: House, ana: Visitor, bo: Visitor, act: Act) -> None:
    annex = await made(house, ana)
    await memberships.join(house.services, bo, annex.id)
    await access.room_to_post(house.services, bo, annex.id)
    await memberships.leave(house.services, bo, annex.id)
    with pytest.raises(NotFound):
        await act(house.services, bo, annex.id)
    room = await head(house, annex)
    assert (room.seq, room.members) == (3, 1)


async def test_whoever_comes_back_is_a_member_like_any_other(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    await memberships.join(house.services, bo, annex.id)
    await memberships.leave(house.services, ana, annex.id)
    await house.post(bo, "meanwhile", annex.id)
    room, membership = await memberships.join(house.services, ana, annex.id)
    assert (membership.role, membership.read_number, membership.left_at) == ("member", 1, None)
    assert (room.members, membership.seq) == (2, room.seq)


async def test_a_moderator_takes_people_out_and_a_member_does_not(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    await memberships.join(house.services, bo, annex.id)
    with pytest.raises(NotFound):
        await memberships.remove(house.services, bo, annex.id, ana.user.id)
    await memberships.remove(house.services, ana, annex.id, bo.user.id)
    (left,) = await house.services.store.read(membership_rows.changed_since, annex.id, 2)
    assert (left.user_id, left.removed_by) == (bo.user.id, ana.user.id)
    assert left.left_at is not None
    (act,) = await house.services.store.read(acts.page, 0, None, 9)
    assert (act.what, act.actor_id, act.person_id, act.room_id) == ("room.remove", ana.user.id, bo.user.id, annex.id)
    with pytest.raises(NotFound):
        await memberships.remove(house.services, ana, annex.id, bo.user.id)


async def test_nobody_takes_out_who_ranks_above_them(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    await memberships.join(house.services, bo, annex.id)
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE users SET role = 'admin' WHERE handle = 'bo'")
    )
    with pytest.raises(Forbidden):
        await memberships.remove(house.services, ana, annex.id, bo.user.id)


async def test_a_room_that_became_private_lets_nobody_in(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    await rooms.change(house.services, ana, annex.id, Wanted(kind="private"))
    with pytest.raises(NotFound):
        await memberships.join(house.services, bo, annex.id)


async def test_comings_and_goings_are_limited(house: House, ana: Visitor, bo: Visitor) -> None:
    annex = await made(house, ana)
    for _ in range(PACE.most // 2):
        await memberships.join(house.services, bo, annex.id)
        await memberships.leave(house.services, bo, annex.id)
    with pytest.raises(TooFast) as refusal:
        await memberships.join(house.services, bo, annex.id)
    assert refusal.value.retry_after == 1.0

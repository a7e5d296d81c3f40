from app.models import Membership, User
from app.storage import memberships, rooms, users
from app.storage.store import Store
from tests.support.storage import draft, post


async def test_a_newcomer_joins_every_public_room(store: Store, ada: User) -> None:
    await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    await store.write(rooms.add, "cellar", "Cellar", "", "private", 5)
    joined = await store.write(memberships.join_public, ada.id, 7)
    assert [(room.slug, seq) for room, seq in joined] == [("general", 1), ("garden", 1)]
    mine = await store.read(memberships.of_user, ada.id)
    assert [room for room, _ in mine] == [room for room, _ in joined]
    assert [membership for _, membership in mine] == [
        Membership(room.id, ada.id, read_number=0, seq=1, joined_at=7) for room, _ in joined
    ]


async def test_joining_takes_a_seq_of_the_room_and_no_number(store: Store, ada: User, bob: User) -> None:
    await post(store, [draft(ada)])
    ((room, seq),) = await store.write(memberships.join_public, bob.id, 7)
    assert (room.last_number, room.seq, seq) == (1, 2, 2)


async def test_a_newcomer_has_nothing_unread(store: Store, ada: User, bob: User) -> None:
    await post(store, [draft(ada) for _ in range(3)])
    await store.write(memberships.join_public, bob.id, 7)
    membership = await store.read(memberships.find, 1, bob.id)
    assert membership is not None
    assert membership.read_number == 3


async def test_joining_again_changes_nothing(store: Store, ada: User) -> None:
    await store.write(memberships.join_public, ada.id, 7)
    assert await store.write(memberships.join_public, ada.id, 8) == []
    assert await store.read(rooms.heads, [1]) == {1: 1}


async def test_everybody_joins_a_new_room_but_imported_people(store: Store, ada: User, bob: User) -> None:
    await store.write(users.add_imported, "nick", 1)
    room = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    assert await store.write(memberships.join_everybody, room.id, 7) == [(ada, 1), (bob, 2)]
    assert await store.write(memberships.join_everybody, room.id, 8) == []
    assert await store.read(rooms.heads, [room.id]) == {room.id: 2}


async def test_who_is_not_in_a_room_has_no_membership(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_public, ada.id, 7)
    assert await store.read(memberships.find, 1, bob.id) is None
    assert await store.read(memberships.find, 999, ada.id) is None
    assert await store.read(memberships.of_user, bob.id) == []


async def test_the_read_marker_moves_forward_only_and_not_past_the_end(store: Store, ada: User) -> None:
    await store.write(memberships.join_public, ada.id, 7)
    await post(store, [draft(ada) for _ in range(5)])
    moves = [(3, True), (3, False), (2, False), (6, False), (5, True), (0, False)]
    for number, moved in moves:
        assert await store.write(memberships.move_read, 1, ada.id, number) is moved, number
    membership = await store.read(memberships.find, 1, ada.id)
    assert membership is not None
    assert membership.read_number == 5


async def test_the_read_marker_of_somebody_else_does_not_move(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(memberships.join_public, user.id, 7)
    await post(store, [draft(ada)])
    await store.write(memberships.move_read, 1, ada.id, 1)
    membership = await store.read(memberships.find, 1, bob.id)
    assert membership is not None
    assert membership.read_number == 0
    assert await store.write(memberships.move_read, 999, ada.id, 1) is False


async def test_joins_since_a_change_are_found_in_order(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(memberships.join_public, user.id, 7)
    for seq, expected in ((0, [ada.id, bob.id]), (1, [bob.id]), (2, [])):
        assert [one.user_id for one in await store.read(memberships.changed_since, 1, seq)] == expected

from msgspec import structs

from app.models import Membership, Room, User
from app.storage import memberships, messages, rooms, users
from app.storage.store import Store
from tests.contract.conftest import SetClock
from tests.support.storage import new_message, post


async def test_a_newcomer_joins_the_rooms_that_are_for_newcomers(store: Store, ada: User) -> None:
    await store.write(rooms.add, "garden", "Garden", "", "public", 5, is_default=True)
    await store.write(rooms.add, "annex", "Annex", "", "public", 5)
    await store.write(rooms.add, "cellar", "Cellar", "", "private", 5, is_default=True)
    shed = await store.write(rooms.add, "shed", "Shed", "", "public", 5, is_default=True)
    await store.write(rooms.change, shed.id, {"archived_at": 6})
    joined = await store.write(memberships.join_default, ada.id, 7)
    assert [(room.slug, seq) for room, seq in joined] == [("general", 1), ("garden", 1)]
    mine = await store.read(memberships.of_user, ada.id)
    assert [room for room, _ in mine] == [room for room, _ in joined]
    assert [membership for _, membership in mine] == [
        Membership(room.id, ada.id, read_number=0, seq=1, joined_at=7) for room, _ in joined
    ]


async def test_joining_takes_a_seq_of_the_room_and_no_number(store: Store, ada: User, bob: User) -> None:
    await post(store, [new_message(ada)])
    ((room, seq),) = await store.write(memberships.join_default, bob.id, 7)
    assert (room.last_number, room.seq, seq) == (1, 2, 2)


async def test_a_newcomer_has_nothing_unread(store: Store, ada: User, bob: User) -> None:
    await post(store, [new_message(ada) for _ in range(3)])
    await store.write(memberships.join_default, bob.id, 7)
    membership = await store.read(memberships.find, 1, bob.id)
    assert membership is not None
    assert membership.read_number == 3


async def test_joining_again_changes_nothing(store: Store, ada: User) -> None:
    await store.write(memberships.join_default, ada.id, 7)
    assert await store.write(memberships.join_default, ada.id, 8) == []
    assert await store.read(rooms.heads, [1]) == {1: 1}


async def test_everybody_joins_a_new_room_but_imported_people(store: Store, ada: User, bob: User) -> None:
    await store.write(users.add_imported, "nick", 1)
    room = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    assert await store.write(memberships.join_everybody, room.id, 7) == [(ada, 1), (bob, 2)]
    assert await store.write(memberships.join_everybody, room.id, 8) == []
    assert await store.read(rooms.heads, [room.id]) == {room.id: 2}


async def test_who_is_not_in_a_room_has_no_membership(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_default, ada.id, 7)
    assert await store.read(memberships.find, 1, bob.id) is None
    assert await store.read(memberships.find, 999, ada.id) is None
    assert await store.read(memberships.of_user, bob.id) == []


async def test_the_read_marker_moves_forward_only_and_not_past_the_end(store: Store, ada: User) -> None:
    await store.write(memberships.join_default, ada.id, 7)
    await post(store, [new_message(ada) for _ in range(5)])
    moves = [(3, True), (3, False), (2, False), (6, False), (5, True), (0, False)]
    for number, moved in moves:
        assert await store.write(memberships.move_read, 1, ada.id, number) is moved, number
    membership = await store.read(memberships.find, 1, ada.id)
    assert membership is not None
    assert membership.read_number == 5


async def test_the_read_marker_moves_back_only_where_asked_to(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(memberships.join_default, user.id, 7)
    await post(store, [new_message(ada) for _ in range(5)])
    for user in (ada, bob):
        await store.write(memberships.move_read, 1, user.id, 4)
    moves = [(5, False), (4, True), (4, False), (1, True), (1, False)]
    for number, moved in moves:
        assert await store.write(memberships.move_unread, 1, ada.id, number) is moved, number
    markers = [await store.read(memberships.find, 1, user.id) for user in (ada, bob)]
    assert [membership.read_number for membership in markers if membership] == [0, 4]


async def test_the_read_marker_of_somebody_else_does_not_move(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(memberships.join_default, user.id, 7)
    await post(store, [new_message(ada)])
    await store.write(memberships.move_read, 1, ada.id, 1)
    membership = await store.read(memberships.find, 1, bob.id)
    assert membership is not None
    assert membership.read_number == 0
    assert await store.write(memberships.move_read, 999, ada.id, 1) is False


async def test_joins_since_a_change_are_found_in_order(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(memberships.join_default, user.id, 7)
    for seq, expected in ((0, [ada.id, bob.id]), (1, [bob.id]), (2, [])):
        assert [one.user_id for one in await store.read(memberships.changed_since, 1, seq)] == expected


async def test_what_is_new_to_somebody_is_told_where_something_was_posted_last_first(
    store: Store, ada: User, bob: User, clock: SetClock
) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5, is_default=True)
    await store.write(memberships.join_default, ada.id, 7)
    for time, room_id in ((1, 1), (2, 1), (3, garden.id), (4, 1)):
        clock.time = time
        await post(store, [new_message(bob, room_id=room_id)])
    assert await new_to(store, ada) == [("general", 1), ("garden", 3)]
    await store.write(memberships.move_read, 1, ada.id, 1)
    assert await new_to(store, ada) == [("general", 2), ("garden", 3)]
    await store.write(memberships.move_read, 1, ada.id, 3)
    assert await new_to(store, ada) == [("garden", 3)]
    clock.time = 9
    await post(store, [new_message(bob)])
    assert await new_to(store, ada) == [("general", 9), ("garden", 3)]
    assert await new_to(store, ada, limit=1) == [("general", 9)]
    assert await new_to(store, bob) == []


async def new_to(store: Store, user: User, limit: int = 20) -> list[tuple[str, int]]:
    return [(room.slug, since) for room, _, since in await store.read(memberships.new_to, user.id, limit)]


async def test_who_leaves_and_comes_back_has_one_membership(store: Store, ada: User, bob: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    room, membership = await store.write(memberships.join, garden.id, ada.id, 7, "moderator")
    assert membership == Membership(garden.id, ada.id, read_number=0, seq=1, joined_at=7, role="moderator")
    assert await store.read(memberships.find, garden.id, ada.id) == membership
    await post(store, [new_message(bob, room_id=garden.id)])
    room = await store.write(memberships.leave, garden.id, ada.id, 8, bob.id)
    assert (room.seq, room.members) == (3, 0)
    assert await store.read(memberships.find, garden.id, ada.id) is None
    assert await store.read(memberships.of_user, ada.id) == []
    assert await store.write(memberships.join_default, ada.id, 9) != [], "general"
    left = Membership(garden.id, ada.id, 0, seq=3, joined_at=7, left_at=8, role="moderator", removed_by=bob.id)
    assert await store.read(memberships.changed_since, garden.id, 0) == [left]
    room, back = await store.write(memberships.join, garden.id, ada.id, 10)
    assert back == Membership(garden.id, ada.id, read_number=1, seq=4, joined_at=10)
    assert await store.read(memberships.changed_since, garden.id, 0) == [back]
    assert room.members == 1


async def direct_room(store: Store, *people: User) -> Room:
    """In which nothing was said."""
    key = rooms.key_of_people(person.id for person in people)
    room = await store.write(lambda connection: rooms.add(connection, "dm-1", "", "", "direct", 1, direct_key=key))
    return await store.write(memberships.join_direct, room, 5)


async def test_all_whose_talk_it_is_are_peers_of_a_direct_room(store: Store, ada: User, bob: User) -> None:
    room = await direct_room(store, ada, bob)
    assert (room.seq, room.members, room.party) == (2, 2, (ada.id, bob.id))
    joined = await store.read(memberships.changed_since, room.id, 0)
    assert joined == [Membership(room.id, each.id, 0, seq, 5, role="peer") for seq, each in enumerate((ada, bob), 1)]
    assert await store.read(rooms.by_people, [bob.id, ada.id, ada.id]) == room
    assert await store.read(rooms.by_people, [ada.id]) is None


async def test_a_direct_room_is_listed_once_something_was_said_in_it(store: Store, ada: User, bob: User) -> None:
    room = await direct_room(store, ada, bob)

    async def listed() -> list[bool]:
        both = await store.read(memberships.in_common, ada.id, bob.id)
        mine, ever = [await store.read(of, ada.id) for of in (memberships.of_user, memberships.ever_of_user)]
        return [both == [room.id], *([each.id for each, _ in found] == [room.id] for found in (mine, ever))]

    assert await listed() == [False] * 3
    assert await store.read(memberships.room_ids, ada.id) == [room.id]
    await post(store, [new_message(ada, room_id=room.id)])
    assert await listed() == [True] * 3
    assert await store.read(rooms.directory, ada.id, "", None, 9) == [(await store.read(rooms.by_id, 1), False)]


async def test_a_direct_room_is_among_the_joinings_since_something_was_said(
    store: Store, clock: SetClock, ada: User, bob: User
) -> None:
    room = await direct_room(store, ada, bob)
    assert await store.read(memberships.joined_since, 1) == []
    assert await store.read(memberships.spoken_to_since, 1) == []
    await post(store, [new_message(ada, room_id=room.id)])
    found = await store.read(memberships.spoken_to_since, clock.time)
    assert sorted(each.user_id for _, each in found) == [ada.id, bob.id]
    assert await store.read(memberships.spoken_to_since, clock.time + 1) == []
    assert await store.read(memberships.joined_since, 1) == []


async def test_who_has_written_to_somebody_is_known(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    await store.write(memberships.join_default, bob.id, 1)
    room = await direct_room(store, ada, bob)
    await post(store, [new_message(bob)])
    assert not await store.read(messages.has_written_to, bob.id, ada.id), "in a room for many"
    await post(store, [new_message(ada, room_id=room.id)])
    assert not await store.read(messages.has_written_to, bob.id, ada.id)
    assert await store.read(messages.has_written_to, ada.id, bob.id)


async def test_a_wish_for_a_room_is_kept_and_the_others_stay(store: Store, ada: User) -> None:
    await store.write(memberships.join_default, ada.id, 0)
    before = await store.read(memberships.find, 1, ada.id)
    assert before
    wished = await store.write(memberships.prefer, 1, ada.id, {"muted": True, "level": "mentions"})
    assert wished == structs.replace(before, muted=True, level="mentions")
    wished = await store.write(memberships.prefer, 1, ada.id, {"muted": False, "favourite": True})
    assert wished == structs.replace(before, favourite=True, level="mentions")
    assert [own for _, own in await store.read(memberships.of_user, ada.id)] == [wished]


async def test_who_is_not_in_a_room_has_no_wishes_for_it(store: Store, ada: User) -> None:
    assert await store.write(memberships.prefer, 1, ada.id, {"muted": True}) is None
    await store.write(memberships.join_default, ada.id, 0)
    await store.write(memberships.leave, 1, ada.id, 1)
    assert await store.write(memberships.prefer, 1, ada.id, {"muted": True}) is None


async def test_what_is_new_is_not_told_of_muted_and_hidden_rooms(store: Store, ada: User) -> None:
    plain, muted, hidden = [
        await store.write(rooms.add, name, name, "", "public", 5, is_default=True)
        for name in ("plain", "muted", "hidden")
    ]
    await store.write(memberships.join_default, ada.id, 0)
    await store.write(memberships.prefer, plain.id, ada.id, {"level": "nothing", "favourite": True})
    await store.write(memberships.prefer, muted.id, ada.id, {"muted": True})
    await store.write(memberships.prefer, hidden.id, ada.id, {"hidden": True})
    await post(store, [new_message(ada, room_id=room.id) for room in (plain, muted, hidden)])
    assert [new.room.id for new in await store.read(memberships.new_to, ada.id, 20)] == [plain.id]

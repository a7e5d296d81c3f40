from app.models import Room, Thread, User
from app.storage import memberships, messages, own_rooms, removals, rooms, threads
from app.storage.database import Connection
from app.storage.store import Store
from tests.support.storage import new_message, post


async def thread_of(store: Store, number: int, *people: User) -> Room:
    """Beside that message of `general`, in which these people are."""

    def make(connection: Connection) -> Room:
        room = rooms.add(connection, f"thread-{number}", "", "", "thread", 1, parent_id=1, root_number=number)
        for person in people:
            memberships.join(connection, room.id, person.id, 1)
        return room

    return await store.write(make)


async def now(store: Store, room: Room) -> Room:
    found = await store.read(rooms.by_id, room.id)
    assert found is not None
    return found


async def test_a_thread_is_found_by_its_message_and_is_in_no_list(store: Store, ada: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    thread = await thread_of(store, 3, ada)
    found = await store.read(threads.of_message, 1, 3)
    assert found is not None
    assert (found.id, found.kind, found.parent_id, found.root_number) == (thread.id, "thread", 1, 3)
    assert await store.read(threads.of_message, 1, 4) is None
    assert [room.id for room, _ in await store.read(memberships.of_user, ada.id)] == [1]
    assert [room.id for room, _ in await store.read(rooms.directory, ada.id, "", None, 9)] == [1]


async def test_what_is_new_comes_with_the_rooms_in_one_question(store: Store, ada: User, bob: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    new, read, unfollowed = [await thread_of(store, number, ada) for number in (1, 2, 3)]
    await post(store, [new_message(bob, room_id=each.id) for each in (new, read, unfollowed)])
    await store.write(memberships.move_read, read.id, ada.id, 1)
    await store.write(memberships.prefer, unfollowed.id, ada.id, {"hidden": True})
    mine = await store.read(own_rooms.of_user, ada.id, 100)
    assert [room.id for room, _ in mine.rooms] == [1]
    assert [room.id for room, _ in mine.threads] == [new.id]


async def test_the_summary_counts_what_is_there_and_names_who_wrote_last(store: Store, ada: User, bob: User) -> None:
    thread = await thread_of(store, 1, ada, bob)
    assert await store.read(threads.summary, thread) is None
    await post(store, [new_message(who, room_id=thread.id) for who in (ada, bob, ada)])
    last = (await now(store, thread)).last_at
    assert await store.read(threads.summary, await now(store, thread)) == Thread(
        thread.id, 3, 3, last, (ada.id, bob.id)
    )

    def remove_all(connection: Connection) -> None:
        rooms.locked(connection, thread.id)
        found = messages.by_numbers(connection, [(thread.id, number) for number in (1, 2, 3)])
        removals.remove(connection, found, ada.id, 5)

    await store.write(remove_all)
    assert await store.read(threads.summary, await now(store, thread)) == Thread(thread.id, 0, 3, last)


async def test_it_is_news_to_whoever_had_read_the_rest(store: Store, ada: User, bob: User) -> None:
    thread = await thread_of(store, 1, ada, bob)
    await post(store, [new_message(ada, room_id=thread.id)])
    assert [each.user_id for each in await store.read(threads.reached, await now(store, thread), 0)] == [ada.id, bob.id]
    await store.write(memberships.move_read, thread.id, ada.id, 1)
    await post(store, [new_message(bob, room_id=thread.id)])
    assert [each.user_id for each in await store.read(threads.reached, await now(store, thread), 1)] == [ada.id]


async def test_leaving_a_room_ends_its_threads_and_no_others(store: Store, ada: User, bob: User) -> None:
    for person in (ada, bob):
        await store.write(memberships.join_default, person.id, 1)
    inside = await thread_of(store, 1, ada, bob)
    annex = await store.write(rooms.add, "annex", "Annex", "", "public", 5)
    await store.write(memberships.join, annex.id, ada.id, 1)
    left = await store.write(threads.leave_with, 1, ada.id, 9)
    assert [(room.id, room.members) for room in left] == [(1, 1), (inside.id, 1)]
    assert await store.read(threads.under, 1, ada.id) == []
    assert await store.read(threads.under, 1, bob.id) == [inside.id]
    assert await store.read(memberships.find, annex.id, ada.id) is not None


async def test_threads_are_paged_by_what_was_said_last(store: Store, ada: User) -> None:
    made = [await thread_of(store, number, ada) for number in (1, 2, 3)]
    for at, each in zip((30, 20, 20), made, strict=True):
        await post(store, [new_message(ada, room_id=each.id, at=at)])
    order = [made[0].id, made[2].id, made[1].id]
    first = await store.read(threads.followed, ada.id, None, 2)
    assert [room.id for room, _ in first] == order[:2]
    assert [room.id for room, _ in await store.read(threads.followed, ada.id, order[1], 2)] == order[2:]
    assert await store.read(threads.spoken_in_since, 25, 9) == [made[0].id]


async def test_who_follows_hears_of_it_after_a_break(store: Store, ada: User, bob: User) -> None:
    thread = await thread_of(store, 1, ada, bob)
    await store.write(memberships.prefer, thread.id, bob.id, {"hidden": True})
    await post(store, [new_message(bob, room_id=thread.id, at=50)])
    told = await store.read(memberships.spoken_to_since, 50)
    assert [(room.id, membership.user_id) for room, membership in told] == [(thread.id, ada.id)]

"""Who is mentioned where, as both engines keep it."""

from msgspec import structs
from sqlalchemy import Connection, select

from app.models import Message, Removal, User
from app.storage import blocks, memberships, mentions, own_rooms, removals, rooms, users
from app.storage.store import Store
from app.storage.tables import mentions as mention_rows
from bench.work import Work, work_of
from tests.support.storage import new_message, person, post


async def mentioning(store: Store, author: User, *people: User, room_id: int = 1, text: str = "hello") -> Message:
    new = structs.replace(new_message(author, text, room_id=room_id), mentions=tuple(each.id for each in people))
    (posted,) = await post(store, [new])
    return posted.message


async def unread(store: Store, who: User) -> dict[int, list[int]]:
    return (await store.read(own_rooms.of_user, who.id, 100)).mentions


async def inbox(store: Store, who: User, before: int | None = None, limit: int = 100) -> list[tuple[int, int, int]]:
    found = await store.read(mentions.inbox, who.id, before, limit)
    return [(mention.id, message.room_id, message.number) for mention, message in found]


async def all_join(store: Store, *people: User) -> None:
    for each in people:
        await store.write(memberships.join_default, each.id, 0)


async def test_a_batch_notes_whom_its_messages_mention(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    carl = await person(store, "carl")
    await all_join(store, carl)
    given = [
        structs.replace(new_message(ada), mentions=(bob.id, carl.id)),
        new_message(ada),
        structs.replace(new_message(bob), mentions=(ada.id,)),
        structs.replace(new_message(ada), mentions=(bob.id,)),
    ]
    await post(store, given)
    assert await unread(store, ada) == {1: [3]}
    assert await unread(store, bob) == {1: [1, 4]}
    assert await unread(store, carl) == {1: [1]}
    assert [number for _, _, number in await inbox(store, bob)] == [4, 1]


async def test_a_repeated_send_mentions_nobody_again(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    new = structs.replace(new_message(ada, nonce="the-same-nonce-01"), mentions=(bob.id,))
    await post(store, [new, new])
    await post(store, [new, structs.replace(new_message(ada), mentions=(bob.id,))])
    assert [number for _, _, number in await inbox(store, bob)] == [2, 1]


async def test_mentions_are_read_with_the_messages_they_are_in(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    for _ in range(3):
        await mentioning(store, ada, bob)
    await store.write(memberships.move_read, 1, bob.id, 2)
    assert await unread(store, bob) == {1: [3]}
    assert await store.read(mentions.unread_in, bob.id, 1, 100) == [3]
    await store.write(memberships.move_unread, 1, bob.id, 2)
    assert await store.read(mentions.unread_in, bob.id, 1, 100) == [2, 3]
    assert await store.read(mentions.unread_in, bob.id, 1, 1) == [3]


async def test_only_rooms_one_is_in_and_people_one_reads_count(store: Store, ada: User, bob: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5, is_default=True)
    await all_join(store, ada, bob)
    await mentioning(store, ada, bob)
    await mentioning(store, ada, bob, room_id=garden.id)
    assert await unread(store, bob) == {1: [1], garden.id: [1]}
    await store.write(memberships.leave, garden.id, bob.id, 9)
    assert await unread(store, bob) == {1: [1]}
    assert [room for _, room, _ in await inbox(store, bob)] == [1]
    await store.write(blocks.add, bob.id, ada.id, 9)
    assert await unread(store, bob) == {}
    assert await inbox(store, bob) == []
    await store.write(blocks.remove, bob.id, ada.id)
    assert len(await inbox(store, bob)) == 1, "as it was before"


async def test_the_inbox_is_paged_across_rooms_by_time(store: Store, ada: User, bob: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5, is_default=True)
    await all_join(store, ada, bob)
    for place in range(6):
        await mentioning(store, ada, bob, room_id=(1, garden.id)[place % 2])
    first = await inbox(store, bob, limit=4)
    rest = await inbox(store, bob, before=first[-1][0], limit=4)
    assert [each[1:] for each in first + rest] == [
        (garden.id, 3), (1, 3), (garden.id, 2), (1, 2), (garden.id, 1), (1, 1)
    ]  # fmt: skip
    assert await inbox(store, ada) == []


async def test_a_handle_is_whose_it_is_now_among_the_members(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada)
    assert await store.read(mentions.called, 1, bob.id, ["ada", "bob"]) == [(ada, False)]
    await all_join(store, bob)
    await store.write(blocks.add, ada.id, bob.id, 9)
    found = dict(await store.read(mentions.called, 1, bob.id, ["ada", "bob", "nobody"]))
    assert {person.handle: is_blocked for person, is_blocked in found.items()} == {"ada": True, "bob": False}
    await store.write(memberships.leave, 1, ada.id, 9)
    assert await store.read(mentions.called, 1, bob.id, ["ada"]) == []
    await store.write(users.make_former, bob.id)
    assert await store.read(mentions.called, 1, ada.id, ["bob"]) == []


async def test_what_mentioned_somebody_is_forgotten_with_them(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    await mentioning(store, ada, bob)
    await mentioning(store, bob, ada)
    await store.write(mentions.drop_of, bob.id)
    assert await inbox(store, bob) == []
    assert len(await inbox(store, ada)) == 1


async def test_years_of_mentions_that_were_read_are_not_looked_through(store: Store, ada: User) -> None:
    people = [await person(store, f"person{place}") for place in range(20)]
    await all_join(store, *people)
    given = [structs.replace(new_message(ada), mentions=(people[place % 20].id,)) for place in range(4_000)]
    await post(store, given)
    reader = people[-1].id
    await store.write(memberships.move_read, 1, reader, 3_999)
    if "Postgres" in type(store.database).__name__:  # which does so by itself from time to time
        await store.database.migrate(lambda connection: connection.exec_driver_sql("ANALYZE"))

    def counted(connection: Connection) -> Work:
        return work_of(connection, lambda c: own_rooms.of_user(c, reader, 100))

    assert (await store.read(own_rooms.of_user, reader, 100)).mentions == {1: [4_000]}
    work = await store.read(counted)
    assert work.read < (50 if "Postgres" in type(store.database).__name__ else 500), work


async def test_a_message_mentions_others_once_it_says_something_else(store: Store, ada: User, bob: User) -> None:
    carl = await person(store, "carl")
    await all_join(store, ada, bob, carl)
    message = await mentioning(store, ada, bob)
    first = await inbox(store, bob)
    assert await store.write(mentions.rewrite, message, [bob.id, carl.id]) == [carl.id]
    assert (await inbox(store, bob), await unread(store, carl)) == (first, {1: [1]})
    assert await store.write(mentions.rewrite, message, [carl.id]) == []
    assert (await inbox(store, bob), await unread(store, bob)) == ([], {})
    assert await store.write(mentions.rewrite, message, []) == []
    assert await inbox(store, carl) == []


async def test_a_removed_message_mentions_nobody(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    message = await mentioning(store, ada, bob)
    listed = await inbox(store, bob)
    await store.write(removals.remove, [message], ada.id, 5)
    assert (await inbox(store, bob), await unread(store, bob)) == ([], {})
    await store.write(removals.restore, Removal(ada.id, ada.id, 5), 1, 9)
    assert (await inbox(store, bob), await unread(store, bob)) == (listed, {1: [1]})
    await store.write(removals.remove, [message], ada.id, 6)
    await store.write(removals.purge, 7, 9)
    assert await store.read(lambda connection: connection.execute(select(mention_rows)).all()) == []


async def test_a_call_means_everybody_who_was_in_the_room_and_not_its_author(
    store: Store, ada: User, bob: User
) -> None:
    """One row, however many they are."""
    await all_join(store, ada, bob)
    carl, dora = await person(store, "carl"), await person(store, "dora")
    await all_join(store, carl)
    (posted,) = await post(store, [structs.replace(new_message(ada), mentions=(bob.id, None))])
    await store.write(memberships.join_default, dora.id, posted.message.at + 1)
    assert [await unread(store, each) for each in (ada, bob, carl, dora)] == [{}, {1: [1]}, {1: [1]}, {}]
    assert [len(await inbox(store, each)) for each in (ada, bob, carl, dora)] == [0, 1, 1, 0]
    assert await store.read(mentions.unread_in, carl.id, 1, 100) == [1]
    rows = await store.read(lambda connection: connection.execute(select(mention_rows)).all())
    assert len(rows) == 2
    await store.write(blocks.add, carl.id, ada.id, 9)
    assert (await unread(store, carl), await inbox(store, carl)) == ({}, [])


async def test_calls_and_mentions_by_name_share_the_pages_of_the_inbox(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    given = [
        structs.replace(new_message(ada), mentions=((bob.id,), (None,), (bob.id, None))[place % 3])
        for place in range(9)
    ]
    await post(store, given)
    found: list[tuple[int, int, int]] = []
    while page := await inbox(store, bob, before=found[-1][0] if found else None, limit=2):
        found += page
    assert [number for _, _, number in found] == list(range(9, 0, -1))


async def test_an_edit_calls_and_calls_no_more(store: Store, ada: User, bob: User) -> None:
    await all_join(store, ada, bob)
    message = await mentioning(store, ada, bob)
    assert await store.write(mentions.rewrite, message, (None,)) == [None]
    assert await store.write(mentions.rewrite, message, (None,)) == []
    assert await unread(store, bob) == {1: [1]}
    assert await store.write(mentions.rewrite, message, (bob.id,)) == [bob.id]
    assert await store.write(mentions.rewrite, message, ()) == []
    assert await unread(store, bob) == {}

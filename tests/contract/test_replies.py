"""Messages that answer others, as both engines keep them."""

from msgspec.structs import replace

from app.models import Extras, Message, User
from app.storage import blocks, memberships, messages, removals, replies, rooms
from app.storage.store import Store
from tests.support.storage import new_message, person, post


async def answering(store: Store, author: User, reply_to: int | None, room_id: int = 1) -> Message:
    (posted,) = await post(store, [replace(new_message(author, room_id=room_id), reply_to=reply_to)])
    return posted.message


async def test_an_answer_keeps_the_number_of_what_it_is_to(store: Store, ada: User) -> None:
    for reply_to in (None, 1, 1):
        await answering(store, ada, reply_to)
    assert [each.reply_to for each in await store.read(messages.newest, 1, 9)] == [None, 1, 1]


async def test_what_is_answered_is_looked_up_in_its_own_room_unless_it_is_at_hand(store: Store, ada: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    first = [await answering(store, ada, reply_to) for reply_to in (None, None, 1, 2, 2)]
    second = [await answering(store, ada, reply_to, garden.id) for reply_to in (None, 1)]
    found = await store.read(replies.targets, [first[1], *first[2:], second[1]])
    assert [(each.room_id, each.number) for each in found] == [(1, 1), (garden.id, 1)]
    assert await store.read(replies.targets, first[:2]) == []


async def test_only_answers_that_are_there_leave_a_trace_of_what_was_removed(store: Store, ada: User) -> None:
    garden = await store.write(rooms.add, "garden", "Garden", "", "public", 5)
    for reply_to in (None, None, None, 1, 2, 2):
        await answering(store, ada, reply_to)
    await answering(store, ada, 3, garden.id)
    assert await store.read(replies.answered, 1, [1, 2, 3]) == {1, 2}
    found = await store.read(messages.by_numbers, [(1, 4)])
    await store.write(removals.remove, found, ada.id, 9)
    assert await store.read(replies.answered, 1, [1, 2, 3]) == {2}
    assert await store.read(replies.answered, 1, []) == set()
    found = await store.read(messages.by_numbers, [(1, number) for number in (1, 2, 3)])
    gone = await store.write(removals.remove, found, ada.id, 9)
    assert [each.more for each in gone] == [Extras(), Extras(answered=True), Extras()]


async def test_an_answer_reaches_who_is_in_the_room_and_has_not_blocked_its_author(
    store: Store, ada: User, bob: User
) -> None:
    carl = await person(store, "carl")
    for each in (ada, bob):
        await store.write(memberships.join_default, each.id, 0)

    async def reaches(who: User) -> bool:
        return await store.read(replies.reaches, 1, ada.id, who.id)

    assert (await reaches(bob), await reaches(carl)) == (True, False)
    await store.write(blocks.add, bob.id, ada.id, 9)
    assert not await reaches(bob)
    await store.write(blocks.remove, bob.id, ada.id)
    await store.write(memberships.leave, 1, bob.id, 9)
    assert not await reaches(bob)

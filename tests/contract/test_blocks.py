from app.models import User
from app.storage import blocks, memberships, rooms, suggestions
from app.storage.store import Store
from tests.support.storage import new_message, person, post


async def test_whom_somebody_blocks_is_theirs_alone(store: Store, ada: User, bob: User) -> None:
    cleo = await person(store, "Aleo")
    for each in (bob, cleo):
        assert await store.write(blocks.add, ada.id, each.id, 5)
    assert await store.read(blocks.ids, ada.id) == [bob.id, cleo.id]
    assert await store.read(blocks.people, ada.id) == [cleo, bob], "by handle"
    assert await store.read(blocks.ids, bob.id) == []


async def test_blocking_and_unblocking_twice_is_once(store: Store, ada: User, bob: User) -> None:
    assert [await store.write(blocks.add, ada.id, bob.id, at) for at in (5, 6)] == [True, False]
    assert [await store.write(blocks.remove, ada.id, bob.id) for _ in range(2)] == [True, False]
    assert await store.read(blocks.ids, ada.id) == []


async def test_who_is_blocked_is_not_suggested_to_who_blocked_them(store: Store, ada: User, bob: User) -> None:
    for each in (ada, bob):
        await store.write(memberships.join_default, each.id, 1)
    await post(store, [new_message(bob)])
    await store.write(blocks.add, ada.id, bob.id, 5)
    attic = await store.write(rooms.add, "attic", "Attic", "", "private", 5)
    assert await store.read(suggestions.members, 1, ada.id, "b", 8) == []
    assert await store.read(suggestions.members, 1, bob.id, "b", 8) == [bob]
    assert await store.read(suggestions.others, attic.id, ada.id, "b", 8) == []
    assert await store.read(suggestions.others, attic.id, bob.id, "b", 8) == [bob]


async def test_people_have_met_who_were_in_one_room(store: Store, ada: User, bob: User) -> None:
    assert not await store.read(memberships.have_met, ada.id, bob.id)
    for each in (ada, bob):
        await store.write(memberships.join_default, each.id, 1)
    assert await store.read(memberships.have_met, ada.id, bob.id)
    await store.write(memberships.leave, 1, bob.id, 2)
    assert await store.read(memberships.have_met, ada.id, bob.id), "what bob wrote there is still read"
    assert not await store.read(memberships.have_met, bob.id, ada.id)

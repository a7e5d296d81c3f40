from app.storage import held_mutes
from app.storage.store import Store


async def test_what_is_kept_is_taken_once_by_any_of_its_marks(store: Store) -> None:
    for mark, until in (("one", 5), ("two", 7), ("another", 9)):
        await store.write(held_mutes.keep, mark, until)
    assert await store.write(held_mutes.take, ["none"]) is None
    assert await store.write(held_mutes.take, ["one", "two", "none"]) == 7
    assert await store.write(held_mutes.take, ["one", "two"]) is None
    assert await store.write(held_mutes.take, ["another"]) == 9


async def test_what_is_kept_again_holds(store: Store) -> None:
    await store.write(held_mutes.keep, "one", 9)
    await store.write(held_mutes.keep, "one", 5)
    assert await store.write(held_mutes.take, ["one"]) == 5


async def test_what_is_over_is_forgotten(store: Store) -> None:
    for mark, until in (("one", 5), ("two", 6)):
        await store.write(held_mutes.keep, mark, until)
    await store.write(held_mutes.forget, 5)
    assert await store.write(held_mutes.take, ["one"]) is None
    assert await store.write(held_mutes.take, ["two"]) == 6

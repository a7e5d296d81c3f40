from app.models import Allowed, User
from app.storage import allow_list
from app.storage.store import Store


async def add(store: Store, by: User, *handles: str) -> int:
    return await store.write(allow_list.add, handles, "member", (1,), by.id, 5)


async def test_a_line_is_found_whatever_the_case_of_its_handle(store: Store, ada: User) -> None:
    assert await add(store, ada, "Cy", "dee") == 2
    assert await store.read(allow_list.free, "CY") == Allowed("Cy", "member", (1,), ada.id, 5, None)
    assert await store.read(allow_list.free, "bob") is None
    assert await store.read(allow_list.count) == 2


async def test_whoever_came_first_has_it_for_good(store: Store, ada: User, bob: User) -> None:
    await add(store, ada, "cy")
    await store.write(allow_list.take, "CY", bob.id)
    assert await store.read(allow_list.free, "cy") is None
    await store.write(allow_list.take, "cy", ada.id)
    assert await add(store, ada, "cy") == 0
    (line,) = await store.read(allow_list.page, 9)
    assert line.user_id == bob.id


async def test_a_line_that_is_free_is_given_anew(store: Store, ada: User) -> None:
    await add(store, ada, "cy")
    assert await store.write(allow_list.add, ["CY", "dee"], "admin", (), ada.id, 6) == 1
    assert await store.read(allow_list.free, "cy") == Allowed("CY", "admin", (), ada.id, 6, None)


async def test_lines_are_taken_off_and_listed_the_free_ones_first(store: Store, ada: User) -> None:
    await add(store, ada, "ann", "cy", "dee")
    await store.write(allow_list.take, "ann", ada.id)
    assert [line.handle for line in await store.read(allow_list.page, 9)] == ["cy", "dee", "ann"]
    assert [await store.write(allow_list.remove, "DEE") for _ in range(2)] == [True, False]
    assert [line.handle for line in await store.read(allow_list.page, 9)] == ["cy", "ann"]

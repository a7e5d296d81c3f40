import pytest

from app.models import Draft, User
from app.storage import drafts, rooms
from app.storage.store import Store

NOW = 1_000


@pytest.fixture
async def garden(store: Store) -> int:
    room = await store.write(rooms.add, "garden", "Garden", "", "public", 1)
    return room.id


async def save(store: Store, user: User, text: str, at: int, *, room: int = 1, now: int = NOW) -> tuple[Draft, bool]:
    saved = await store.write(drafts.save, user.id, Draft(room, text, at), now)
    return saved.draft, saved.changed


async def kept(store: Store, user: User) -> list[tuple[int, str]]:
    return [(draft.room_id, draft.text) for draft in await store.read(drafts.of_user, user.id)]


async def test_everybody_has_a_draft_in_each_room(store: Store, ada: User, bob: User, garden: int) -> None:
    await save(store, ada, "here", 10)
    await save(store, ada, "there", 11, room=garden)
    await save(store, bob, "mine", 12)
    assert await kept(store, ada) == [(1, "here"), (garden, "there")]
    assert await kept(store, bob) == [(1, "mine")]


@pytest.mark.parametrize(
    ("at", "text", "holds"),
    [(9, "older", "first"), (10, "at the same time", "at the same time"), (11, "newer", "newer"), (9, "", "first")],
)
async def test_the_newest_holds(store: Store, ada: User, at: int, text: str, holds: str) -> None:
    await save(store, ada, "first", 10)
    draft, changed = await save(store, ada, text, at)
    assert (draft.text, changed) == (holds, holds != "first")
    assert await kept(store, ada) == [(1, holds)]


async def test_an_emptied_draft_is_newer_than_what_another_device_held(store: Store, ada: User) -> None:
    await save(store, ada, "hello", 10)
    await save(store, ada, "", 20)
    assert await kept(store, ada) == []
    assert await save(store, ada, "hello, wo", 15) == (Draft(1, "", 20), False)
    assert await kept(store, ada) == []


async def test_the_same_text_again_and_nothing_where_nothing_was_change_nothing(store: Store, ada: User) -> None:
    assert await save(store, ada, "", 10) == (Draft(1, "", 10), False)
    await save(store, ada, "hello", 10)
    assert await save(store, ada, "hello", 20) == (Draft(1, "hello", 10), False)


async def test_a_clock_that_was_set_back_keeps_nobody_from_writing(store: Store, ada: User) -> None:
    await save(store, ada, "of a time to come", 5_000, now=5_000)
    draft, changed = await save(store, ada, "now", NOW)
    assert (draft, changed) == (Draft(1, "now", 5_000), True), "nor does `at` fall"
    assert (await save(store, ada, "before", NOW - 1))[1] is False


async def test_what_the_other_rooms_hold_is_counted_in_characters(
    store: Store, ada: User, bob: User, garden: int
) -> None:
    assert await store.read(drafts.characters_elsewhere, ada.id, 1) == 0
    await save(store, ada, "four", 10)
    await save(store, ada, "😀ü", 10, room=garden)
    await save(store, bob, "not hers", 10, room=garden)
    assert await store.read(drafts.characters_elsewhere, ada.id, 1) == 2
    assert await store.read(drafts.characters_elsewhere, ada.id, garden) == 4

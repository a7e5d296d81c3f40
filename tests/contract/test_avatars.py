from app.models import Avatar, User
from app.storage import avatars, users
from app.storage.store import Store

PICTURE = bytes(range(256)) * 4


def avatar(user: User, version: str = "v1", body: bytes = PICTURE) -> Avatar:
    return Avatar(user.id, version, f"https://x.example/{version}.png", "image/png", body)


async def test_a_picture_is_kept_byte_for_byte_and_its_person_has_its_version(store: Store, ada: User) -> None:
    assert await store.read(avatars.of, ada.id) is None
    changed = await store.write(avatars.put, avatar(ada))
    assert changed.avatar == "v1"
    assert await store.read(users.by_id, ada.id) == changed
    assert await store.read(avatars.of, ada.id) == avatar(ada)


async def test_another_picture_takes_its_place(store: Store, ada: User, bob: User) -> None:
    await store.write(avatars.put, avatar(ada))
    await store.write(avatars.put, avatar(bob))
    assert (await store.write(avatars.put, avatar(ada, "v2", b"other"))).avatar == "v2"
    assert await store.read(avatars.of, ada.id) == avatar(ada, "v2", b"other")
    assert await store.read(avatars.of, bob.id) == avatar(bob)


async def test_a_picture_that_is_dropped_is_gone(store: Store, ada: User) -> None:
    await store.write(avatars.put, avatar(ada))
    assert await store.write(avatars.drop, ada.id) == ada
    assert await store.read(avatars.of, ada.id) is None

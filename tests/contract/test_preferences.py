import asyncio

import msgspec
import pytest
from sqlalchemy import select, update

from app.models import Preferences, User
from app.storage import preferences
from app.storage.store import Store, open_store
from app.storage.tables import users

EVERYTHING = Preferences(
    theme="dusk",
    density="compact",
    message_size=20,
    reduce_motion=True,
    enter_sends=False,
    speak=False,
    language="ru",
    notify="none",
    sound=True,
)


async def kept(store: Store, user: User) -> str | None:
    query = select(users.c.preferences).where(users.c.id == user.id)
    return await store.read(lambda connection: connection.scalar(query))


async def test_who_never_chose_has_the_defaults(store: Store, ada: User) -> None:
    assert await kept(store, ada) is None
    assert await store.write(preferences.change, ada.id, {}) == Preferences()


async def test_every_choice_is_kept_beside_those_before_it_and_is_ones_own(store: Store, ada: User, bob: User) -> None:
    expected = Preferences()
    for name, value in msgspec.structs.asdict(EVERYTHING).items():
        expected = msgspec.structs.replace(expected, **{name: value})
        assert await store.write(preferences.change, ada.id, {name: value}) == expected
    assert expected == EVERYTHING
    assert await store.write(preferences.change, bob.id, {}) == Preferences()


async def test_a_choice_taken_back_follows_the_default_again(store: Store, ada: User) -> None:
    await store.write(preferences.change, ada.id, {"theme": "dusk", "sound": True})
    assert await kept(store, ada) == '{"theme":"dusk","sound":true}'
    await store.write(preferences.change, ada.id, {"theme": "system", "sound": False})
    assert await kept(store, ada) == "{}"


@pytest.mark.parametrize("text", ['{"theme":"neon"}', '{"message_size":99}', '{"speak":"loudly"}'])
async def test_what_another_version_kept_keeps_nobody_out(store: Store, ada: User, text: str) -> None:
    await store.write(lambda connection: connection.execute(update(users).values(preferences=text)).rowcount)
    assert await store.write(preferences.change, ada.id, {"density": "compact"}) == Preferences(density="compact")


async def test_two_devices_that_choose_at_once_both_get_what_they_chose(store: Store, url: str, ada: User) -> None:
    other = await open_store(url)
    for round_ in range(5):
        size = 13 + round_
        await asyncio.gather(
            store.write(preferences.change, ada.id, {"message_size": size}),
            other.write(preferences.change, ada.id, {"sound": round_ % 2 == 0}),
        )
        both = await store.write(preferences.change, ada.id, {})
        assert both == Preferences(message_size=size, sound=round_ % 2 == 0)
    await other.close()

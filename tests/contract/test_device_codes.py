import asyncio

import pytest
from msgspec import structs

from app.chat import bans
from app.chat import device_codes as grants
from app.errors import AccessDenied, ExpiredToken
from app.models import DeviceCode, User, Visitor
from app.storage import device_codes, tokens, users
from app.storage.store import Store, open_store

CODE = DeviceCode("device", "user", "terminal", "10.0.0.7", asked_at=5, expires_at=600, scope="read")


async def approved(store: Store, by: User, key: str = "user", *, refused: bool = False, now: int = 10) -> bool:
    return await store.write(lambda connection: device_codes.answer(connection, key, by.id, now, refused=refused))


async def test_a_program_is_found_by_either_code(store: Store) -> None:
    await store.write(device_codes.begin, CODE)
    assert await store.read(device_codes.by_device, "device") == CODE
    assert await store.read(device_codes.open_one, "user") == CODE
    assert await store.read(device_codes.by_device, "user") is None
    assert await store.read(device_codes.open_one, "device") is None
    assert await store.read(device_codes.count) == 1


async def test_the_first_answer_counts_and_closes_it(store: Store, ada: User, bob: User) -> None:
    await store.write(device_codes.begin, CODE)
    assert await approved(store, ada)
    assert not await approved(store, bob, refused=True)
    assert not await approved(store, ada)
    assert await store.read(device_codes.open_one, "user") is None
    assert await store.read(device_codes.by_device, "device") == structs.replace(CODE, user_id=ada.id)


async def test_an_answer_that_comes_too_late_is_none(store: Store, ada: User) -> None:
    await store.write(device_codes.begin, CODE)
    assert not await approved(store, ada, now=600)
    assert await approved(store, ada, now=599)


async def test_one_is_taken_once_it_is_approved_and_once(store: Store, ada: User) -> None:
    await store.write(device_codes.begin, CODE)
    assert await store.write(device_codes.take, "device", 10) is None
    await approved(store, ada)
    assert await store.write(device_codes.take, "device", 600) is None
    taken = await asyncio.gather(*[store.write(device_codes.take, "device", 599) for _ in range(5)])
    assert sorted(each is None for each in taken) == [False, True, True, True, True]


async def test_one_that_was_refused_is_never_taken(store: Store, ada: User) -> None:
    await store.write(device_codes.begin, CODE)
    await approved(store, ada, refused=True)
    assert await store.write(device_codes.take, "device", 10) is None
    assert await store.read(device_codes.by_device, "device") is not None


async def test_what_has_run_out_is_forgotten_and_what_somebody_approved_can_be_dropped(
    store: Store, ada: User, bob: User
) -> None:
    for number, expires_at in enumerate((600, 601, 602)):
        await store.write(device_codes.begin, DeviceCode(f"d{number}", f"u{number}", "x", "y", 5, expires_at, "write"))
    await store.write(device_codes.forget, 600)
    assert await store.read(device_codes.by_device, "d0") is None
    assert await approved(store, ada, "u1")
    assert await approved(store, bob, "u2")
    await store.write(device_codes.drop_of, ada.id)
    assert await store.read(device_codes.by_device, "d1") is None
    assert await store.read(device_codes.by_device, "d2") is not None


async def test_of_several_processes_that_a_program_asks_at_once_one_gives_it_a_token(
    url: str, store: Store, ada: User
) -> None:
    other = await open_store(url)
    await store.write(device_codes.begin, CODE)
    await approved(store, ada)
    asking = [each.write(grants.let_in, "device", f"b{n}", 20) for n, each in enumerate((store, other) * 3)]
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    await other.close()
    assert [each for each in outcomes if not isinstance(each, ExpiredToken)] == [ada]
    assert [(each.name, each.scope) for each in await store.read(tokens.of_user, ada.id)] == [("terminal", "read")]


@pytest.mark.parametrize("turn", range(4))
async def test_who_is_banned_while_their_program_is_let_in_has_none(
    url: str, store: Store, ada: User, bob: User, turn: int
) -> None:
    other = await open_store(url)
    moderator = await store.write(users.set_role, bob, "moderator", 1, ())
    await store.write(device_codes.begin, CODE)
    await approved(store, ada)
    works = [
        other.write(grants.let_in, "device", "bearer", 20),
        store.write(bans.banish, Visitor(moderator), ada.id, "", 20),
    ]
    outcomes = await asyncio.gather(*works[:: 1 if turn % 2 else -1], return_exceptions=True)
    await other.close()
    assert not [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, ExpiredToken)]
    assert await store.read(tokens.of_user, ada.id) == []


async def test_who_approves_and_is_banned_meanwhile_lets_nothing_in(store: Store, ada: User, bob: User) -> None:
    moderator = await store.write(users.set_role, bob, "moderator", 1, ())
    await store.write(device_codes.begin, CODE)
    await store.write(bans.banish, Visitor(moderator), ada.id, "", 9)
    await approved(store, ada)  # by a transaction that had not seen the ban
    with pytest.raises(AccessDenied):
        await store.write(grants.let_in, "device", "bearer", 20)
    assert await store.read(tokens.of_user, ada.id) == []

import asyncio

from app.models import SignIn
from app.storage import sign_ins
from app.storage.store import Store

SIGN_IN = SignIn("token", "secret", "/chat/general", "hash of the browser", expires_at=600)


async def test_a_sign_in_is_taken_once(store: Store) -> None:
    await store.write(sign_ins.begin, SIGN_IN)
    taken = await asyncio.gather(*[store.write(sign_ins.take, "token", 599) for _ in range(5)])
    assert sorted(taken, key=lambda one: one is None) == [SIGN_IN, None, None, None, None]


async def test_a_foreign_token_takes_nothing(store: Store) -> None:
    await store.write(sign_ins.begin, SIGN_IN)
    assert await store.write(sign_ins.take, "another", 1) is None
    assert await store.write(sign_ins.take, "token", 1) == SIGN_IN


async def test_an_expired_sign_in_is_gone(store: Store) -> None:
    await store.write(sign_ins.begin, SIGN_IN)
    assert await store.write(sign_ins.take, "token", 600) is None
    assert await store.write(sign_ins.take, "token", 1) is None


async def test_taking_one_sweeps_the_expired_ones_of_others(store: Store) -> None:
    later = SignIn("later", "secret", "/", "hash", expires_at=900)
    for sign_in in (SIGN_IN, later):
        await store.write(sign_ins.begin, sign_in)
    assert await store.write(sign_ins.take, "another", 700) is None
    assert await store.write(sign_ins.take, "token", 1) is None
    assert await store.write(sign_ins.take, "later", 1) == later

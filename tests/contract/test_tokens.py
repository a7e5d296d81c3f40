import asyncio

from sqlalchemy import select

from app.models import Preferences, Token, User
from app.storage import tokens
from app.storage.store import Store
from app.storage.tables import tokens as rows


async def made(store: Store, owner: User, *names: str, now: int = 10) -> list[Token]:
    return [await store.write(tokens.create, owner.id, name, f"hash of {name}", now, "write") for name in names]


async def test_a_token_is_found_by_its_hash_with_its_person(store: Store, ada: User) -> None:
    token = await store.write(tokens.create, ada.id, "weather bot", "hash a", 10, "read")
    assert token == Token(token.id, ada.id, "weather bot", 10, "read", seen_at=None)
    assert await store.read(tokens.find, "hash a") == (token, ada, Preferences())
    assert await store.read(tokens.find, "hash b") is None


async def test_an_ended_token_is_not_found_and_the_others_are(store: Store, ada: User, bob: User) -> None:
    one, two, three = await made(store, ada, "one", "two", "three")
    (other,) = await made(store, bob, "other")
    await store.write(tokens.end, [one.id, three.id], 20)
    assert await store.read(tokens.find, "hash of one") is None
    assert await store.read(tokens.of_user, ada.id) == [two]
    assert await store.read(tokens.by_ids, [one.id, two.id, other.id, 999]) == [two, other]


async def test_all_of_somebody_end_together_and_nobody_elses(store: Store, ada: User, bob: User) -> None:
    await made(store, ada, "one", "two")
    (other,) = await made(store, bob, "other")
    await store.write(tokens.end_of, ada.id, 20)
    assert await store.read(tokens.of_user, ada.id) == []
    assert await store.read(tokens.of_user, bob.id) == [other]


async def test_a_touched_token_was_used_later(store: Store, ada: User) -> None:
    one, two = await made(store, ada, "one", "two")
    await store.write(tokens.touch, [one.id], 30)
    assert [(each.seen_at, each.created_at) for each in await store.read(tokens.by_ids, [one.id, two.id])] == [
        (30, 10),
        (None, 10),
    ]


async def test_what_nobody_used_for_long_is_ended_and_the_others_are_not(store: Store, ada: User) -> None:
    old, old_and_used, never, new = await made(store, ada, "old", "used", "never used", "new")
    await store.write(tokens.touch, [old.id], 15)
    await store.write(tokens.touch, [old_and_used.id], 21)
    (young,) = await made(store, ada, "young", now=21)
    await store.write(tokens.touch, [new.id], 25)
    await store.write(tokens.end_unused, 30, 20)
    living = await store.read(tokens.by_ids, [each.id for each in (old, old_and_used, never, new, young)])
    assert [each.id for each in living] == [old_and_used.id, new.id, young.id]


async def test_what_was_ended_long_ago_is_forgotten_and_until_then_its_id_is_nobody_elses(
    store: Store, ada: User
) -> None:
    first, last = await made(store, ada, "first", "last")
    await store.write(tokens.end, [first.id], 20)
    await store.write(tokens.end, [last.id], 30)
    (another,) = await made(store, ada, "another")
    assert another.id not in (first.id, last.id)
    await store.write(tokens.forget, 30)
    left = select(rows.c.id).order_by(rows.c.id)
    assert await store.read(lambda connection: connection.scalars(left).all()) == [last.id, another.id]


async def test_ending_one_twice_keeps_the_first_time(store: Store, ada: User) -> None:
    (token,) = await made(store, ada, "one")
    await asyncio.gather(*[store.write(tokens.end, [token.id], now) for now in (20, 20, 20)])
    await store.write(tokens.end, [token.id], 40)
    await store.write(tokens.end_of, ada.id, 50)
    ended = select(rows.c.ended_at)
    assert await store.read(lambda connection: connection.scalars(ended).all()) == [20]

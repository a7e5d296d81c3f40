import asyncio

from app.models import Arrival, TwitterProfile
from app.storage import arrivals
from app.storage.store import Store, open_store

CY = TwitterProfile("x-cy", "cy", "Cy", fetched=True)


async def ask(store: Store, profile: TwitterProfile = CY, key: str = "hash", now: int = 5) -> bool:
    return await store.write(arrivals.ask, profile, key, "a browser", now)


async def found(store: Store, key: str = "hash") -> Arrival:
    arrival = await store.read(arrivals.by_token, key)
    assert arrival is not None
    return arrival


async def test_who_asks_is_known_by_their_browser(store: Store) -> None:
    assert await ask(store)
    arrival = await found(store)
    assert arrival == Arrival(arrival.id, "x-cy", "cy", "Cy", "a browser", "hash", 5, 5, None)
    assert await store.read(arrivals.by_token, "other") is None


async def test_who_asks_again_keeps_their_place_and_is_known_by_the_newest_browser(store: Store) -> None:
    await ask(store)
    assert not await ask(store, TwitterProfile("x-cy", "cy_moved"), "newer", 9)
    arrival = await found(store, "newer")
    assert (arrival.handle, arrival.name, arrival.asked_at, arrival.signed_in_at) == ("cy_moved", "Cy", 5, 9)
    assert await store.read(arrivals.by_token, "hash") is None


async def test_who_waits_is_listed_before_who_was_refused(store: Store) -> None:
    for number, name in enumerate(("ann", "ben", "cy")):
        await ask(store, TwitterProfile(f"x-{name}", name), name, number)
    ann = await found(store, "ann")
    assert await store.read(arrivals.count_waiting) == 3
    refused = await store.write(arrivals.refuse, ann.id, 9)
    assert refused is not None
    assert refused.refused_at == 9
    assert await store.write(arrivals.refuse, ann.id, 10) is None
    assert [each.handle for each in await store.read(arrivals.page, 9)] == ["ben", "cy", "ann"]
    assert await store.read(arrivals.count_waiting) == 2
    assert not await ask(store, TwitterProfile("x-ann", "ann"), "again", 11)
    assert (await found(store, "again")).refused_at == 9


async def test_of_several_who_let_somebody_in_at_once_one_does(url: str, store: Store) -> None:
    other = await open_store(url)
    await ask(store)
    arrival = await found(store)
    taking = [each.write(arrivals.take, arrival.id) for each in (store, other, store, other)]
    outcomes = await asyncio.gather(*taking)
    await other.close()
    assert sorted(outcome == arrival for outcome in outcomes) == [False, False, False, True]


async def test_they_are_forgotten_when_they_come_in_and_after_a_while(store: Store) -> None:
    await ask(store)
    await ask(store, TwitterProfile("x-ben", "ben"), "ben", 7)
    await store.write(arrivals.remove, "x-cy")
    assert [each.handle for each in await store.read(arrivals.page, 9)] == ["ben"]
    await store.write(arrivals.forget, 7)
    assert await store.read(arrivals.count_waiting) == 1
    await store.write(arrivals.forget, 8)
    assert await store.read(arrivals.count_waiting) == 0

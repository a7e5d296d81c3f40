"""What links lead to, as both engines keep it."""

import asyncio

from app.models import Card
from app.storage import link_cards
from app.storage.link_cards import Known, read
from app.storage.store import Store

CARD = Card("http://site.test/", "post", "X", "Ada «ä» 👩‍🚀", "one\ntwo", "May 5")


async def test_the_first_who_looks_goes_and_the_others_see_that(store: Store) -> None:
    first = await asyncio.gather(*[store.write(link_cards.look, "a", 100 + each) for each in range(5)])
    assert sum(known is None for known in first) == 1
    known = await store.write(link_cards.look, "a", 500)
    assert known is not None
    assert (known.state, known.card) == ("fetching", None)
    assert await store.write(link_cards.look, "b", 500) is None


async def test_what_was_found_is_kept_with_its_time(store: Store) -> None:
    await store.write(link_cards.look, "a", 100)
    await store.write(link_cards.note, "a", "card", CARD, 100)
    known = await store.write(link_cards.look, "a", 900)
    assert known is not None
    assert (known.state, known.at, read(known)) == ("card", 100, CARD)
    await store.write(link_cards.note, "a", "nothing", None, 200)
    assert await store.write(link_cards.look, "a", 900) == Known("nothing", 200, None)


async def test_who_looks_again_says_so(store: Store) -> None:
    await store.write(link_cards.look, "a", 100)
    await store.write(link_cards.note, "a", "card", CARD, 100)
    await store.write(link_cards.look_again, "a", 900)
    assert await store.write(link_cards.look, "a", 950) == Known("fetching", 900, None)


async def test_what_was_forgotten_meanwhile_is_noted_all_the_same(store: Store) -> None:
    await store.write(link_cards.note, "a", "card", CARD, 100)
    assert (await store.write(link_cards.look, "a", 900)) is not None


async def test_the_old_is_forgotten_a_portion_at_a_time(store: Store) -> None:
    for number in range(5):
        await store.write(link_cards.look, str(number), number)
    assert [await store.write(link_cards.purge, 4, 3) for _ in range(3)] == [3, 1, 0]
    assert await store.write(link_cards.look, "4", 900) is not None
    assert await store.write(link_cards.look, "0", 900) is None

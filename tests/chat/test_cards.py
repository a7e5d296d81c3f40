"""Cards of links: who gets one, what of, and when it goes."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from app.chat import cards, editing, links, memberships, messages, removal, rooms
from app.chat.cards import DAY, HOLDS, LATER, PACE, SOON
from app.errors import Forbidden, NotFound, TooFast
from app.models import Card, Message, Removal, Visitor
from app.outbound.fetcher import Fetcher
from app.outbound.previews import Previews
from app.protocol import events
from app.storage import jobs, link_cards
from tests.chat.test_export import exported
from tests.outbound.test_posts import EMBED
from tests.outbound.test_posts import URL as POST
from tests.support.house import GENERAL, House, open_house
from tests.support.web import PUBLIC, Names, Site, allowed, answer, open_site, page

LINK = "http://site.test/tides"
OTHER = "http://site.test/other"
TIDES = page('<title>Tides</title><meta name=description content="Why two are rarely the same.">')
CARD = Card(LINK, site="site.test", title="Tides", text="Why two are rarely the same.")
NONE = Card(LINK, kind="none")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site({"/tides": TIDES, "/other": page("<title>Other</title>")}) as site:
        yield site


@pytest.fixture
async def house(migrated: Path, tmp_path: Path, site: Site) -> AsyncIterator[House]:
    async with open_house(migrated, tmp_path) as house:
        house.services = replace(house.services, previews=previews(site))
        yield house


def previews(site: Site) -> Previews:
    names = Names({"site.test": [PUBLIC], "x-answers.test": [PUBLIC]}, {PUBLIC: site.port})
    return Previews(Fetcher("https://roost.test", names, allowed), "http://x-answers.test/oembed")


async def work(house: House) -> list[float | None]:
    """Does what is due, one by one, as a worker would; what came of each."""
    now = house.clock.steady()
    outcomes = []
    for job in await house.services.store.write(jobs.take, now, now + 60_000, {links.CARD: 100}):
        again = await cards.draw(house.services, job)
        outcomes.append(again)
        if again is None:
            await house.services.store.write(jobs.finish, job, now)
        else:
            await house.services.store.write(jobs.put_off, job, now + int(again * 1000))
    return outcomes


async def read(house: House, who: Visitor, number: int = 1, room: int = GENERAL) -> Message:
    found = await messages.page(house.services, who, room)
    return next(each for each in found.messages if each.number == number)


async def card(house: House, who: Visitor, number: int = 1, room: int = GENERAL) -> Card | None:
    return (await read(house, who, number, room)).more.card


async def test_a_link_gets_its_card_after_delivery_as_a_change_of_the_room(
    house: House, site: Site, ana: Visitor, bo: Visitor
) -> None:
    reader = await house.connect(bo)
    await reader.open()
    posted = (await house.post(ana, f"look, @bo: {LINK} and {OTHER}")).message
    assert site.connections == 0
    assert await work(house) == [None]
    assert await card(house, bo) == CARD
    (changed,) = await reader.hears(events.MessageChanged)
    assert changed.seq == changed.message.seq == posted.seq + 1
    assert changed.message.card == events.Card(LINK, "Tides", site="site.test", text=CARD.text)
    assert (changed.message.html, changed.message.edited) == (posted.html, None)
    assert [person.handle for person in changed.people] == ["bo"]
    assert await work(house) == []
    assert house.services.metrics.links_looked_up == {"card": 1}


@pytest.mark.parametrize("text", ["no link", "ana@example.org", "`http://site.test/`", "http://127.0.0.1:5000/chat"])
async def test_what_leads_nowhere_on_the_web_asks_for_nothing(house: House, ana: Visitor, text: str) -> None:
    await house.post(ana, text)
    assert await work(house) == []


async def test_a_link_is_fetched_once_a_day_for_all_messages_and_rooms(house: House, site: Site, ana: Visitor) -> None:
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    await house.post(ana, LINK)
    await house.post(ana, f"{LINK}#high", attic.id)
    await house.post(ana, LINK)
    await work(house)
    assert await card(house, ana, 1, attic.id) == structs.replace(CARD, url=f"{LINK}#high")
    assert await card(house, ana, 2) == CARD
    assert site.connections == 1
    house.clock.advance(DAY / 1000)
    site.answers["/tides"] = page("<title>Ebb</title>")
    await house.post(ana, LINK)
    await work(house)
    assert (await card(house, ana, 3), site.connections) == (Card(LINK, site="site.test", title="Ebb"), 2)
    assert await card(house, ana, 1) == CARD


async def test_where_there_is_nothing_nobody_looks_for_an_hour(house: House, site: Site, ana: Visitor) -> None:
    site.answers["/tides"] = page("<title>gone</title>", "404 Not Found")
    for _ in range(2):
        await house.post(ana, LINK)
        assert await work(house) == [None]
    assert site.connections == 1
    assert await card(house, ana) is None
    house.clock.advance(HOLDS["nothing"] / 1000)
    await house.post(ana, LINK)
    await work(house)
    assert site.connections == 2


async def test_a_site_in_trouble_is_asked_again_later_and_then_no_more(house: House, site: Site, ana: Visitor) -> None:
    site.answers["/tides"] = page("", "503 Later")
    await house.post(ana, LINK)
    for wait in LATER:
        assert await work(house) == [wait]
        assert await work(house) == []
        house.clock.advance(wait)
    assert await work(house) == [None]
    assert site.connections == len(LATER) + 1
    house.clock.advance(3600)
    assert await work(house) == []
    assert house.services.metrics.links_looked_up == {"failed": 4}


async def test_a_site_that_has_recovered_gets_its_card(house: House, site: Site, ana: Visitor) -> None:
    site.answers["/tides"] = page("", "503 Later")
    await house.post(ana, LINK)
    await work(house)
    site.answers["/tides"] = TIDES
    house.clock.advance(LATER[0])
    assert await work(house) == [None]
    assert await card(house, ana) == CARD


async def test_what_somebody_else_is_looking_up_is_waited_for(house: House, site: Site, ana: Visitor) -> None:
    await house.services.store.write(link_cards.look, cards.hash_of(LINK), house.clock.steady())
    await house.post(ana, LINK)
    assert await work(house) == [SOON]
    assert site.connections == 0
    house.clock.advance(HOLDS["fetching"] / 1000)
    assert await work(house) == [None]
    assert await card(house, ana) == CARD


async def test_of_one_person_so_many_links_are_looked_up_in_a_minute_and_the_others_later(
    house: House, site: Site, ana: Visitor, bo: Visitor
) -> None:
    most = house.services.settings.limit_link_cards_per_minute
    links_of_ana = [f"{LINK}?{number}" for number in range(most + 1)]
    site.answers |= {f"/tides?{number}": TIDES for number in range(most + 1)}
    for link in links_of_ana:
        await house.post(ana, link)
    assert await work(house) == [*([None] * most), LATER[0]]
    assert site.connections == most
    await house.post(ana, links_of_ana[0])
    assert await work(house) == [None], "what is known costs nothing"
    await house.post(bo, links_of_ana[-1])
    assert await work(house) == [None], "nor does it hold up anybody else"
    assert site.connections == most + 1
    house.clock.advance(LATER[0])
    assert await work(house) == [None]
    assert await card(house, ana, most + 1) == structs.replace(CARD, url=links_of_ana[-1])


async def test_an_address_that_is_not_public_is_refused_and_counted(house: House, ana: Visitor) -> None:
    await house.post(ana, "http://127.0.0.1/ http://169.254.169.254/")
    assert await work(house) == [None]
    assert await card(house, ana) is None
    assert house.services.metrics.links_looked_up == {"refused": 1}


async def test_a_post_on_x_is_a_card_of_our_own_and_stays_in_exports(house: House, site: Site, ana: Visitor) -> None:
    site.answers[""] = answer(json.dumps(EMBED).encode(), content_type="application/json; charset=utf-8")
    await house.post(ana, f"nice: {POST}")
    await work(house)
    found = await card(house, ana)
    assert found is not None
    assert (found.kind, found.title, found.date) == ("post", "US Department of the Interior (@Interior)", "May 5, 2014")
    assert site.paths[0].startswith("/oembed?url=https%3A%2F%2Ftwitter.com%2FInterior%2Fstatus%2F463440424141459456&")
    (said,) = (await exported(house, ana))["messages"]
    assert said["card"]["text"].startswith("Sunsets don't get much better")


async def test_an_edit_of_other_words_keeps_the_card_and_asks_nobody(house: House, site: Site, ana: Visitor) -> None:
    await house.post(ana, LINK)
    await work(house)
    await editing.edit(house.services, ana, GENERAL, 1, f"look: {LINK}")
    assert await card(house, ana) == CARD
    assert await work(house) == []
    assert site.connections == 1


async def test_with_another_link_comes_another_card_and_without_one_it_goes(house: House, ana: Visitor) -> None:
    await house.post(ana, LINK)
    await work(house)
    edited = await editing.edit(house.services, ana, GENERAL, 1, OTHER)
    assert (edited.more.card, edited.extras) == (None, None)
    await work(house)
    assert await card(house, ana) == Card(OTHER, site="site.test", title="Other")
    await editing.edit(house.services, ana, GENERAL, 1, "nothing")
    assert await card(house, ana) is None
    assert await work(house) == []
    await editing.edit(house.services, ana, GENERAL, 1, f"again {LINK}")
    await work(house)
    assert await card(house, ana) == CARD


async def test_a_card_that_comes_too_late_is_not_put_under_other_words(house: House, site: Site, ana: Visitor) -> None:
    await house.post(ana, LINK)
    now = house.clock.steady()
    (job,) = await house.services.store.write(jobs.take, now, now + 60_000, {links.CARD: 1})
    placed = await house.services.store.write(
        cards.place, house.services.settings, job, Card(OTHER, site="site.test", title="Other")
    )
    assert placed == []
    await removal.remove(house.services, ana, GENERAL, 1)
    assert await cards.draw(house.services, job) is None
    assert site.connections == 0
    assert (await read(house, ana)).extras is None


async def test_a_removed_message_has_no_card_and_gets_it_back_with_its_words(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, LINK)
    await work(house)
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    assert await card(house, bo) is None
    await removal.restore(house.services, done)
    assert await card(house, bo) == CARD


@pytest.mark.parametrize("before", ["card", "job"])
async def test_a_message_that_was_removed_before_its_card_came_gets_it_when_it_is_put_back(
    house: House, site: Site, ana: Visitor, bo: Visitor, before: str
) -> None:
    """Before the job was taken, and before it was done again."""
    site.answers["/tides"] = page("", "503 Later")
    await house.post(ana, LINK)
    if before == "card":
        assert await work(house) == [LATER[0]]
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    house.clock.advance(LATER[0])
    assert await work(house) == [None]
    site.answers["/tides"] = TIDES
    house.services.jobs.clear()
    await removal.restore(house.services, done)
    assert house.services.jobs.is_set()
    assert await work(house) == [None]
    assert await card(house, bo) == CARD


async def test_what_is_put_back_with_its_card_or_none_to_come_asks_for_nothing(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, LINK)
    await house.post(ana, OTHER)
    await house.post(ana, "no link")
    await cards.dismiss(house.services, ana, GENERAL, 2)
    await work(house)
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    await removal.restore(house.services, done)
    assert await work(house) == []


async def test_its_author_takes_it_away_and_it_stays_away_while_the_link_is_that(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    reader = await house.connect(bo)
    await reader.open()
    await house.post(ana, LINK)
    await work(house)
    seq = (await read(house, ana)).seq
    await cards.dismiss(house.services, ana, GENERAL, 1)
    changed = (await reader.hears(events.MessageChanged, 2))[1]
    assert (changed.seq, changed.message.card) == (seq + 1, None)
    await cards.dismiss(house.services, ana, GENERAL, 1)
    await editing.edit(house.services, ana, GENERAL, 1, f"other words: {LINK}")
    await work(house)
    assert await card(house, ana) == NONE
    await editing.edit(house.services, ana, GENERAL, 1, OTHER)
    await work(house)
    assert await card(house, ana) == Card(OTHER, site="site.test", title="Other")


async def test_a_card_is_taken_away_before_it_comes(house: House, site: Site, ana: Visitor) -> None:
    await house.post(ana, LINK)
    await cards.dismiss(house.services, ana, GENERAL, 1)
    assert await work(house) == [None]
    assert (await card(house, ana), site.connections) == (NONE, 0)
    await house.post(ana, "no link")
    await cards.dismiss(house.services, ana, GENERAL, 2)
    assert (await read(house, ana, 2)).extras is None


async def test_nobody_else_takes_it_away_but_moderators(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, LINK)
    await work(house)
    with pytest.raises(Forbidden):
        await cards.dismiss(house.services, bo, GENERAL, 1)
    with pytest.raises(NotFound):
        await cards.dismiss(house.services, bo, GENERAL, 2)
    outsider, _ = await rooms.create(house.services, ana, "Attic", "private")
    await house.post(ana, LINK, outsider.id)
    with pytest.raises(NotFound):
        await cards.dismiss(house.services, await house.appoint(bo, "moderator"), outsider.id, 1)
    await cards.dismiss(house.services, bo, GENERAL, 1)
    assert await card(house, ana) == NONE
    await house.appoint(ana, "owner")
    await house.post(ana, LINK)
    await work(house)
    with pytest.raises(Forbidden):
        await cards.dismiss(house.services, bo, GENERAL, 2)


async def test_whoever_takes_many_away_is_slowed_down(house: House, ana: Visitor) -> None:
    await house.post(ana, "x")
    for _ in range(PACE.most):
        await cards.dismiss(house.services, ana, GENERAL, 1)
    with pytest.raises(TooFast):
        await cards.dismiss(house.services, ana, GENERAL, 1)


async def test_a_room_without_cards_asks_for_none(house: House, site: Site, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Quiet", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(ana, LINK, room.id)
    changed, _ = await rooms.change(house.services, ana, room.id, rooms.Wanted(cards=False))
    assert not changed.cards
    await house.post(bo, OTHER, room.id)
    # The cache is corrected by an event; whatever was asked for before is not looked up either.
    assert set(await work(house)) == {None}
    assert (await card(house, ana, 1, room.id), await card(house, ana, 2, room.id)) == (None, None)
    await editing.edit(house.services, bo, room.id, 2, LINK)
    assert await work(house) == []
    assert site.connections == 0
    await rooms.change(house.services, ana, room.id, rooms.Wanted(cards=True))
    await editing.edit(house.services, bo, room.id, 2, OTHER)
    await work(house)
    assert await card(house, ana, 2, room.id) == Card(OTHER, site="site.test", title="Other")


async def test_where_the_setting_is_off_nothing_is_ever_fetched(migrated: Path, tmp_path: Path, site: Site) -> None:
    async with open_house(migrated, tmp_path, environ={"LINK_CARDS": "off"}) as house:
        house.services = replace(house.services, previews=previews(site))
        ana = await house.sign_in("ana")
        await house.post(ana, LINK)
        await editing.edit(house.services, ana, GENERAL, 1, OTHER)
        assert await work(house) == []
        await house.services.store.write(jobs.add, "card", GENERAL, 1)
        assert await work(house) == [None]
        assert site.connections == 0


async def test_what_is_older_than_a_day_is_forgotten(house: House, ana: Visitor) -> None:
    await house.post(ana, LINK)
    await work(house)
    await cards.purge(house.services)
    house.clock.advance(DAY / 1000 + 1)
    await cards.purge(house.services)
    assert await house.services.store.write(link_cards.look, cards.hash_of(LINK), house.clock.steady()) is None
    assert await card(house, ana) == CARD

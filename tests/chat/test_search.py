"""Finding messages: only what the visitor may read now, the newest first."""

from datetime import UTC, datetime, timedelta

import pytest

from app.chat import blocks, direct, editing, indexing, memberships, removal, search, threads
from app.chat.events import shown_found
from app.chat.search import Found
from app.errors import BadDate, TooFast
from app.models import Visitor
from app.protocol import events
from app.realtime.exchange import Exchange
from app.storage import memberships as membership_rows
from app.storage import rooms
from tests.support.house import GENERAL, House


async def index(house: House) -> None:
    for room_id in await indexing.rooms_behind(house.services):
        while await indexing.index_some(house.services, room_id):
            pass


async def found(house: House, visitor: Visitor, text: str, **asked: int) -> list[str]:
    await index(house)
    house.services.limits.give_back(f"search:{visitor.user.id}")
    page: Found = await search.find(house.services, visitor, text, **asked)
    return [hit.message.text for hit in page.hits]


async def room_of(house: House, slug: str, *people: Visitor) -> int:
    room = await house.services.store.write(rooms.add, slug, slug.title(), "", "public", house.clock.now())
    for visitor in people:
        await memberships.join(house.services, visitor, room.id)
    return room.id


async def test_words_are_found_by_how_they_begin_the_newest_first(house: House) -> None:
    ada = await house.sign_in("ada")
    for text in ("Cold start", "a colder one", "warm", "scold"):
        await house.post(ada, text)
    assert await found(house, ada, "cold") == ["a colder one", "Cold start"]
    assert await found(house, ada, '"cold"') == ["Cold start"]
    assert await found(house, ada, "COLD -start") == ["a colder one"]
    assert await found(house, ada, "cold start") == ["Cold start"]


async def test_nothing_is_found_in_rooms_that_the_visitor_is_not_in_any_more(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    tea = await room_of(house, "tea", ada, bob)
    await house.post(ada, "cold tea", room=tea)
    assert await found(house, bob, "cold") == ["cold tea"]
    await memberships.leave(house.services, bob, tea)
    assert await found(house, bob, "cold") == []
    await memberships.join(house.services, bob, tea)
    assert await found(house, bob, "cold") == ["cold tea"]


async def test_a_room_one_may_not_read_is_as_good_as_none(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    attic = await house.private_room()
    await house.services.store.write(membership_rows.join, attic.id, ada.user.id, 1, "member")
    await house.post(ada, "cold attic", room=attic.id)
    assert await found(house, ada, "in:attic cold") == ["cold attic"]
    for nowhere in ("in:attic cold", "in:nowhere cold"):
        page = await search.find(house.services, bob, nowhere)
        assert (page.hits, page.people, page.before) == ([], [], None)


async def test_people_one_has_blocked_are_left_out_unless_they_are_asked_for(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    for author in (ada, bob, ada):
        await house.post(author, "cold")
    await blocks.block(house.services, ada, bob.user.id)
    await index(house)
    page = await search.find(house.services, ada, "cold")
    assert [hit.message.author_id for hit in page.hits] == [ada.user.id] * 2
    assert {hit.before for hit in page.hits} == {None} == {hit.after for hit in page.hits}
    assert len(await found(house, ada, "cold from:@BOB")) == 1


async def test_what_was_removed_is_neither_found_nor_shown_beside_what_is(house: House) -> None:
    ada = await house.sign_in("ada")
    for text in ("cold one", "cold two", "cold three"):
        await house.post(ada, text)
    await index(house)
    await removal.remove(house.services, ada, GENERAL, 2)
    page = await search.find(house.services, ada, "cold")
    assert [hit.message.number for hit in page.hits] == [3, 1]
    assert [(hit.before, hit.after) for hit in page.hits] == [(None, None)] * 2


async def test_a_hit_comes_with_those_before_and_after_it(house: House) -> None:
    ada = await house.sign_in("ada")
    for text in ("before", "cold", "after"):
        await house.post(ada, text)
    await index(house)
    (hit,) = (await search.find(house.services, ada, "cold")).hits
    assert hit.before is not None
    assert hit.after is not None
    assert (hit.before.text, hit.after.text) == ("before", "after")


async def test_what_was_said_in_a_thread_is_found_by_who_has_opened_it_and_leads_there(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    await house.post(ada, "who has the key?")
    opened = await threads.open_thread(house.services, ada, GENERAL, 1)
    await house.post(ada, "the cold one", opened.thread.id)
    assert await found(house, bob, "cold") == []
    await threads.open_thread(house.services, bob, GENERAL, 1)
    assert await found(house, bob, "cold") == ["the cold one"]
    page = await search.find(house.services, bob, "cold")
    [hit] = shown_found(page, ref=1).hits
    assert (hit.room, hit.parent, hit.root) == (opened.thread.id, GENERAL, 1)
    await room_of(house, "tea", ada, bob)
    assert await found(house, bob, "cold in:general") == ["the cold one"]
    assert await found(house, bob, "cold in:tea") == []


async def test_a_thread_of_a_talk_is_found_in_it(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    talk = (await direct.open_room(house.services, ada, [bob.user.id])).room
    await house.post(ada, "who has the key?", talk.id)
    opened = await threads.open_thread(house.services, bob, talk.id, 1)
    await house.post(bob, "the cold one", opened.thread.id)
    assert await found(house, bob, "cold in:@ada") == ["the cold one"]


async def test_filters(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    tea = await room_of(house, "tea", ada, bob)
    await house.post(bob, "cold https://example.com")
    await house.post(ada, "cold, @bob?")
    await house.post(bob, "cold tea", room=tea)
    assert await found(house, ada, "cold from:me") == ["cold, @bob?"]
    assert await found(house, ada, "from:bob in:#Tea") == ["cold tea"]
    assert await found(house, ada, "has:link") == ["cold https://example.com"]
    assert await found(house, bob, "mentions:me") == ["cold, @bob?"]
    assert await found(house, ada, "mentions:@bob") == ["cold, @bob?"]
    assert await found(house, ada, "has:image cold") == []
    assert await found(house, ada, "from:nobody cold") == []


async def test_a_call_mentions_whoever_was_in_the_room_but_its_author(house: House) -> None:
    ada, bob = await house.sign_in("ada"), await house.sign_in("bob")
    await house.post(ada, "@all, cold tea")
    await house.post(ada, "@bob and @all")
    house.clock.advance(1)
    later = await house.sign_in("later")
    assert await found(house, bob, "mentions:me") == ["@bob and @all", "@all, cold tea"]
    assert await found(house, bob, "mentions:@bob cold") == ["@all, cold tea"]
    assert await found(house, ada, "mentions:me") == await found(house, later, "mentions:me") == []
    await editing.edit(house.services, ada, GENERAL, 1, "cold tea")
    assert await found(house, bob, "mentions:me") == ["@bob and @all"]


async def test_days_are_those_of_the_visitor(house: House) -> None:
    ada = await house.sign_in("ada")
    said_at = datetime.fromtimestamp((await house.post(ada, "cold")).message.at / 1000, UTC)
    day, next_day, day_before = (said_at.date() + timedelta(days=days) for days in (0, 1, -1))
    assert await found(house, ada, f"on:{day}") == ["cold"]
    assert await found(house, ada, f"after:{day_before} before:{next_day}") == ["cold"]
    assert await found(house, ada, f"after:{day}") == await found(house, ada, f"before:{day}") == []
    # Where the day that this belongs to has just begun, or is about to.
    minute = said_at.hour * 60 + said_at.minute
    assert await found(house, ada, f"on:{next_day}", zone=24 * 60 - minute) == ["cold"]
    assert await found(house, ada, f"on:{day_before}", zone=-minute - 1) == ["cold"]
    assert await found(house, ada, "cold before:0001-01-01") == []
    assert await found(house, ada, "cold after:0001-01-01 before:9999-12-31") == ["cold"]


async def test_pages_follow_each_other(house: House) -> None:
    ada = await house.sign_in("ada")
    for number in range(7):
        await house.post(ada, f"cold {number}")
    await index(house)
    texts, before = [], None
    while True:
        page = await search.find(house.services, ada, "cold", before=before, limit=3)
        texts += [hit.message.text for hit in page.hits]
        before = page.before
        if before is None:
            break
    assert texts == [f"cold {number}" for number in range(6, -1, -1)]


async def test_an_empty_search_finds_nothing_and_a_bad_date_says_so(house: House) -> None:
    ada = await house.sign_in("ada")
    await house.post(ada, "cold")
    assert await found(house, ada, " ?! ") == []
    with pytest.raises(BadDate):
        await search.find(house.services, ada, "cold on:yesterday")


async def test_whoever_searches_too_often_is_told_when_to_go_on(house: House) -> None:
    ada = await house.sign_in("ada")
    for _ in range(search.PACE.most):
        await search.find(house.services, ada, "cold")
    with pytest.raises(TooFast) as problem:
        await search.find(house.services, ada, "cold")
    assert problem.value.retry_after


async def test_a_text_that_looks_like_markup_or_sql_is_words(house: House) -> None:
    ada = await house.sign_in("ada")
    await house.post(ada, "<script>alert('cold')</script> 100% OR 1=1 \\ * NEAR(a)")
    for text in (
        "<script>",
        "alert('cold')",
        "100%",
        "OR 1=1",
        "\\ cold",
        "*cold*",
        "NEAR(a)",
        "'cold",
        "col_d -x",
        "{cold}",
    ):
        assert len(await found(house, ada, text)) == (0 if "col_d" in text else 1), text


async def test_the_command_answers_in_the_words_of_the_protocol(house: House) -> None:
    ada = await house.sign_in("ada")
    await house.post(ada, "**Cold** start")
    await index(house)
    answer = await Exchange(house.services, ada).answer(b'{"type":"message.search","ref":5,"text":"cold in:general"}')
    assert isinstance(answer, events.Found)
    (hit,) = answer.hits
    assert hit.message.html == "<strong><mark>Cold</mark></strong> start"
    assert [(chip.kind, chip.value) for chip in answer.chips] == [("in", "general")]

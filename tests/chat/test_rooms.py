"""Making rooms, and catching up with one (DELIVERY D7, F16)."""

import asyncio

import pytest

from app.chat import rooms
from app.chat.rooms import MOST_AT_ONCE, MOST_CHANGES
from app.errors import BadRequest, NotFound
from app.models import Visitor
from app.protocol import events
from app.storage import memberships, users
from app.storage import rooms as room_rows
from tests.support.house import GENERAL, House
from tests.support.storage import statements


@pytest.mark.parametrize("slug", ["a", "tide-sensors", "2010", "x" * 40, "a-b-c"])
async def test_a_slug_is_lower_case_with_single_hyphens(house: House, slug: str) -> None:
    room = await rooms.add(house.services, slug)
    assert (room.slug, room.name, room.kind) == (slug, slug, "public")


@pytest.mark.parametrize(
    "slug", ["", "-", "a-", "-a", "a--b", "A", "ä", "a b", "a/b", "../a", "a\n", "x" * 41, "a_b", "a.b", "general"]
)
async def test_another_address_or_a_taken_one_is_refused_with_a_sentence(house: House, slug: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await rooms.add(house.services, slug)
    assert "room" in refusal.value.message


async def test_everybody_is_in_a_new_room_but_those_who_wrote_elsewhere(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.services.store.write(users.add_imported, "oldie", 0)
    room = await rooms.add(house.services, "annex")
    joined = await house.services.store.read(memberships.changed_since, room.id, 0)
    assert [each.user_id for each in joined] == [ana.user.id, bo.user.id]
    assert room.seq == 2
    stored = await house.services.store.read(room_rows.by_id, room.id)
    assert stored == room
    assert room.members == 2


async def test_a_visitor_has_their_rooms(house: House, ana: Visitor) -> None:
    await rooms.add(house.services, "annex")
    await house.private_room()
    assert [room.slug for room, _ in await rooms.of_visitor(house.services, ana)] == ["general", "annex"]


async def post(house: House, who: Visitor, count: int) -> None:
    await asyncio.gather(*[house.post(who, f"{number}") for number in range(count)])


async def catch_up(house: House, who: Visitor, since: int | None, epoch: str | None = "") -> rooms.CaughtUp:
    """`epoch` "" stands for this database's own."""
    known = house.services.store.epoch if epoch == "" else epoch
    return await rooms.catch_up(house.services, who, GENERAL, known, since)


async def test_a_first_look_gets_the_newest_page(house: House, ana: Visitor) -> None:
    await post(house, ana, 60)
    for found in (await catch_up(house, ana, None), await catch_up(house, ana, None, None)):
        assert found.reset
        assert [message.number for message in found.messages] == list(range(11, 61))
    assert house.services.metrics.resets == 0, "nothing was lost to somebody who had nothing"


async def test_changes_since_are_told_in_order(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, ana, 10)
    head = (await catch_up(house, ana, None)).room.seq
    for since, count in ((head, 0), (head - 1, 1), (head - 7, 7)):
        found = await catch_up(house, ana, since)
        assert not found.reset
        assert [message.seq for message in found.messages] == list(range(since + 1, since + 1 + count))
        assert [author.id for author in found.authors] == ([ana.user.id] if count else [])


@pytest.mark.parametrize("beyond", [1, 2, 2**53 - 1])
async def test_a_change_that_never_was_resets(house: House, ana: Visitor, beyond: int) -> None:
    await post(house, ana, 3)
    head = (await catch_up(house, ana, None)).room.seq
    found = await catch_up(house, ana, min(head + beyond, 2**53 - 1))
    assert found.reset
    assert len(found.messages) == 3
    assert house.services.metrics.resets == 1


@pytest.mark.parametrize("epoch", ["another", None, "x" * 64])
async def test_another_database_resets(house: House, ana: Visitor, epoch: str | None) -> None:
    await post(house, ana, 3)
    found = await catch_up(house, ana, 2, epoch)
    assert found.reset
    assert len(found.messages) == 3


async def test_a_gap_of_a_thousand_is_filled_and_one_more_resets(house: House, ana: Visitor) -> None:
    await post(house, ana, MOST_CHANGES + 5)
    head = (await catch_up(house, ana, None)).room.seq
    for missed in (MOST_CHANGES - 1, MOST_CHANGES):
        parts = await all_parts(house, ana, head - missed)
        told = [message.seq for part in parts for message in part.messages]
        assert told == list(range(head - missed + 1, head + 1))
        assert max(len(part.messages) for part in parts) == MOST_AT_ONCE
        assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]
    found = await catch_up(house, ana, head - MOST_CHANGES - 1)
    assert found.reset
    assert len(found.messages) == 50
    assert found.messages[-1].seq == head


async def all_parts(house: House, who: Visitor, since: int) -> list[rooms.CaughtUp]:
    parts = [await catch_up(house, who, since)]
    while parts[-1].more:
        parts.append(await catch_up(house, who, parts[-1].room.seq))
    return parts


async def test_long_messages_are_told_in_parts_that_a_slow_line_can_take(house: House, ana: Visitor) -> None:
    text = "&" * 4_000  # five times as long in HTML
    await asyncio.gather(*[house.post(ana, text) for _ in range(60)])
    head = (await catch_up(house, ana, None)).room.seq
    parts = await all_parts(house, ana, head - 60)
    assert len(parts) == 6
    assert [message.number for part in parts for message in part.messages] == list(range(1, 61))
    newest = await catch_up(house, ana, None)
    assert not newest.more
    assert newest.room.seq == head
    assert [message.number for message in newest.messages] == list(range(51, 61))


async def test_coming_back_takes_three_queries(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, bo, 5)
    head = (await catch_up(house, ana, None)).room.seq
    house.services.cache.clear()
    with statements(house.services.store) as made:
        await catch_up(house, ana, head - 3)
    assert len(made) == 3, made


async def test_from_the_very_beginning_a_short_room_is_told_whole(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, ana, 5)
    found = await catch_up(house, bo, 0)
    assert not found.reset
    assert [message.number for message in found.messages] == [1, 2, 3, 4, 5]
    assert found.room.members == 2
    assert found.membership.user_id == bo.user.id


async def test_joinings_alone_leave_nothing_to_tell_but_the_head(house: House, ana: Visitor) -> None:
    for number in range(3):
        await house.sign_in(f"person{number}")
    found = await catch_up(house, ana, 1)
    assert not found.reset
    assert found.messages == []
    assert found.room.seq == 4


async def test_a_room_not_joined_answers_like_one_that_does_not_exist(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    for room in (attic.id, 999):
        with pytest.raises(NotFound):
            await rooms.catch_up(house.services, ana, room, house.services.store.epoch, 0)


async def test_what_a_hub_missed_are_posts_and_joinings_in_order(house: House, ana: Visitor) -> None:
    await house.post(ana, "one")
    cleo = await house.sign_in("cleo")
    await house.post(cleo, "two")
    head, missed = await rooms.missed(house.services, GENERAL, 0)
    assert head == 4
    assert [change.seq for change in missed] == [1, 2, 3, 4]
    assert [type(change) for change in missed] == [
        events.MemberJoined,
        events.MessagePosted,
        events.MemberJoined,
        events.MessagePosted,
    ]
    assert [change.person.handle for change in missed] == ["ana", "ana", "cleo", "cleo"]


async def test_of_too_many_missed_changes_a_hub_is_told_the_last(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_CHANGES", 5)
    await post(house, ana, 5)
    assert len((await rooms.missed(house.services, GENERAL, 1))[1]) == 5
    await post(house, ana, 1)
    await house.sign_in("cleo")
    head, missed = await rooms.missed(house.services, GENERAL, 1)
    assert head == 8
    assert [change.seq for change in missed] == [7, 8]
    assert isinstance(missed[1], events.MemberJoined)

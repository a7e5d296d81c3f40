"""Making rooms, and catching up with one (DELIVERY D7, F16)."""

import asyncio
from typing import Any

import msgspec
import pytest

from app.chat import editing, rooms
from app.chat import memberships as memberships_chat
from app.chat.events import shown_change
from app.chat.rooms import MOST_AT_ONCE, MOST_CHANGES
from app.errors import BadRequest, BadRoomName, Forbidden, NotFound, RoomTaken, TooFast
from app.models import Room, Visitor
from app.protocol import events
from app.storage import memberships, users
from app.storage import rooms as room_rows
from tests.support.house import GENERAL, House, user_of
from tests.support.storage import statements


@pytest.mark.parametrize("slug", ["a", "tide-sensors", "2010", "x" * 40, "a-b-c", "ä", "морские-датчики"])
async def test_a_slug_is_lower_case_with_single_hyphens(house: House, slug: str) -> None:
    room = await rooms.add(house.services, slug)
    assert (room.slug, room.name, room.kind) == (slug, slug, "public")


@pytest.mark.parametrize(
    "slug", ["", "-", "a-", "-a", "a--b", "A", "Ä", "a b", "a/b", "../a", "a\n", "x" * 41, "a_b", "a.b", "general"]
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
        assert found.opening.reset
        assert [message.number for message in found.opening.messages] == list(range(11, 61))
    assert house.services.metrics.resets == 0, "nothing was lost to somebody who had nothing"


async def test_changes_since_are_told_in_order(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, ana, 10)
    head = (await catch_up(house, ana, None)).room.seq
    for since, count in ((head, 0), (head - 1, 1), (head - 7, 7)):
        found = await catch_up(house, ana, since)
        assert not found.opening.reset
        assert [message.seq for message in found.opening.messages] == list(range(since + 1, since + 1 + count))
        assert [author.id for author in found.people] == ([ana.user.id] if count else [])


@pytest.mark.parametrize("beyond", [1, 2, 2**53 - 1])
async def test_a_change_that_never_was_resets(house: House, ana: Visitor, beyond: int) -> None:
    await post(house, ana, 3)
    head = (await catch_up(house, ana, None)).room.seq
    found = await catch_up(house, ana, min(head + beyond, 2**53 - 1))
    assert found.opening.reset
    assert len(found.opening.messages) == 3
    assert house.services.metrics.resets == 1


@pytest.mark.parametrize("epoch", ["another", None, "x" * 64])
async def test_another_database_resets(house: House, ana: Visitor, epoch: str | None) -> None:
    await post(house, ana, 3)
    found = await catch_up(house, ana, 2, epoch)
    assert found.opening.reset
    assert len(found.opening.messages) == 3


async def test_a_gap_of_a_thousand_is_filled_and_one_more_resets(house: House, ana: Visitor) -> None:
    await post(house, ana, MOST_CHANGES + 5)
    head = (await catch_up(house, ana, None)).room.seq
    for missed in (MOST_CHANGES - 1, MOST_CHANGES):
        parts = await all_parts(house, ana, head - missed)
        told = [message.seq for part in parts for message in part.opening.messages]
        assert told == list(range(head - missed + 1, head + 1))
        assert max(len(part.opening.messages) for part in parts) == MOST_AT_ONCE
        assert [part.opening.more for part in parts] == [True] * (len(parts) - 1) + [False]
    found = await catch_up(house, ana, head - MOST_CHANGES - 1)
    assert found.opening.reset
    assert len(found.opening.messages) == 50
    assert found.opening.messages[-1].seq == head


async def all_parts(house: House, who: Visitor, since: int) -> list[rooms.CaughtUp]:
    parts = [await catch_up(house, who, since)]
    while parts[-1].opening.more:
        parts.append(await catch_up(house, who, parts[-1].room.seq))
    return parts


async def test_long_messages_are_told_in_parts_that_a_slow_line_can_take(house: House, ana: Visitor) -> None:
    text = "&" * 4_000  # five times as long in HTML
    await asyncio.gather(*[house.post(ana, text) for _ in range(60)])
    head = (await catch_up(house, ana, None)).room.seq
    parts = await all_parts(house, ana, head - 60)
    assert len(parts) == 6
    assert [message.number for part in parts for message in part.opening.messages] == list(range(1, 61))
    newest = await catch_up(house, ana, None)
    assert not newest.opening.more
    assert newest.room.seq == head
    assert [message.number for message in newest.opening.messages] == list(range(51, 61))


async def test_coming_back_takes_three_queries(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, bo, 5)
    head = (await catch_up(house, ana, None)).room.seq
    house.services.cache.clear()
    with statements(house.services.store) as made:
        await catch_up(house, ana, head - 3)
    assert len(made) == 3, made


async def test_coming_back_behind_somebody_takes_two_queries(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, bo, 5)
    first = await catch_up(house, ana, 2)
    with statements(house.services.store) as made:
        second = await catch_up(house, bo, 2)
    assert len(made) == 2, made
    assert second.membership.user_id == bo.user.id
    assert second.opening.messages == first.opening.messages
    assert second.people == first.people


@pytest.mark.parametrize("since", [None, 2])
async def test_what_changed_meanwhile_is_shown_to_who_asks_next(house: House, ana: Visitor, since: int | None) -> None:
    await post(house, ana, 3)
    await catch_up(house, ana, since)
    await editing.edit(house.services, ana, GENERAL, 2, "better")
    found = await catch_up(house, ana, since)
    assert [message.text for message in found.opening.messages if message.number == 2] == ["better"]


async def test_people_are_called_what_they_are_called_now(house: House, ana: Visitor) -> None:
    await post(house, ana, 3)
    await catch_up(house, ana, None)
    await house.sign_in(ana.user.handle, name="Ana the Second")
    found = await catch_up(house, ana, None)
    assert [person.name for person in found.people] == ["Ana the Second"]


async def test_from_the_very_beginning_a_short_room_is_told_whole(house: House, ana: Visitor, bo: Visitor) -> None:
    await post(house, ana, 5)
    found = await catch_up(house, bo, 0)
    assert not found.opening.reset
    assert [message.number for message in found.opening.messages] == [1, 2, 3, 4, 5]
    assert found.room.members == 2
    assert found.membership.user_id == bo.user.id


async def test_joinings_alone_leave_nothing_to_tell_but_the_head(house: House, ana: Visitor) -> None:
    for number in range(3):
        await house.sign_in(f"person{number}")
    found = await catch_up(house, ana, 1)
    assert not found.opening.reset
    assert found.opening.messages == []
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
    people = [
        change.person.handle for change in missed if not isinstance(change, events.RoomChanged | events.MessageChanged)
    ]
    assert people == ["ana", "ana", "cleo", "cleo"]


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


# Making and changing


async def change(house: House, who: Visitor, room: Room, **wanted: Any) -> Room:
    return (await rooms.change(house.services, who, room.id, rooms.Wanted(**wanted)))[0]


async def test_whoever_makes_a_room_moderates_it_and_is_alone_there(house: House, ana: Visitor, bo: Visitor) -> None:
    room, membership = await rooms.create(house.services, ana, " Tide  Sensors", "public", "Buoys", "All\nof them")
    assert (room.slug, room.name, room.topic, room.description) == (
        "tide-sensors",
        "Tide Sensors",
        "Buoys",
        "All\nof them",
    )
    assert (room.kind, room.members, room.seq, room.is_default) == ("public", 1, 1, False)
    assert (room.created_by, membership.role) == (ana.user.id, "moderator")
    assert [each.slug for each, _ in await rooms.of_visitor(house.services, bo)] == ["general"]
    cleo = await house.sign_in("cleo")
    assert [each.slug for each, _ in await rooms.of_visitor(house.services, cleo)] == ["general"]


@pytest.mark.parametrize("name", ["general", "GENERAL", "Ｇeneral", "tide sensors", "Tide-Sensors"])
async def test_a_name_or_an_address_that_is_taken_is_refused(house: House, ana: Visitor, name: str) -> None:
    await rooms.create(house.services, ana, "Tide Sensors", "public")
    with pytest.raises(RoomTaken):
        await rooms.create(house.services, ana, name, "public")


async def test_a_private_room_is_found_out_by_no_refusal(house: House, ana: Visitor, bo: Visitor) -> None:
    hidden, _ = await rooms.create(house.services, ana, "Council", "private")
    shown, _ = await rooms.create(house.services, bo, "Council", "public")
    assert shown.slug == "council"
    assert hidden.slug.startswith("council-")
    renamed = await change(house, ana, hidden, slug="harbour")
    assert renamed.slug.startswith("harbour-")
    with pytest.raises(RoomTaken):
        await change(house, ana, hidden, kind="public")
    assert (await change(house, ana, hidden, kind="public", name="Other Council", slug="other")).slug == "other"


async def test_rooms_of_one_person_are_limited(house: House, ana: Visitor) -> None:
    for number in range(rooms.CREATED.most):
        await rooms.create(house.services, ana, f"Room {number}", "public")
    with pytest.raises(TooFast) as refusal:
        await rooms.create(house.services, ana, "One more", "public")
    assert refusal.value.retry_after == 180.0


async def test_what_is_given_changes_and_the_rest_stays(house: House, ana: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public", "Topic", "Description")
    changed = await change(house, ana, room, name="The Annex", slow_seconds=30, posting="moderators")
    assert changed == msgspec.structs.replace(
        room, name="The Annex", slow_seconds=30, posting="moderators", seq=2, changed_seq=2
    )
    assert await house.services.store.read(room_rows.by_id, room.id) == changed
    archived = await change(house, ana, room, archived=True)
    assert (archived.archived_at, archived.seq) == (house.clock.now(), 3)
    house.clock.advance(9)
    assert await change(house, ana, room, archived=True, topic="Topic", name="The Annex") == archived, "as it was"
    assert (await change(house, ana, room, archived=False)).archived_at is None


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"name": "General"}, RoomTaken),
        ({"slug": "general"}, RoomTaken),
        ({"name": "gеneral"}, BadRoomName),
        ({"slug": "An Nex"}, BadRoomName),
        ({"topic": "x" * 251}, BadRequest),
        ({"is_default": True}, Forbidden),
    ],
)
async def test_what_cannot_be_is_refused_whole(
    house: House, ana: Visitor, wanted: dict[str, Any], error: type[Exception]
) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    with pytest.raises(error):
        await change(house, ana, room, **{"description": "new", **wanted})
    assert await house.services.store.read(room_rows.by_id, room.id) == room


async def test_a_member_changes_nothing(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships_chat.join(house.services, bo, room.id)
    with pytest.raises(NotFound):
        await change(house, bo, room, topic="mine")


async def test_newcomers_join_what_an_admin_chose(house: House, ana: Visitor) -> None:
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE users SET role = 'admin' WHERE handle = 'ana'")
    )
    for name in ("Offered", "Archived", "Withdrawn"):
        await change(house, ana, (await rooms.create(house.services, ana, name, "public"))[0], is_default=True)
    _, _, archived, withdrawn = [room for room, _ in await rooms.of_visitor(house.services, ana)]
    await change(house, ana, archived, archived=True)
    assert not (await change(house, ana, withdrawn, kind="private")).is_default
    with pytest.raises(BadRequest, match="public"):
        await change(house, ana, withdrawn, is_default=True)
    cleo = await house.sign_in("cleo")
    assert [each.name for each, _ in await rooms.of_visitor(house.services, cleo)] == ["general", "Offered"]


async def test_what_a_hub_missed_are_leavings_and_the_last_change_too(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships_chat.join(house.services, bo, room.id)
    await change(house, ana, room, topic="one")
    await memberships_chat.remove(house.services, ana, room.id, bo.user.id)
    changed = await change(house, ana, room, topic="two")
    head, missed = await rooms.missed(house.services, room.id, 1)
    assert head == changed.seq == 5
    assert missed == [
        events.MemberLeft(room=room.id, seq=4, person=user_of(bo.user), by=ana.user.id),
        shown_change(changed),
    ]


async def test_of_too_many_missed_changes_who_left_is_told(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_CHANGES", 5)
    await memberships_chat.leave(house.services, bo, GENERAL)
    await post(house, ana, 6)
    head, missed = await rooms.missed(house.services, GENERAL, 0)
    assert [(type(change), change.seq) for change in missed] == [(events.MemberLeft, 3), (events.MessagePosted, head)]

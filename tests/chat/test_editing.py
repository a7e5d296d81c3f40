"""Changing what one has written: whose message it is, what holds, and what is kept."""

from pathlib import Path

import pytest

from app.chat import departure, editing, memberships, messages, removal, rooms
from app.chat.editing import PACE, READ, VERSIONS
from app.errors import (
    EditTooLate,
    Forbidden,
    MessageRemoved,
    ModeratorsPost,
    NotFound,
    NotSignedIn,
    RoomArchived,
    TextEmpty,
    TextTooLong,
    TooFast,
)
from app.models import Removal, Version, Visitor
from app.protocol import events
from tests.chat.test_export import exported
from tests.support.house import GENERAL, House, new_nonce, open_house


async def edit(house: House, who: Visitor, text: str, number: int = 1, room_id: int = GENERAL) -> str:
    return (await editing.edit(house.services, who, room_id, number, text)).text


async def versions(house: House, who: Visitor, number: int = 1) -> list[Version]:
    return (await editing.versions(house.services, who, GENERAL, number, None)).versions


async def test_everybody_who_looks_sees_the_new_text_and_that_it_is_one(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    posted = (await house.post(ana, "helo")).message
    reader = await house.connect(bo)
    await reader.open()
    house.clock.advance(60)
    edited = await editing.edit(house.services, ana, GENERAL, 1, "  hello http://example.org ")
    (changed,) = await reader.hears(events.MessageChanged)
    assert changed.seq == changed.message.seq == edited.seq == posted.seq + 1
    assert (changed.message.text, changed.message.edited) == ("hello http://example.org", house.clock.now())
    assert '<a href="http://example.org"' in changed.message.html
    assert (changed.message.number, changed.message.at, changed.message.nonce) == (1, posted.at, posted.nonce)


async def test_every_earlier_text_is_kept_with_its_time_for_whoever_reads_the_room(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    times = []
    await house.post(ana, "one")
    for text in ("two", "three"):
        times.append(house.clock.now())
        house.clock.advance(60)
        await edit(house, ana, text)
    assert await versions(house, bo) == [Version(2, "two", times[1]), Version(1, "one", times[0])]
    assert await versions(house, ana) == await versions(house, bo)


async def test_versions_come_a_page_at_a_time(house: House, ana: Visitor) -> None:
    await house.post(ana, "0")
    for number in range(1, VERSIONS + 2):
        await edit(house, ana, str(number))
    first = await editing.versions(house.services, ana, GENERAL, 1, None)
    assert [each.version for each in first.versions] == list(range(VERSIONS + 1, 1, -1))
    rest = await editing.versions(house.services, ana, GENERAL, 1, first.versions[-1].version)
    assert [each.text for each in rest.versions] == ["0"]
    assert (first.last, rest.last) == (False, True)


async def test_nobody_else_edits_a_message_whoever_they_are(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "mine")
    for role in ("member", "moderator", "owner"):
        with pytest.raises(Forbidden):
            await edit(house, await house.appoint(bo, role), "yours")
    assert (await messages.page(house.services, ana, GENERAL)).messages[0].text == "mine"
    assert await versions(house, ana) == []


async def test_saying_the_same_changes_nothing(house: House, ana: Visitor) -> None:
    posted = (await house.post(ana, "same")).message
    assert await editing.edit(house.services, ana, GENERAL, 1, " same ") == posted
    assert await versions(house, ana) == []


@pytest.mark.parametrize(("text", "error"), [("", TextEmpty), (" \n", TextEmpty), ("x" * 4_001, TextTooLong)])
async def test_a_text_has_the_limits_of_a_post(house: House, ana: Visitor, text: str, error: type[Exception]) -> None:
    await house.post(ana)
    with pytest.raises(error):
        await edit(house, ana, text)
    assert len(await edit(house, ana, "x" * 4_000)) == 4_000


async def test_what_is_removed_is_not_edited_and_its_versions_are_not_told(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, "one")
    await edit(house, ana, "two")
    await removal.remove(house.services, ana, GENERAL, 1)
    with pytest.raises(MessageRemoved):
        await edit(house, ana, "three")
    with pytest.raises(Forbidden):
        await edit(house, bo, "three")
    for who in (ana, bo):
        with pytest.raises(NotFound):
            await versions(house, who)
    page = await messages.page(house.services, bo, GENERAL)
    assert (page.messages[0].text, page.messages[0].html) == ("", "")


async def test_what_is_absent_and_what_one_may_not_see_look_alike(house: House, ana: Visitor, bo: Visitor) -> None:
    attic, _ = await rooms.create(house.services, bo, "Attic", "private")
    await house.post(bo, "secret", attic.id)
    for room_id, number in ((attic.id, 1), (999, 1), (GENERAL, 1)):
        with pytest.raises(NotFound):
            await edit(house, ana, "x", number, room_id)
        with pytest.raises(NotFound):
            await editing.versions(house.services, ana, room_id, number, None)


async def test_where_one_may_not_post_one_changes_nothing_either(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(bo, "old", room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(posting="moderators"))
    with pytest.raises(ModeratorsPost):
        await edit(house, bo, "new", 1, room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(posting="everybody", archived=True))
    with pytest.raises(RoomArchived):
        await edit(house, bo, "new", 1, room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=False, slow_seconds=60))
    assert await edit(house, bo, "new", 1, room.id) == "new"
    await memberships.leave(house.services, bo, room.id)
    with pytest.raises(NotFound):
        await edit(house, bo, "newer", 1, room.id)


async def test_after_the_minutes_that_the_server_gives_it_is_too_late(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"EDIT_MINUTES": "5"}) as house:
        ana = await house.sign_in("ana")
        await house.post(ana, "one")
        house.clock.advance(5 * 60)
        assert await edit(house, ana, "two") == "two"
        house.clock.advance(1)
        with pytest.raises(EditTooLate, match="can be edited for 5 min here"):
            await edit(house, ana, "three")
        await removal.remove(house.services, ana, GENERAL, 1)


async def test_a_clock_that_was_set_back_makes_no_version_older_than_the_one_before(house: House, ana: Visitor) -> None:
    at = (await house.post(ana, "one")).message.at
    house.clock.set_back(600)
    assert (await editing.edit(house.services, ana, GENERAL, 1, "two")).edited_at == at


async def test_edits_and_looks_are_limited_by_person(house: House, ana: Visitor) -> None:
    await house.post(ana)
    for number in range(PACE.most):
        await edit(house, ana, str(number))
    with pytest.raises(TooFast):
        await edit(house, ana, "more")
    for _ in range(READ.most):
        await versions(house, ana)
    with pytest.raises(TooFast):
        await versions(house, ana)


async def test_a_repeated_send_of_an_edited_message_is_answered_with_what_it_says_now(
    house: House, ana: Visitor
) -> None:
    nonce = new_nonce()
    await house.post(ana, "one", nonce=nonce)
    await edit(house, ana, "two")
    posted = await house.post(ana, "one", nonce=nonce)
    assert (posted.duplicate, posted.message.text) == (True, "two")


async def test_who_has_gone_edits_nothing_by_what_is_remembered(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await departure.delete(house.services, ana, "ana")
    with pytest.raises(NotSignedIn):
        await edit(house, ana, "from beyond")


async def test_what_is_put_back_is_the_edited_text_with_its_versions(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana, "one")
    await edit(house, ana, "two")
    edited_at = house.clock.now()
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    await removal.restore(house.services, done)
    (message,) = (await messages.page(house.services, bo, GENERAL)).messages
    assert (message.text, message.edited_at) == ("two", edited_at)
    assert [each.text for each in await versions(house, bo)] == ["one"]


async def test_an_export_has_what_one_wrote_before(house: House, ana: Visitor, bo: Visitor) -> None:
    at = (await house.post(ana, "one")).message.at
    await house.post(bo, "by bo")
    await house.post(ana, "plain")
    await editing.edit(house.services, bo, GENERAL, 2, "by bo again")
    await edit(house, ana, "two")
    first, second = (await exported(house, ana))["messages"]
    assert (first["text"], first["earlier"]) == ("two", [{"text": "one", "at": at}])
    assert "earlier" not in second

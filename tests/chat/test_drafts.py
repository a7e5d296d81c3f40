import pytest

from app.chat import drafts, rooms
from app.errors import DraftTooLong, NotFound, TooFast
from app.models import Visitor
from app.protocol import events
from app.protocol.fields import DRAFT_LIMIT, DRAFTS_LIMIT
from tests.support.house import GENERAL, House
from tests.support.storage import statements


async def save(house: House, who: Visitor, text: str, age: int = 0, room: int = GENERAL) -> str:
    return (await drafts.save(house.services, who, room, text, age)).draft.text


async def found(house: House, who: Visitor) -> dict[int, str]:
    """What a device that comes now is told."""
    (started,) = (await house.connect(who)).of(events.SessionStarted)
    return {draft.room: draft.text for draft in started.drafts}


async def test_a_draft_is_there_on_every_device_and_nobody_elses(house: House, ana: Visitor, bo: Visitor) -> None:
    phone, other = await house.connect(ana), await house.connect(bo)
    assert await save(house, ana, "  Hello\n") == "  Hello\n"
    at = house.clock.now()
    assert phone.of(events.DraftChanged) == [events.DraftChanged(draft=events.Draft(GENERAL, "  Hello\n", at))]
    assert await found(house, ana) == {GENERAL: "  Hello\n"}
    assert not other.of(events.DraftChanged)
    assert await found(house, bo) == {}


async def test_what_was_written_later_holds_whoever_comes_first(house: House, ana: Visitor) -> None:
    house.clock.advance(3_600)
    await save(house, ana, "at the desk", age=60_000)
    client = await house.connect(ana)
    assert await save(house, ana, "in the tunnel, before", age=90_000) == "at the desk"
    assert not client.of(events.DraftChanged), "nothing changed"
    assert await save(house, ana, "in the tunnel, after", age=30_000) == "in the tunnel, after"
    assert await save(house, ana, "", age=0) == ""
    assert [each.draft.text for each in client.of(events.DraftChanged)] == ["in the tunnel, after", ""]
    assert await found(house, ana) == {}


async def test_what_gives_way_unseen_is_handed_to_who_took_its_place(house: House, ana: Visitor) -> None:
    house.clock.advance(60)
    first = await drafts.save(house.services, ana, GENERAL, "first")
    assert first.replaced is None
    seen = await drafts.save(house.services, ana, GENERAL, "first, and more", known=first.draft.at)
    assert seen.replaced is None
    house.clock.advance(1)
    unseen = await drafts.save(house.services, ana, GENERAL, "from elsewhere", known=0)
    assert unseen.replaced == seen.draft
    late = await drafts.save(house.services, ana, GENERAL, "older", age=30_000)
    assert (late.draft, late.replaced) == (unseen.draft, None)
    await drafts.save(house.services, ana, GENERAL, "", known=unseen.draft.at)
    assert (await drafts.save(house.services, ana, GENERAL, "anew")).replaced is None, "nothing was there"


async def test_an_age_beyond_all_time_is_old(house: House, ana: Visitor) -> None:
    assert await save(house, ana, "very old", age=2**53 - 1) == "very old"
    assert await save(house, ana, "new") == "new"


async def test_a_draft_is_bounded_and_so_are_all_together(house: House, ana: Visitor, bo: Visitor) -> None:
    places = [(await rooms.add(house.services, f"room-{number}")).id for number in range(DRAFTS_LIMIT // DRAFT_LIMIT)]
    with pytest.raises(DraftTooLong):
        await save(house, ana, "x" * (DRAFT_LIMIT + 1))
    for room in places:
        await save(house, ana, "😀" * DRAFT_LIMIT, room=room)
    with pytest.raises(DraftTooLong):
        await save(house, ana, "x")
    assert await save(house, ana, "") == "", "to empty one is always possible"
    assert await save(house, ana, "y" * DRAFT_LIMIT, room=places[0]), "and to change one"
    assert await save(house, bo, "x"), "everybody has their own"
    assert len(await found(house, ana)) == len(places)


async def test_a_room_of_others_keeps_no_draft(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    for room in (attic.id, 999):
        with pytest.raises(NotFound):
            await save(house, ana, "x", room=room)


async def test_saving_too_fast_is_refused(house: House, ana: Visitor) -> None:
    for number in range(house.services.settings.limit_drafts_per_minute):
        await save(house, ana, f"{number}")
    with pytest.raises(TooFast):
        await save(house, ana, "one more")


async def test_a_message_without_a_draft_asks_nothing_more_of_the_database(house: House, ana: Visitor) -> None:
    await house.post(ana, "warms the caches")
    with statements(house.services.store) as made:
        await house.post(ana)
    assert not [one for one in made if "drafts" in one]

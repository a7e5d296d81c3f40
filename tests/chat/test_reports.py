"""Reports: moderators see what is told, and nobody learns by whom."""

import pytest

from app.chat import acts, memberships, messages, mutes, removal, reports, rooms, undoing
from app.chat.reports import Case, Complaint
from app.errors import BadRequest, Forbidden, NotFound, TooFast
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House

SPAM = Complaint("spam")


@pytest.fixture
async def mod(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("mod"), "moderator")


async def the_case(house: House, mod: Visitor) -> Case:
    (case,) = await reports.queue(house.services, mod)
    return case


async def test_a_reported_message_is_shown_with_what_was_said_around_it(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    for text in ("before", "eggs!", "after"):
        await house.post(bo, text)
    client = await house.connect(mod)
    await reports.report_message(house.services, ana, GENERAL, 2, Complaint("spam", " again \n"))
    await reports.report_message(house.services, ana, GENERAL, 2, SPAM)  # they cannot wait
    await reports.report_message(house.services, await house.sign_in("cy"), GENERAL, 2, Complaint("unkind"))
    assert [told.count for told in await client.hears(events.ReportsChanged, 2)] == [1, 1]
    case = await the_case(house, mod)
    assert (case.person, case.count, case.by_roost) == (bo.user, 2, False)
    assert (case.reasons, case.notes) == ({"spam": 1, "unkind": 1}, ["again"])
    assert [message.text for message, _ in case.around] == ["before", "eggs!", "after"]
    assert case.room is not None
    assert case.message is not None
    assert (case.room.id, case.message.number, case.first.said) == (GENERAL, 2, "eggs!")


async def test_what_its_author_took_away_since_is_still_there_for_moderators(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    await house.post(bo, "eggs!")
    await reports.report_message(house.services, ana, GENERAL, 1, SPAM)
    await removal.remove(house.services, bo, GENERAL, 1)
    assert (await the_case(house, mod)).first.said == "eggs!"
    with pytest.raises(NotFound):
        await reports.report_message(house.services, mod, GENERAL, 1, SPAM)


async def test_of_a_room_that_a_moderator_is_not_in_they_see_what_was_reported_and_nothing_else(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    room, _ = await rooms.create(house.services, ana, "Attic", "private")
    await memberships.add(house.services, ana, room.id, bo.user.id)
    await house.post(ana, "a secret", room.id)
    await house.post(bo, "eggs!", room.id)
    await reports.report_message(house.services, ana, room.id, 2, SPAM)
    case = await the_case(house, mod)
    assert (case.first.said, case.room, case.around, case.message) == ("eggs!", None, [], None)


async def test_a_person_is_reported_by_who_has_met_them(house: House, mod: Visitor, ana: Visitor, bo: Visitor) -> None:
    await reports.report_person(house.services, ana, bo.user.id, Complaint("other", "They write to everybody"))
    case = await the_case(house, mod)
    assert (case.person, case.room, case.around, case.notes) == (bo.user, None, [], ["They write to everybody"])
    room, _ = await rooms.create(house.services, bo, "Attic", "private")
    await memberships.leave(house.services, bo, GENERAL)
    cy = await house.sign_in("cy")
    await memberships.leave(house.services, cy, GENERAL)
    with pytest.raises(NotFound):
        await reports.report_person(house.services, cy, bo.user.id, SPAM)
    with pytest.raises(NotFound):
        await reports.report_message(house.services, ana, room.id, 1, SPAM)
    with pytest.raises(NotFound):
        await reports.report_message(house.services, ana, GENERAL, 99, SPAM)


async def test_nobody_reports_themselves_nor_without_end(house: House, mod: Visitor, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    with pytest.raises(BadRequest):
        await reports.report_message(house.services, ana, GENERAL, 1, SPAM)
    with pytest.raises(BadRequest):
        await reports.report_person(house.services, ana, ana.user.id, SPAM)
    with pytest.raises(BadRequest):
        await reports.report_person(house.services, ana, bo.user.id, Complaint("other", 501 * "x"))
    for _ in range(reports.PACE.most - 2):
        await reports.report_person(house.services, ana, bo.user.id, SPAM)
    with pytest.raises(TooFast) as refused:
        await reports.report_person(house.services, ana, bo.user.id, SPAM)
    assert refused.value.retry_after == reports.PACE.seconds / reports.PACE.most


async def test_a_moderator_sees_no_case_about_themselves_and_is_told_of_none(
    house: House, mod: Visitor, ana: Visitor
) -> None:
    other = await house.appoint(await house.sign_in("cy"), "admin")
    theirs, others = await house.connect(mod), await house.connect(other)
    await reports.report_person(house.services, ana, mod.user.id, SPAM)
    assert [told.count for told in await others.hears(events.ReportsChanged)] == [1]
    assert [told.count for told in await theirs.hears(events.ReportsChanged)] == [0]
    assert await reports.queue(house.services, mod) == []
    case = await the_case(house, other)
    with pytest.raises(NotFound):
        await reports.dismiss(house.services, mod, case.first.id)
    (started,) = (await house.connect(mod)).of(events.SessionStarted)
    assert started.reports == 0
    (started,) = (await house.connect(other)).of(events.SessionStarted)
    assert started.reports == 1
    (started,) = (await house.connect(ana)).of(events.SessionStarted)
    assert started.reports == 0


async def test_a_case_is_dismissed_as_a_whole_and_can_be_opened_again(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    cy = await house.sign_in("cy")
    client = await house.connect(mod)
    for reporter in (ana, cy):
        await reports.report_person(house.services, reporter, bo.user.id, SPAM)
    case = await the_case(house, mod)
    await reports.dismiss(house.services, mod, case.first.id)
    assert await reports.queue(house.services, mod) == []
    assert (await client.hears(events.ReportsChanged, 3))[-1].count == 0
    with pytest.raises(NotFound):
        await reports.dismiss(house.services, mod, case.first.id)
    (act, *_) = (await acts.page(house.services, mod, before=None, limit=1)).acts
    assert (act.what, act.actor_id, act.person_id, act.details) == ("report.dismiss", mod.user.id, bo.user.id, {})
    await undoing.undo(house.services, mod, act.id)
    assert (await the_case(house, mod)).count == 2


async def test_what_was_done_about_closes_without_an_act_of_its_own(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    await reports.report_person(house.services, ana, bo.user.id, SPAM)
    case = await the_case(house, mod)
    assert (await reports.one(house.services, mod, case.first.id)) == case.first
    act = await mutes.mute(house.services, mod, bo.user.id, 10)
    await reports.settle(house.services, mod, case.first.id)
    assert await reports.queue(house.services, mod) == []
    assert (await acts.page(house.services, mod, before=None, limit=1)).acts[0].id == act.id


async def test_the_queue_is_for_moderators(house: House, ana: Visitor, bo: Visitor) -> None:
    with pytest.raises(Forbidden):
        await reports.queue(house.services, ana)
    with pytest.raises(Forbidden):
        await reports.one(house.services, ana, 1)
    assert (await messages.page(house.services, bo, GENERAL)).messages == []


async def test_nobody_learns_from_the_log_that_they_were_reported(house: House, ana: Visitor, bo: Visitor) -> None:
    ana, cleo = [await house.appoint(each, "moderator") for each in (ana, await house.sign_in("cleo"))]
    await reports.report_person(house.services, bo, ana.user.id, Complaint("unkind"))
    (case,) = await reports.queue(house.services, cleo)
    await reports.dismiss(house.services, cleo, case.first.id)
    (act,) = (await acts.page(house.services, cleo, before=None, limit=1)).acts
    assert (act.what, act.person_id) == ("report.dismiss", ana.user.id)
    shown = (await acts.page(house.services, ana, before=None, limit=50)).acts
    assert shown == (await acts.page(house.services, cleo, before=act.id, limit=50)).acts
    with pytest.raises(NotFound):
        await undoing.undo(house.services, ana, act.id)
    await undoing.undo(house.services, cleo, act.id)

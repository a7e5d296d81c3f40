"""Who is banned is out at once, by every door, and comes back as they were when it is lifted."""

from typing import Any, get_args

import pytest

from app.chat import (
    accounts,
    acts,
    allow_list,
    bans,
    departure,
    direct,
    doors,
    invites,
    memberships,
    messages,
    mutes,
    removal,
    reports,
    rooms,
    undoing,
    waiting_room,
)
from app.chat.invites import Terms
from app.chat.reports import Complaint
from app.errors import BadRequest, Banned, Forbidden, InviteOver, NotFound, NotInvited, NotSignedIn, Unavailable
from app.models import Door, Removal, Role, TwitterProfile, Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.services import Services
from app.storage import arrivals, users
from tests.support.house import GENERAL, House, send
from tests.support.waiting import until

ROLES: tuple[Role, ...] = get_args(Role)


@pytest.fixture
async def mod(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("mod"), "moderator")


async def is_in(house: House, visitor: Visitor) -> list[int]:
    return [room.id for room, _ in await rooms.of_visitor(house.services, visitor)]


async def test_every_device_and_program_is_cut_off_and_every_room_left(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    annex, _ = await rooms.create(house.services, bo, "Annex", "private")
    token = await accounts.add_token(house.services, "bo", "robot")
    robot = await accounts.resume_bearer(house.services, token)
    assert robot
    theirs = [await house.connect(bo), await house.connect(await house.sign_in("bo")), await house.connect(robot)]
    reader = await house.connect(ana)
    await reader.open()
    await bans.ban(house.services, mod, bo.user.id)
    for client in theirs:
        await until(lambda client=client: client.transport.codes)  # type: ignore[misc]
        assert client.transport.codes == [CloseCode.BANNED]
    (left,) = await reader.hears(events.MemberLeft)
    assert (left.person.id, left.by) == (bo.user.id, mod.user.id)
    assert await is_in(house, bo) == []
    assert await accounts.resume(house.services, house.tokens[bo.user.id]) is None
    assert await accounts.resume_bearer(house.services, token) is None
    assert annex.id != GENERAL


async def test_nothing_that_came_after_reaches_them(house: House, mod: Visitor, ana: Visitor, bo: Visitor) -> None:
    client, other = await house.connect(bo), await house.connect(ana)
    await client.open()
    await bans.ban(house.services, mod, bo.user.id)
    sent = await other.post("after")
    await house.hub.repairs.close()
    assert sent.message.seq not in [posted.seq for posted in client.of(events.MessagePosted)]
    assert not client.connection.rooms


async def test_what_they_have_sent_and_nobody_has_carried_out_yet_is_not_said_any_more(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    room = (await direct.open_room(house.services, bo, [ana.user.id])).room
    client = await house.connect(bo)
    for _ in range(5):
        client.say(send("and another thing", room.id))
    house.hub.put_out({bo.user.id})
    await until(lambda: client.connection.gone and client.is_idle)
    assert (await messages.page(house.services, ana, room.id)).messages == []


async def test_no_door_opens_again(house: House, mod: Visitor, bo: Visitor) -> None:
    _, link = await invites.make(house.services, mod, Terms("member", (GENERAL,), 7, None))
    owner = await house.appoint(await house.sign_in("owner"), "owner")
    await allow_list.add(house.services, owner, "bo", "member", ())
    await bans.ban(house.services, mod, bo.user.id)
    ways: tuple[Door, ...] = get_args(Door)
    for door in ways:
        await doors.change_by_operator(house.services, door)
        for invite in (None, link):
            with pytest.raises(Banned):
                await house.sign_in("bo", invite=invite)
            with pytest.raises(Banned):
                await house.sign_in("another_name", "x-bo", invite=invite)
    await doors.change_by_operator(house.services, "invited")
    with pytest.raises(NotInvited):
        await house.sign_in("newcomer")


async def test_nor_does_the_waiting_room_let_them_in(house: House, mod: Visitor, bo: Visitor) -> None:
    await bans.ban(house.services, mod, bo.user.id)
    profile = TwitterProfile("x-bo", "bo")
    await house.services.store.write(arrivals.ask, profile, "hash", "a browser", house.clock.now())
    (arrival,) = await waiting_room.queue(house.services, mod)
    with pytest.raises(Banned):
        await waiting_room.let_in(house.services, mod, arrival.id)


async def test_what_a_process_remembers_of_them_counts_for_nothing(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    await bans.ban(house.services, mod, bo.user.id)
    with pytest.raises(NotSignedIn):
        await memberships.join(house.services, bo, GENERAL)
    with pytest.raises(NotSignedIn):
        await rooms.create(house.services, bo, "Annex", "public")
    with pytest.raises(NotFound):
        await house.post(bo)
    with pytest.raises(NotFound):
        await memberships.add(house.services, ana, GENERAL, bo.user.id)
    client = house.begin(bo)
    await until(lambda: client.transport.codes)
    program = house.begin(Visitor(bo.user, token_id=1))
    await until(lambda: program.transport.codes)
    await accounts.add_user(house.services, "bo", "member")
    await rooms.add(house.services, "lobby")
    assert await is_in(house, bo) == []


async def test_who_was_banned_before_their_first_sign_in_does_not_come_in_by_their_handle(
    house: House, mod: Visitor
) -> None:
    promised = await accounts.add_user(house.services, "cleo", "member")
    await bans.ban(house.services, mod, promised.id)
    with pytest.raises(Banned):
        await house.sign_in("cleo")
    assert await house.services.store.read(users.by_twitter_id, "x-cleo") is None


async def test_nobody_brings_them_into_a_room_though_their_talks_stay(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    talk = await direct.open_room(house.services, ana, [bo.user.id])
    await house.post(ana, "hello", talk.room.id)
    await bans.ban(house.services, mod, bo.user.id)
    with pytest.raises(NotFound):
        await memberships.add(house.services, ana, GENERAL, bo.user.id)


async def test_who_is_banned_while_they_take_their_messages_along_stays_banned(
    house: House, mod: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def meanwhile(services: Services, removal: Removal, room_id: int | None = None) -> int:
        await bans.ban(services, mod, bo.user.id)
        return 0

    monkeypatch.setattr(departure, "remove_all", meanwhile)
    with pytest.raises(NotSignedIn):
        await departure.delete(house.services, bo, "bo", with_messages=True)
    with pytest.raises(Banned):
        await house.sign_in("bo")


async def test_their_invite_links_let_nobody_in(house: House, mod: Visitor, bo: Visitor) -> None:
    bo = await house.appoint(bo, "moderator")
    owner = await house.appoint(await house.sign_in("owner"), "owner")
    _, link = await invites.make(house.services, bo, Terms("member", (), 7, None))
    await bans.ban(house.services, owner, bo.user.id)
    with pytest.raises(InviteOver):
        await invites.landing(house.services, "1.2.3.4", link)


async def test_who_is_let_back_is_in_their_rooms_as_before(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    annex, _ = await rooms.create(house.services, bo, "Annex", "private")
    await memberships.leave(house.services, bo, GENERAL)
    await bans.ban(house.services, mod, bo.user.id)
    house.clock.advance(5)
    await bans.lift(house.services, mod, bo.user.id)
    back = await house.sign_in("bo")
    assert back.user.id == bo.user.id
    assert [(room.id, found.role) for room, found in await rooms.of_visitor(house.services, back)] == [
        (annex.id, "moderator")
    ]
    (act, *_) = (await acts.page(house.services, mod, before=None, limit=1)).acts
    assert (act.what, act.person_id, act.undone_at) == ("member.ban", bo.user.id, house.clock.now())
    with pytest.raises(NotFound):
        await bans.lift(house.services, mod, bo.user.id)


async def test_an_undone_ban_can_be_made_again(house: House, mod: Visitor, bo: Visitor) -> None:
    first = await bans.ban(house.services, mod, bo.user.id, "spam")
    assert (first.what, first.details) == ("member.ban", {"reason": "spam"})
    assert (await bans.ban(house.services, mod, bo.user.id)).id == first.id, "they are out already"
    await undoing.undo(house.services, mod, first.id)
    second = await bans.ban(house.services, mod, bo.user.id)
    assert second.id != first.id
    with pytest.raises(Banned):
        await house.sign_in("bo")


async def test_what_they_wrote_goes_with_them_and_comes_back_with_them(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    await client.open()
    for text in ("one", "two", "three"):
        await house.post(bo, text)
    await client.post("mine")
    await removal.remove(house.services, bo, GENERAL, 2)  # by themselves
    act = await bans.ban(house.services, mod, bo.user.id)
    assert [text for text, _ in await said(house, ana)] == ["one", "", "three", "mine"]
    await bans.ban(house.services, mod, bo.user.id, with_messages=True)  # on second thoughts
    assert await said(house, ana) == [("", True), ("", True), ("", True), ("mine", False)]
    changed = await client.hears(events.MessageChanged, 3)
    assert [each.message.number for each in changed] == [2, 1, 3]
    await undoing.undo(house.services, mod, act.id)
    assert await said(house, ana) == [("one", False), ("", True), ("three", False), ("mine", False)]


async def test_a_lifting_that_was_broken_off_is_finished_by_another(
    house: House, mod: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(services: Services, removal: Removal) -> int:
        raise Unavailable

    await house.post(bo, "one")
    await bans.ban(house.services, mod, bo.user.id, with_messages=True)
    with monkeypatch.context() as broken_off:
        broken_off.setattr(removal, "restore", broken)
        with pytest.raises(Unavailable):
            await bans.lift(house.services, mod, bo.user.id)
    await bans.lift(house.services, mod, bo.user.id)
    assert await said(house, mod) == [("one", False)]


async def test_nothing_more_goes_once_the_ban_is_lifted(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    annex, _ = await rooms.create(house.services, bo, "Annex", "public")
    await memberships.join(house.services, ana, annex.id)
    await house.post(bo, "one")
    await house.post(bo, "two", annex.id)
    go_on = removal.remove_all_in

    async def lifted_meanwhile(services: Services, done: Removal, room_id: int, *ban: Any) -> int:
        if room_id == annex.id:
            await bans.lift(services, mod, bo.user.id)
        return await go_on(services, done, room_id, *ban)

    monkeypatch.setattr(removal, "remove_all_in", lifted_meanwhile)
    await bans.ban(house.services, mod, bo.user.id, with_messages=True)
    assert await said(house, ana) == [("one", False)]
    assert await said(house, ana, annex.id) == [("two", False)]


async def test_all_that_was_reported_of_them_is_closed_and_waits_again_when_it_is_lifted(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(mod)
    await reports.report_person(house.services, ana, bo.user.id, Complaint("spam"))
    await bans.ban(house.services, mod, bo.user.id)
    assert await reports.queue(house.services, mod) == []
    await bans.lift(house.services, mod, bo.user.id)
    assert len(await reports.queue(house.services, mod)) == 1
    assert [told.count for told in await client.hears(events.ReportsChanged, 3)] == [1, 0, 1]


async def said(house: House, visitor: Visitor, room_id: int = GENERAL) -> list[tuple[str, bool]]:
    """The text of each message, and whether it was removed."""
    page = await messages.page(house.services, visitor, room_id)
    return [(message.text, message.removed_at is not None) for message in page.messages]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("other", ROLES)
async def test_those_are_banned_who_rank_below(
    house: House, ana: Visitor, bo: Visitor, role: Role, other: Role
) -> None:
    ana, bo = await house.appoint(ana, role), await house.appoint(bo, other)
    may = role != "member" and ROLES.index(role) < ROLES.index(other)
    for do in (bans.ban, bans.lift):
        try:
            await do(house.services, ana, bo.user.id)
        except Forbidden:
            assert not may
        else:
            assert may


async def test_nobody_else_is(house: House, mod: Visitor, bo: Visitor) -> None:
    imported = await house.services.store.write(users.add_imported, "oldie", 0)
    for absent in (imported.id, 999):
        with pytest.raises(NotFound):
            await bans.ban(house.services, mod, absent)
    with pytest.raises(BadRequest):
        await bans.ban(house.services, mod, bo.user.id, 501 * "x")
    with pytest.raises(NotFound):
        await bans.lift(house.services, mod, bo.user.id)


async def test_who_is_muted_is_banned_as_well(house: House, mod: Visitor, bo: Visitor) -> None:
    await mutes.mute(house.services, mod, bo.user.id, 60)
    await bans.ban(house.services, mod, bo.user.id)
    await bans.lift(house.services, mod, bo.user.id)
    assert (await house.sign_in("bo")).user.muted_until == house.clock.now() + 3_600_000

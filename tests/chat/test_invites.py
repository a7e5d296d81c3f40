"""Invite links: who makes which, who comes by them, and what they give."""

from typing import Any

import pytest

from app.chat import access, accounts, acts, doors, invites, memberships, roles, rooms
from app.chat.access import FRESH
from app.chat.invites import DAY, LONGEST_DAYS, MISSED, MOST_USES, Terms
from app.errors import BadRequest, Forbidden, InviteOver, NotFound, NotInvited, SignInAgain, TooFast
from app.models import Invite, Role, Room, TwitterProfile, Visitor
from app.protocol import events
from app.storage import memberships as membership_rows
from app.storage import users
from tests.support.house import GENERAL, House

ADDRESS = "10.0.0.1"


@pytest.fixture
async def ana(house: House) -> Visitor:
    """The owner."""
    return await house.appoint(await house.sign_in("ana"), "owner")


@pytest.fixture
async def attic(house: House, ana: Visitor) -> Room:
    """A private room that ana is in."""
    return (await rooms.create(house.services, ana, "Attic", "private"))[0]


@pytest.fixture
async def annex(house: House, ana: Visitor) -> Room:
    return (await rooms.create(house.services, ana, "Annex", "public", "What is added"))[0]


async def link(house: House, who: Visitor, **terms: Any) -> str:
    return (await invites.make(house.services, who, Terms(**terms)))[1]


async def listed(house: House, who: Visitor) -> list[Invite]:
    return [each.invite for each in await invites.listed(house.services, who)]


async def is_in(house: House, who: Visitor, room: Room) -> bool:
    return await house.services.store.read(membership_rows.find, room.id, who.user.id) is not None


async def test_whoever_comes_by_a_link_is_in_its_rooms_with_its_role(
    house: House, ana: Visitor, attic: Room, annex: Room
) -> None:
    await doors.change(house.services, ana, "invited")
    token = await link(house, ana, role="moderator", rooms=(attic.id, annex.id))
    profile = TwitterProfile("x-bo", "bo")
    signed_in = await accounts.sign_in_with_twitter(house.services, profile, "a browser", accounts.token_hash(token))
    assert (signed_in.newcomer, signed_in.user.role) == (True, "moderator")
    assert signed_in.room is not None
    assert signed_in.room.id == attic.id
    mine = await house.services.store.read(membership_rows.of_user, signed_in.user.id)
    assert [room.id for room, _ in mine] == [GENERAL, attic.id, annex.id]


async def test_everybody_in_its_rooms_hears_who_comes(house: House, ana: Visitor, attic: Room) -> None:
    client = await house.connect(ana)
    await client.open(attic.id)
    bo = await house.sign_in("bo", invite=await link(house, ana, rooms=(attic.id,)))
    (joined,) = await client.hears(events.MemberJoined)
    assert (joined.room, joined.person.id) == (attic.id, bo.user.id)


async def test_a_link_ends_by_its_time_and_by_its_uses_and_by_being_revoked(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "invited")
    counted, timed, revoked = await link(house, ana, most_uses=1), await link(house, ana), await link(house, ana)
    await invites.revoke(house.services, ana, (await listed(house, ana))[0].id)
    await house.sign_in("bo", invite=counted)
    for number, token in enumerate((counted, revoked, "never made")):
        with pytest.raises(NotInvited):
            await house.sign_in(f"dee{number}", invite=token)
        with pytest.raises(InviteOver):
            await invites.landing(house.services, ADDRESS, token)
        with pytest.raises(InviteOver):
            await invites.accept(house.services, ana, token)
    house.clock.advance(7 * DAY / 1000)
    with pytest.raises(NotInvited):
        await house.sign_in("cy", invite=timed)


async def test_in_an_open_community_a_link_that_is_over_keeps_nobody_out(house: House) -> None:
    bo = await house.sign_in("bo", invite="never made")
    assert bo.user.role == "member"


@pytest.mark.parametrize("maker", ["owner", "admin", "moderator", "member"])
@pytest.mark.parametrize("role", roles.ROLES)
async def test_nobody_gives_by_a_link_what_they_may_not_give(
    house: House, ana: Visitor, maker: Role, role: Role
) -> None:
    bo = await house.appoint(await house.sign_in("bo"), maker)
    may: dict[Role, tuple[Role, ...]] = {
        "owner": roles.ROLES,
        "admin": ("moderator", "member"),
        "moderator": ("member",),
        "member": (),
    }
    if role in may[maker]:
        assert (await house.sign_in("cy", invite=await link(house, bo, role=role))).user.role == role
    else:
        with pytest.raises(Forbidden):
            await link(house, bo, role=role)


async def test_a_role_takes_a_fresh_sign_in_and_a_plain_link_does_not(house: House, ana: Visitor) -> None:
    house.clock.advance(FRESH / 1000 + 1)
    await link(house, ana)
    with pytest.raises(SignInAgain):
        await link(house, ana, role="moderator")


async def test_a_link_gives_no_more_than_its_maker_could_give_when_it_is_used(
    house: House, ana: Visitor, attic: Room
) -> None:
    bo = await house.appoint(await house.sign_in("bo"), "admin")
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    token = await link(house, bo, role="moderator", rooms=(attic.id,))
    await house.appoint(bo, "moderator")
    await memberships.remove(house.services, ana, attic.id, bo.user.id)
    cy = await house.sign_in("cy", invite=token)
    assert cy.user.role == "member"
    assert not await is_in(house, cy, attic)
    await house.appoint(bo, "member")
    with pytest.raises(InviteOver):
        await invites.landing(house.services, ADDRESS, token)


async def test_nobody_invites_into_a_private_room_that_they_are_not_in(house: House, ana: Visitor, attic: Room) -> None:
    bo = await house.appoint(await house.sign_in("bo"), "admin")
    for room_id in (attic.id, 999):
        with pytest.raises(NotFound):
            await link(house, bo, rooms=(room_id,))
    token = await link(house, ana, rooms=(attic.id,))
    (shown,) = await invites.listed(house.services, bo)
    assert shown.rooms == []
    landing = await invites.landing(house.services, ADDRESS, token)
    assert (landing.rooms, landing.hides_rooms) == ([], True)


async def test_the_page_of_a_link_says_who_invites_whereto(house: House, ana: Visitor, annex: Room) -> None:
    token = await link(house, ana, rooms=(annex.id,))
    await house.sign_in("bo")
    landing = await invites.landing(house.services, ADDRESS, token)
    assert landing.maker is not None
    assert (landing.maker.id, [room.name for room in landing.rooms], landing.hides_rooms) == (
        ana.user.id,
        ["Annex"],
        False,
    )
    assert landing.members == 2
    (invite,) = await listed(house, ana)
    assert invite.uses == 0


async def test_whoever_is_in_takes_a_link_once_and_it_is_used_by_what_it_gives(
    house: House, ana: Visitor, annex: Room
) -> None:
    bo = await house.sign_in("bo")
    token = await link(house, ana, rooms=(annex.id,), most_uses=2)
    client = await house.connect(bo)
    for _ in range(3):
        room = await invites.accept(house.services, bo, token)
        assert room is not None
        assert room.id == annex.id
    (joined,) = await client.hears(events.RoomJoined)
    assert joined.room.id == annex.id
    (invite,) = await listed(house, ana)
    assert invite.uses == 1


async def test_a_link_raises_nobody_above_its_maker_and_lowers_nobody(house: House, ana: Visitor) -> None:
    bo = await house.appoint(await house.sign_in("bo"), "admin")
    token = await link(house, bo, role="moderator")
    await invites.accept(house.services, ana, token)
    cy = await house.sign_in("cy")
    await invites.accept(house.services, cy, token)
    found = [await house.services.store.read(users.by_id, each.user.id) for each in (ana, cy)]
    assert [user and user.role for user in found] == ["owner", "moderator"]


@pytest.mark.parametrize(
    "terms",
    [
        {"days": 0},
        {"days": LONGEST_DAYS + 1},
        {"most_uses": 0},
        {"most_uses": MOST_USES + 1},
        {"rooms": tuple(range(1, 22))},
    ],
)
async def test_a_link_without_an_end_is_not_made(house: House, ana: Visitor, terms: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        await link(house, ana, **terms)


async def test_members_make_no_links_see_none_and_revoke_none(house: House, ana: Visitor) -> None:
    await link(house, ana)
    bo = await house.sign_in("bo")
    (invite,) = await listed(house, ana)
    for asked in (invites.listed(house.services, bo), invites.revoke(house.services, bo, invite.id)):
        with pytest.raises(Forbidden):
            await asked
    with pytest.raises(NotFound):
        await invites.revoke(house.services, ana, 999)


async def test_making_and_revoking_are_acts_and_the_token_is_kept_nowhere(house: House, ana: Visitor) -> None:
    token = await link(house, ana)
    (invite,) = await listed(house, ana)
    await invites.revoke(house.services, ana, invite.id)
    revoked, made, *_ = (await acts.page(house.services, ana, before=None, limit=9)).acts
    assert (made.what, made.details) == ("invite.make", {"invite": invite.id, "role": "member"})
    assert (revoked.what, revoked.actor_id, revoked.details) == ("invite.revoke", ana.user.id, {"invite": invite.id})
    dump = await house.services.store.read(lambda connection: list(connection.exec_driver_sql("SELECT * FROM invites")))
    assert token not in str(dump)
    assert accounts.token_hash(token) in str(dump)


async def test_links_are_guessed_and_made_slowly(house: House, ana: Visitor) -> None:
    token = await link(house, ana)
    for _ in range(MISSED.most):
        with pytest.raises(InviteOver):
            await invites.landing(house.services, ADDRESS, "wrong")
    with pytest.raises(TooFast):
        await invites.landing(house.services, ADDRESS, "wrong")
    await invites.landing(house.services, ADDRESS, token)
    for _ in range(invites.MADE.most - 1):
        await link(house, ana)
    with pytest.raises(TooFast):
        await link(house, ana)


async def test_the_operator_makes_links_into_rooms_by_address(house: House, ana: Visitor, attic: Room) -> None:
    token = await invites.make_by_operator(house.services, Terms("admin"), [attic.slug])
    bo = await house.sign_in("bo", invite=token)
    assert bo.user.role == "admin"
    assert await is_in(house, bo, attic)
    with pytest.raises(NotFound):
        await invites.make_by_operator(house.services, Terms(), ["nowhere"])


async def test_a_link_into_an_archived_room_leads_past_it(house: House, ana: Visitor, annex: Room) -> None:
    token = await link(house, ana, rooms=(annex.id,))
    await rooms.change(house.services, ana, annex.id, rooms.Wanted(archived=True))
    assert (await invites.landing(house.services, ADDRESS, token)).rooms == []
    bo = await house.sign_in("bo", invite=token)
    with pytest.raises(NotFound):
        await access.room_to_read(house.services, bo, annex.id)

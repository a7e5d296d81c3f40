"""Who may come in, and what nobody who may not leaves behind."""

import pytest
from sqlalchemy import func, select

from app.chat import accounts, acts, allow_list, doors, invites, waiting_room
from app.chat.access import FRESH
from app.chat.invites import Terms
from app.errors import Forbidden, MustWait, NotInvited, SignInAgain
from app.models import Door, Visitor
from app.storage import tables, users
from tests.support.house import House

DOORS: tuple[Door, ...] = ("open", "invited", "waiting")


@pytest.fixture
async def ana(house: House) -> Visitor:
    """The owner."""
    return await house.appoint(await house.sign_in("ana"), "owner")


async def rows(house: House, name: str) -> int:
    count = select(func.count()).select_from(tables.metadata.tables[name])
    return await house.services.store.read(lambda connection: connection.execute(count).scalar_one())


async def test_a_new_community_is_open(house: House) -> None:
    assert await doors.current(house.services) == "open"
    assert (await house.sign_in("bo")).user.role == "member"


async def test_the_choice_holds_from_the_next_sign_in_on_and_is_an_act(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "invited")
    with pytest.raises(NotInvited):
        await house.sign_in("bo")
    await doors.change(house.services, ana, "open")
    await doors.change(house.services, ana, "open")
    await house.sign_in("bo")
    newest, before, *_ = (await acts.page(house.services, ana, before=None, limit=9)).acts
    assert (newest.what, newest.actor_id, newest.details) == (
        "door.set",
        ana.user.id,
        {"before": "invited", "after": "open"},
    )
    assert before.details == {"before": "open", "after": "invited"}


async def test_who_may_not_come_in_leaves_nothing_behind(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "invited")
    before = {name: await rows(house, name) for name in tables.metadata.tables}
    with pytest.raises(NotInvited):
        await house.sign_in("bo")
    assert {name: await rows(house, name) for name in tables.metadata.tables} == before


async def test_who_has_to_wait_is_nobody_here(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "waiting")
    people, sessions = await rows(house, "users"), await rows(house, "sessions")
    with pytest.raises(MustWait) as wait:
        await house.sign_in("bo")
    assert (await rows(house, "users"), await rows(house, "sessions")) == (people, sessions)
    assert await accounts.resume(house.services, wait.value.token) is None
    assert await accounts.resume_bearer(house.services, wait.value.token) is None
    assert await waiting_room.of_browser(house.services, wait.value.token) is not None


@pytest.mark.parametrize("door", DOORS)
async def test_whoever_was_in_before_stays_in(house: House, ana: Visitor, door: Door) -> None:
    bo = await house.sign_in("bo")
    await doors.change(house.services, ana, door)
    assert (await house.sign_in("bo_renamed", twitter_id="x-bo")).user.id == bo.user.id


@pytest.mark.parametrize("door", DOORS)
async def test_whoever_was_promised_a_place_comes_in(house: House, ana: Visitor, door: Door) -> None:
    await doors.change(house.services, ana, door)
    await accounts.add_user(house.services, "Cy", "moderator")
    assert (await house.sign_in("cy")).user.role == "moderator"


async def test_whoever_takes_a_promised_handle_over_does_not(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "invited")
    await accounts.add_user(house.services, "cy", "member")
    await house.sign_in("cy")
    with pytest.raises(NotInvited):
        await house.sign_in("cy", twitter_id="x-somebody-else")


async def test_owners_named_by_the_settings_come_in_once_each(house: House, ana: Visitor) -> None:
    store = house.services.store
    owners = frozenset({"Dee"})
    assert await store.read(users.is_expected, "dEE", owners)
    assert not await store.read(users.is_expected, "bo", owners)
    await store.write(users.add, "dee", "owner", 1)
    await house.sign_in("dee")
    assert not await store.read(users.is_expected, "dee", owners)


async def test_only_admins_choose_and_only_soon_after_signing_in(house: House, ana: Visitor) -> None:
    other = await house.sign_in("bo")
    for role in ("member", "moderator"):
        other = await house.appoint(other, role)
        with pytest.raises(Forbidden):
            await doors.change(house.services, other, "invited")
    await doors.change(house.services, await house.appoint(other, "admin"), "invited")
    house.clock.advance(FRESH / 1000 + 1)
    with pytest.raises(SignInAgain):
        await doors.change(house.services, ana, "open")
    assert await doors.current(house.services) == "invited"


async def test_the_operator_chooses_by_command(house: House, ana: Visitor) -> None:
    await doors.change_by_operator(house.services, "waiting")
    assert await doors.current(house.services) == "waiting"
    (act, *_) = (await acts.page(house.services, ana, before=None, limit=1)).acts
    assert (act.what, act.actor_id) == ("door.set", None)


async def test_an_invite_and_a_line_of_the_list_give_both(house: House, ana: Visitor) -> None:
    await doors.change(house.services, ana, "invited")
    await allow_list.add(house.services, ana, "cy", "moderator", ())
    _, token = await invites.make(house.services, ana, Terms(most_uses=1))
    cy = await house.sign_in("cy", invite=token)
    assert cy.user.role == "moderator"
    with pytest.raises(NotInvited):
        await house.sign_in("dee", invite=token)

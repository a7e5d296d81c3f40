"""Who gives which role to whom, and who hears of it."""

import asyncio
from typing import get_args

import pytest

from app.chat import acts, roles
from app.errors import Forbidden, LastOwner, NotFound, RoostError
from app.models import Role, Visitor
from app.protocol import events
from app.storage import users
from tests.support.house import House

ROLES: tuple[Role, ...] = get_args(Role)
MAY_GIVE: dict[Role, tuple[Role, ...]] = {
    "owner": ROLES,
    "admin": ("moderator", "member"),
    "moderator": (),
    "member": (),
}
MAY_CHANGE: dict[Role, tuple[Role, ...]] = {
    "owner": ("admin", "moderator", "member"),
    "admin": ("moderator", "member"),
    "moderator": (),
    "member": (),
}


async def role_of(house: House, visitor: Visitor) -> Role:
    user = await house.services.store.read(users.by_id, visitor.user.id)
    assert user is not None
    return user.role


@pytest.mark.parametrize("actor", ROLES)
@pytest.mark.parametrize("before", ROLES)
@pytest.mark.parametrize("after", ROLES)
async def test_a_role_is_given_by_who_may_to_who_is_below(
    house: House, ana: Visitor, bo: Visitor, actor: Role, before: Role, after: Role
) -> None:
    ana, bo = await house.appoint(ana, actor), await house.appoint(bo, before)
    may = actor != "member" and before == after
    may |= before in MAY_CHANGE[actor] and after in MAY_GIVE[actor]
    refusal: RoostError | None = None
    try:
        await roles.give(house.services, ana, bo.user.id, after)
    except Forbidden as error:
        refusal = error
    assert (refusal is None) is may
    assert await role_of(house, bo) == (after if may else before)


@pytest.mark.parametrize("before", ["owner", "admin", "moderator"])
@pytest.mark.parametrize("after", ROLES)
async def test_everybody_may_step_down_and_nobody_up(
    house: House, ana: Visitor, bo: Visitor, before: Role, after: Role
) -> None:
    await house.appoint(bo, "owner")
    ana = await house.appoint(ana, before)
    if ROLES.index(after) < ROLES.index(before):
        with pytest.raises(Forbidden):
            await roles.give(house.services, ana, ana.user.id, after)
    else:
        await roles.give(house.services, ana, ana.user.id, after)
        assert await role_of(house, ana) == after


async def test_the_only_owner_cannot_step_down(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    with pytest.raises(LastOwner):
        await roles.give(house.services, ana, ana.user.id, "admin")
    with pytest.raises(LastOwner):
        await roles.give_by_operator(house.services, "ana", "member")
    await roles.give(house.services, ana, bo.user.id, "owner")
    await roles.give(house.services, ana, ana.user.id, "admin")
    assert (await role_of(house, ana), await role_of(house, bo)) == ("admin", "owner")


async def test_of_two_owners_who_step_down_at_once_one_stays(house: House, ana: Visitor, bo: Visitor) -> None:
    both = [await house.appoint(ana, "owner"), await house.appoint(bo, "owner")]
    left = [roles.give(house.services, each, each.user.id, "member") for each in both]
    outcomes = await asyncio.gather(*left, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastOwner", "NoneType"]
    assert sorted([await role_of(house, ana), await role_of(house, bo)]) == ["member", "owner"]


async def test_who_only_wrote_elsewhere_and_who_is_not_there_get_no_role(house: House, ana: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    imported = await house.services.store.write(users.add_imported, "oldie", 0)
    for absent in (imported.id, 999):
        with pytest.raises(NotFound):
            await roles.give(house.services, ana, absent, "admin")


async def test_a_role_that_was_taken_away_counts_for_nothing_whatever_its_process_believes(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    ana = await house.appoint(ana, "owner")
    await house.appoint(bo, "owner")
    await house.appoint(ana, "member")
    assert ana.user.role == "owner", "as this process still believes"
    with pytest.raises(Forbidden):
        await roles.give(house.services, ana, ana.user.id, "admin")
    with pytest.raises(Forbidden):
        await acts.page(house.services, ana, before=None, limit=1)


async def test_everybody_hears_of_a_role_and_its_person_has_it_on_all_devices(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    ana = await house.appoint(ana, "owner")
    desk, phone, other = await house.connect(bo), await house.connect(bo), await house.connect(ana)
    await roles.give(house.services, ana, bo.user.id, "moderator")
    for client in (desk, phone, other):
        (changed,) = await client.hears(events.PersonChanged)
        assert (changed.person.id, changed.person.role) == (bo.user.id, "moderator")
    assert desk.connection.visitor.user.role == phone.connection.visitor.user.role == "moderator"
    again = await house.connect(await house.sign_in("bo"))
    (started,) = again.of(events.SessionStarted)
    assert started.person.role == "moderator"


async def test_to_give_the_role_that_is_there_changes_nothing_and_is_no_act(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    ana = await house.appoint(ana, "owner")
    client = await house.connect(bo)
    await roles.give(house.services, ana, bo.user.id, "member")
    await client.post()
    assert not client.of(events.PersonChanged)
    page = await acts.page(house.services, ana, before=None, limit=10)
    assert [act.person_id for act in page.acts] == [ana.user.id]


async def test_a_change_is_an_act_of_who_made_it(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    house.clock.advance(5)
    await roles.give(house.services, ana, bo.user.id, "admin")
    newest, first = (await acts.page(house.services, ana, before=None, limit=10)).acts
    assert (newest.what, newest.actor_id, newest.person_id) == ("role.set", ana.user.id, bo.user.id)
    assert (newest.at, newest.details) == (house.clock.now(), {"before": "member", "after": "admin"})
    assert (first.what, first.actor_id, first.person_id) == ("role.set", None, ana.user.id)


async def test_a_role_claimed_by_signing_in_is_an_act_and_heard_by_all(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.services.store.write(users.add, "ana", "owner", 1)
    client = await house.connect(bo)
    owner = await house.sign_in("ana")
    (changed,) = await client.hears(events.PersonChanged)
    assert changed.person.role == "owner"
    (act,) = (await acts.page(house.services, owner, before=None, limit=10)).acts
    assert (act.what, act.actor_id, act.person_id) == ("role.claim", owner.user.id, owner.user.id)
    assert act.details == {"before": "member", "after": "owner"}


async def test_the_operator_gives_roles_by_handle(house: House, ana: Visitor) -> None:
    assert (await roles.give_by_operator(house.services, "ANA", "moderator")).role == "moderator"
    with pytest.raises(NotFound):
        await roles.give_by_operator(house.services, "nobody", "admin")

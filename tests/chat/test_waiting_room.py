"""Who waits at the door, and the team that answers."""

import asyncio

import pytest

from app.chat import accounts, acts, doors, invites, waiting_room
from app.chat.accounts import ARRIVAL_LIFE
from app.chat.invites import Terms
from app.errors import Forbidden, MustWait, NotFound
from app.models import Arrival, Visitor
from app.protocol import events
from tests.support.house import GENERAL, House


@pytest.fixture
async def ana(house: House) -> Visitor:
    """A moderator of a community whose team lets people in."""
    await doors.change_by_operator(house.services, "waiting")
    await accounts.add_user(house.services, "ana", "moderator")
    return await house.sign_in("ana")


async def knock(house: House, handle: str = "cy", name: str | None = None) -> str:
    """The token of the browser in which they wait."""
    with pytest.raises(MustWait) as wait:
        await house.sign_in(handle, name=name)
    return wait.value.token


async def arrival(house: House, token: str) -> Arrival:
    found = await waiting_room.of_browser(house.services, token)
    assert found is not None
    return found


async def test_whoever_is_let_in_is_signed_in_where_they_waited(house: House, ana: Visitor) -> None:
    house.clock.advance(5)
    token, came = await knock(house, name="Cy"), house.clock.now()
    house.clock.advance(3_600)
    user = await waiting_room.let_in(house.services, ana, (await arrival(house, token)).id)
    visitor = await accounts.resume(house.services, token)
    assert visitor is not None
    assert (visitor.user, user.name, user.role) == (user, "Cy", "member")
    assert visitor.signed_in_at == came, "they showed X who they are then, and not now"
    assert await waiting_room.of_browser(house.services, token) is None
    assert [room.id for room, _ in (await accounts.arrive(house.services, visitor)).rooms] == [GENERAL]


async def test_everybody_hears_who_was_let_in(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    token = await knock(house)
    user = await waiting_room.let_in(house.services, ana, (await arrival(house, token)).id)
    (joined,) = await client.hears(events.MemberJoined)
    assert joined.person.id == user.id


async def test_the_team_hears_of_the_queue_and_nobody_else_does(house: House, ana: Visitor) -> None:
    await accounts.add_user(house.services, "bo", "member")
    team, other = await house.connect(ana), await house.connect(await house.sign_in("bo"))
    token = await knock(house)
    await knock(house)
    await knock(house, "dee")
    await waiting_room.refuse(house.services, ana, (await arrival(house, await knock(house, "dee"))).id)
    await waiting_room.let_in(house.services, ana, (await arrival(house, await knock(house))).id)
    assert [told.count for told in await team.hears(events.WaitingChanged, 4)] == [1, 2, 1, 0]
    await other.post()
    assert not other.of(events.WaitingChanged)
    assert await waiting_room.of_browser(house.services, token) is None


async def test_the_queue_is_in_order_with_the_refused_behind(house: House, ana: Visitor) -> None:
    for handle in ("cy", "dee", "eve"):
        house.clock.advance(1)
        await knock(house, handle)
    first, *_ = await waiting_room.queue(house.services, ana)
    await waiting_room.refuse(house.services, ana, first.id)
    assert [each.handle for each in await waiting_room.queue(house.services, ana)] == ["dee", "eve", "cy"]


async def test_whoever_was_refused_is_told_when_they_come_again_and_may_be_let_in_after_all(
    house: House, ana: Visitor
) -> None:
    await waiting_room.refuse(house.services, ana, (await arrival(house, await knock(house))).id)
    token = await knock(house)
    refused = await arrival(house, token)
    assert refused.refused_at is not None
    with pytest.raises(NotFound):
        await waiting_room.refuse(house.services, ana, refused.id)
    await waiting_room.let_in(house.services, ana, refused.id)
    assert await accounts.resume(house.services, token) is not None


async def test_whoever_was_refused_comes_in_by_an_invite(house: House, ana: Visitor) -> None:
    token = await knock(house)
    await waiting_room.refuse(house.services, ana, (await arrival(house, token)).id)
    _, link = await invites.make(house.services, ana, Terms())
    await house.sign_in("cy", invite=link)
    assert await waiting_room.queue(house.services, ana) == []


async def test_of_two_who_let_somebody_in_at_once_one_does(house: House, ana: Visitor) -> None:
    waiting = await arrival(house, await knock(house))
    both = [waiting_room.let_in(house.services, ana, waiting.id) for _ in range(2)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "User"]


async def test_answers_are_acts(house: House, ana: Visitor) -> None:
    cy, dee = await arrival(house, await knock(house)), await arrival(house, await knock(house, "dee"))
    user = await waiting_room.let_in(house.services, ana, cy.id)
    await waiting_room.refuse(house.services, ana, dee.id)
    refused, let_in, *_ = (await acts.page(house.services, ana, before=None, limit=9)).acts
    assert (let_in.what, let_in.actor_id, let_in.person_id) == ("door.let_in", ana.user.id, user.id)
    assert (refused.what, refused.person_id, refused.details) == ("door.refuse", None, {"handle": "dee"})


async def test_members_see_no_queue_and_answer_nobody(house: House, ana: Visitor) -> None:
    waiting = await arrival(house, await knock(house))
    await house.appoint(ana, "member")
    for asked in (
        waiting_room.queue(house.services, ana),
        waiting_room.let_in(house.services, ana, waiting.id),
        waiting_room.refuse(house.services, ana, waiting.id),
    ):
        with pytest.raises(Forbidden):
            await asked
    assert (await arrival(house, await knock(house))).refused_at is None


async def test_who_waits_too_long_is_forgotten_by_the_next_who_comes(house: House, ana: Visitor) -> None:
    token = await knock(house)
    house.clock.advance(ARRIVAL_LIFE / 1000 + 1)
    await knock(house, "dee")
    assert await waiting_room.of_browser(house.services, token) is None

"""Leaving for good: connections close, others see a former member, and nothing comes back."""

import pytest

from app.chat import accounts, departure, memberships, messages, rooms
from app.errors import BadRequest, LastOwner, NotFound, NotSignedIn
from app.models import Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.storage import users
from tests.support.house import GENERAL, House
from tests.support.waiting import until


async def test_every_connection_closes_and_others_see_a_former_member(house: House, ana: Visitor, bo: Visitor) -> None:
    token = await accounts.add_token(house.services, "ana", "robot")
    robot = await accounts.resume_bearer(house.services, token)
    assert robot
    mine = [await house.connect(ana), await house.connect(ana), await house.connect(robot)]
    reader = await house.connect(bo)
    await reader.open()
    await house.post(ana, "I was here")

    await departure.delete(house.services, ana, " @ANA ")
    for client in mine:
        await until(lambda client=client: client.transport.codes)  # type: ignore[misc]
        assert client.transport.codes == [CloseCode.SESSION_ENDED]
    (left,) = await reader.hears(events.MemberLeft)
    (changed,) = await reader.hears(events.PersonChanged)
    former = events.Person(ana.user.id, "", "Former member", former=True)
    assert (left.person, changed.person) == (former, former)
    page = await messages.page(house.services, bo, GENERAL)
    assert [(message.text, author.kind) for message, author in zip(page.messages, page.people, strict=True)] == [
        ("I was here", "former")
    ]
    assert await accounts.resume(house.services, house.tokens[ana.user.id]) is None
    assert await accounts.resume_bearer(house.services, token) is None


@pytest.mark.parametrize("typed", ["", "bo", "ana_", "@"])
async def test_what_is_typed_has_to_be_their_handle(house: House, ana: Visitor, typed: str) -> None:
    with pytest.raises(BadRequest, match="Type @ana to delete"):
        await departure.delete(house.services, ana, typed)
    assert await house.services.store.read(users.by_id, ana.user.id) == ana.user


async def test_the_only_owner_names_another_one_first(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    client = await house.connect(ana)
    with pytest.raises(LastOwner):
        await departure.delete(house.services, ana, "ana")
    await client.post()
    await house.appoint(bo, "owner")
    await departure.delete(house.services, ana, "ana")


async def test_who_has_gone_gets_in_nowhere_by_what_is_remembered(house: House, ana: Visitor, bo: Visitor) -> None:
    await departure.delete(house.services, ana, "ana")
    with pytest.raises(NotSignedIn):
        await memberships.join(house.services, ana, GENERAL)
    with pytest.raises(NotSignedIn):
        await rooms.create(house.services, ana, "Annex", "public")
    with pytest.raises(NotFound):
        await house.post(ana)
    with pytest.raises(NotSignedIn):
        await departure.delete(house.services, ana, "ana")
    with pytest.raises(NotFound):
        await memberships.add(house.services, bo, GENERAL, ana.user.id)


async def test_who_comes_back_is_a_newcomer(house: House, ana: Visitor) -> None:
    await departure.delete(house.services, ana, "ana")
    back = await house.sign_in("ana")
    assert back.user.id != ana.user.id
    assert [room.id for room, _ in (await accounts.arrive(house.services, back)).rooms] == [GENERAL]

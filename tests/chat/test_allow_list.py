"""The list of handles that may come in."""

import pytest

from app.chat import acts, allow_list, doors, rooms
from app.chat.access import FRESH
from app.chat.allow_list import MOST_AT_ONCE, handles_in
from app.errors import BadRequest, Forbidden, NotFound, NotInvited, SignInAgain
from app.models import Visitor
from app.storage import allow_list as rows
from app.storage import memberships
from tests.support.house import House


@pytest.fixture
async def ana(house: House) -> Visitor:
    """The owner of a community by invitation."""
    ana = await house.appoint(await house.sign_in("ana"), "owner")
    await doors.change(house.services, ana, "invited")
    return ana


async def test_whoever_is_on_the_list_comes_in_with_role_and_rooms(house: House, ana: Visitor) -> None:
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    assert await allow_list.add(house.services, ana, "@Cy, dee\n@cy", "moderator", (attic.id,)) == 2
    cy = await house.sign_in("cy")
    assert cy.user.role == "moderator"
    assert await house.services.store.read(memberships.find, attic.id, cy.user.id) is not None


async def test_a_line_is_bound_to_the_first_who_comes_and_later_takers_get_nothing(house: House, ana: Visitor) -> None:
    await allow_list.add(house.services, ana, "cy", "admin", ())
    cy = await house.sign_in("cy")
    await house.sign_in("cy_moved", twitter_id="x-cy")
    with pytest.raises(NotInvited):
        await house.sign_in("cy", twitter_id="x-taker")
    await doors.change(house.services, ana, "open")
    taker = await house.sign_in("cy", twitter_id="x-taker")
    assert (taker.user.role, taker.user.id == cy.user.id) == ("member", False)


async def test_whoever_was_taken_off_does_not_come_in_any_more(house: House, ana: Visitor) -> None:
    await allow_list.add(house.services, ana, "cy dee", "member", ())
    await house.sign_in("dee")
    for handle in ("CY", "dee"):
        await allow_list.remove(house.services, ana, handle)
    with pytest.raises(NotInvited):
        await house.sign_in("cy")
    await house.sign_in("dee")
    with pytest.raises(NotFound):
        await allow_list.remove(house.services, ana, "cy")


async def test_the_list_gives_no_role_that_its_maker_could_not_give_now(house: House, ana: Visitor) -> None:
    await allow_list.add(house.services, ana, "bo", "admin", ())
    bo = await house.sign_in("bo")
    with pytest.raises(Forbidden):
        await allow_list.add(house.services, bo, "cy", "admin", ())
    await allow_list.add(house.services, bo, "cy", "moderator", ())
    await house.appoint(bo, "member")
    assert (await house.sign_in("cy")).user.role == "member"


async def test_only_admins_change_it_and_only_soon_after_signing_in(house: House, ana: Visitor) -> None:
    await allow_list.add(house.services, ana, "bo", "moderator", ())
    bo = await house.sign_in("bo")
    with pytest.raises(Forbidden):
        await allow_list.add(house.services, bo, "cy", "member", ())
    with pytest.raises(Forbidden):
        await allow_list.page(house.services, bo)
    house.clock.advance(FRESH / 1000 + 1)
    for change in (
        allow_list.add(house.services, ana, "cy", "member", ()),
        allow_list.remove(house.services, ana, "bo"),
    ):
        with pytest.raises(SignInAgain):
            await change


async def test_changes_are_acts(house: House, ana: Visitor) -> None:
    await allow_list.add(house.services, ana, "cy dee", "member", ())
    await allow_list.remove(house.services, ana, "dee")
    removed, added, *_ = (await acts.page(house.services, ana, before=None, limit=9)).acts
    assert (added.what, added.details) == ("allow.add", {"handles": 2, "role": "member"})
    assert (removed.what, removed.details) == ("allow.remove", {"handle": "dee"})


@pytest.mark.parametrize("text", ["", " \n", "cy, no-handle", "@", "a" * 21, " ".join(f"h{n}" for n in range(1001))])
def test_what_is_no_list_of_handles_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadRequest):
        handles_in(text)


def test_handles_come_with_whatever_between() -> None:
    assert handles_in("@jack,Dee;  cy\n\n@CY\t@dee") == ["jack", "dee", "CY"]
    assert len(handles_in(" ".join(f"h{n}" for n in range(MOST_AT_ONCE)))) == MOST_AT_ONCE


async def test_the_list_is_bounded(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allow_list, "MOST", 2)
    with pytest.raises(BadRequest):
        await allow_list.add(house.services, ana, "cy dee eve", "member", ())
    assert await house.services.store.read(rows.count) == 0

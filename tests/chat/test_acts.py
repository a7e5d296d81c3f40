"""The log of acts, as moderators read it."""

import pytest

from app.chat import acts, roles
from app.errors import Forbidden, TooFast
from app.models import Visitor
from tests.support.house import House


async def test_it_is_read_from_the_newest_on_a_page_at_a_time(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    for role in ("admin", "moderator", "member", "admin"):
        await roles.give(house.services, ana, bo.user.id, role)
    newest = await acts.page(house.services, ana, before=None, limit=3)
    assert [act.details["after"] for act in newest.acts] == ["admin", "member", "moderator"]
    assert newest.people == [ana.user, (await house.sign_in("bo")).user]
    assert not newest.last
    rest = await acts.page(house.services, ana, before=newest.acts[-1].id, limit=2)
    assert [act.details["after"] for act in rest.acts] == ["admin", "owner"]
    assert rest.last


async def test_it_is_for_moderators_and_those_above(house: House, ana: Visitor, bo: Visitor) -> None:
    bo = await house.appoint(bo, "moderator")
    assert (await acts.page(house.services, bo, before=None, limit=1)).last
    with pytest.raises(Forbidden):
        await acts.page(house.services, ana, before=None, limit=1)


async def test_it_is_read_no_faster_than_people_read(house: House, ana: Visitor) -> None:
    ana = await house.appoint(ana, "moderator")
    for _ in range(60):
        await acts.page(house.services, ana, before=None, limit=1)
    with pytest.raises(TooFast):
        await acts.page(house.services, ana, before=None, limit=1)

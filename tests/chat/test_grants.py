"""What is given to whoever comes by a link or the list: see test_invites.py and test_allow_list.py for the doors."""

from app.chat import grants, rooms
from app.models import Role, Visitor
from app.storage import memberships, users
from tests.support.house import GENERAL, House


async def test_rooms_that_are_gone_or_known_are_passed_over(house: House, ana: Visitor, bo: Visitor) -> None:
    annex, _ = await rooms.create(house.services, ana, "Annex", "public")
    wanted = (999, annex.id, GENERAL, annex.id)
    joined = await house.services.store.write(grants.bring, bo.user, wanted, ana.user.id, 5)
    assert [room.id for room, _ in joined] == [annex.id]
    membership = await house.services.store.read(memberships.find, annex.id, bo.user.id)
    assert membership is not None
    assert membership.seq == joined[0][1]


async def test_a_role_is_only_ever_raised(house: House, ana: Visitor, bo: Visitor) -> None:
    store = house.services.store
    given: tuple[Role, ...] = ("moderator", "member", "admin", "moderator")
    held = []
    for role in given:
        user = await store.read(users.by_id, bo.user.id)
        assert user is not None
        held.append((await store.write(grants.promote, user, role, None, 5)).role)
    assert held == ["moderator", "moderator", "admin", "admin"]

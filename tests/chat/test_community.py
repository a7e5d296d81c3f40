import pytest

from app.chat import accounts, community
from app.models import Visitor
from app.storage import rooms
from tests.support.house import GENERAL, House


async def test_heads_and_ended_sessions_are_looked_up_together(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await house.private_room()
    await house.post(ana)
    state = await community.state(house.services, [GENERAL, attic.id])
    assert state == community.State({GENERAL: 3, attic.id: 0}, 0, 0, 0)
    await accounts.sign_out(house.services, ana)
    await accounts.sign_out(house.services, bo)
    await community.say_unheard(house.services)
    assert await community.state(house.services, []) == community.State({}, 2, 1, 0)


async def test_more_rooms_than_a_database_takes_in_a_question_are_looked_up_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(community, "AT_ONCE", 2)
    made = [await house.services.store.write(rooms.add, f"r{n}", "r", "", "private", 0) for n in range(5)]
    state = await community.state(house.services, [room.id for room in made])
    assert state.heads == {room.id: 0 for room in made}


async def test_sessions_that_were_ended_are_told_from_others(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(community, "AT_ONCE", 1)
    assert ana.session_id
    assert bo.session_id
    await accounts.sign_out(house.services, ana)
    assert await community.ended_sessions(house.services, {ana.session_id, bo.session_id}) == {ana.session_id}
    assert await community.ended_sessions(house.services, set()) == set()


async def test_those_who_joined_since_are_found_with_their_rooms(house: House, ana: Visitor) -> None:
    house.clock.advance(10)
    since = house.clock.now()
    cleo = await house.sign_in("cleo")
    (joining,) = await community.joined_since(house.services, since)
    assert (joining.room.id, joining.membership.user_id, joining.party) == (GENERAL, cleo.user.id, {})

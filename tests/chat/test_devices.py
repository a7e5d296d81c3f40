"""A person's sessions: listed, ended one by one or all others at once, and nobody else's."""

import pytest

from app.chat import accounts, community, devices
from app.chat.accounts import SESSION_IDLE_LIFE
from app.errors import NotFound
from app.models import Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.storage import sessions
from tests.support.house import House
from tests.support.waiting import until

HOUR = 3_600


async def ids(house: House, visitor: Visitor) -> list[int | None]:
    return [session.id for session in await devices.mine(house.services, visitor)]


async def test_the_one_that_asks_comes_first_then_those_used_last(house: House, ana: Visitor, bo: Visitor) -> None:
    house.clock.advance(HOUR)
    second = await house.sign_in("ana")
    house.clock.advance(HOUR)
    third = await house.sign_in("ana")
    assert await ids(house, ana) == [ana.session_id, third.session_id, second.session_id]
    assert await ids(house, third) == [third.session_id, second.session_id, ana.session_id]
    assert await ids(house, bo) == [bo.session_id]


async def test_each_tells_its_browser_and_when_it_was_begun_and_used(house: House, ana: Visitor) -> None:
    begun = house.clock.now()
    house.clock.advance(5 * HOUR)
    house.services.cache.clear()
    await accounts.resume(house.services, house.tokens[ana.user.id])
    (session,) = await devices.mine(house.services, ana)
    assert (session.user_agent, session.created_at) == ("a browser", begun)
    assert session.seen_at == begun + 5 * HOUR * 1000


async def test_what_has_run_out_is_not_among_them_before_it_is_swept(house: House, ana: Visitor) -> None:
    house.clock.advance(SESSION_IDLE_LIFE / 1000)
    later = await house.sign_in("ana")
    assert await ids(house, later) == [later.session_id]


async def test_one_that_is_signed_out_is_over_at_once_its_connections_too(house: House, ana: Visitor) -> None:
    lost = await house.sign_in("ana")
    token = house.tokens[ana.user.id]
    here, there = await house.connect(ana), await house.connect(lost)
    await devices.sign_out(house.services, ana, lost.session_id or 0)
    assert await accounts.resume(house.services, token) is None
    (ended,) = await there.hears(events.SessionEnded)
    assert ended.session == lost.session_id
    await until(lambda: there.transport.codes == [CloseCode.SESSION_ENDED])
    assert here.transport.codes == []
    assert await ids(house, ana) == [ana.session_id]


async def test_all_others_are_signed_out_and_this_one_stays(house: House, ana: Visitor, bo: Visitor) -> None:
    others = [await house.sign_in("ana") for _ in range(3)]
    clients = [await house.connect(visitor) for visitor in (*others, ana, bo)]
    await devices.sign_out_others(house.services, ana)
    for client in clients[:3]:
        await until(lambda client=client: client.transport.codes == [CloseCode.SESSION_ENDED])  # type: ignore[misc]
    assert [client.transport.codes for client in clients[3:]] == [[], []]
    assert await ids(house, ana) == [ana.session_id]
    await devices.sign_out_others(house.services, ana)
    assert await ids(house, ana) == [ana.session_id]


async def test_every_end_has_a_number_of_its_own_so_that_a_lost_one_shows(house: House, ana: Visitor) -> None:
    for _ in range(3):
        await house.sign_in("ana")
    before = (await community.state(house.services, [])).revoked
    await devices.sign_out_others(house.services, ana)
    assert (await community.state(house.services, [])).revoked == before + 3


@pytest.mark.parametrize("whose", ["somebody else's", "nobody's", "one that has ended"])
async def test_no_other_session_is_reached(house: House, ana: Visitor, bo: Visitor, whose: str) -> None:
    gone = await house.sign_in("ana")
    await accounts.sign_out(house.services, gone)
    session_id = {"somebody else's": bo.session_id, "nobody's": 9_999, "one that has ended": gone.session_id}[whose]
    with pytest.raises(NotFound):
        await devices.sign_out(house.services, ana, session_id or 0)
    assert await house.services.store.read(sessions.by_ids, [bo.session_id or 0])


async def test_a_program_may_end_all_sessions_of_its_person(house: House, ana: Visitor) -> None:
    robot = await accounts.resume_bearer(house.services, await accounts.add_token(house.services, "ana", "robot"))
    assert robot
    await devices.sign_out_others(house.services, robot)
    assert await ids(house, ana) == []

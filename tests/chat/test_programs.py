"""The tokens of somebody's programs: listed, and ended one by one or together, and nobody else's."""

import pytest

from app.chat import accounts, bans, community, departure, devices, programs
from app.chat.accounts import TOKEN_IDLE_LIFE
from app.errors import NotFound, NotSignedIn
from app.models import Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from tests.support.house import House
from tests.support.waiting import until

HOUR = 3_600


async def program(house: House, handle: str, name: str = "robot") -> tuple[Visitor, str]:
    secret = await accounts.add_token(house.services, handle, name)
    visitor = await accounts.resume_bearer(house.services, secret)
    assert visitor
    return visitor, secret


async def names(house: House, visitor: Visitor) -> list[str]:
    return [token.name for token in await programs.mine(house.services, visitor)]


async def test_they_are_listed_by_their_last_use(house: House, ana: Visitor, bo: Visitor) -> None:
    _, first = await program(house, "ana", "first")
    house.clock.advance(HOUR)
    await program(house, "ana", "second")
    await program(house, "bo", "another's")
    assert await names(house, ana) == ["second", "first"]
    house.clock.advance(HOUR)
    await accounts.resume_bearer(house.services, first)
    assert await names(house, ana) == ["first", "second"]
    assert [token.name for token in await programs.of_handle(house.services, "BO")] == ["another's"]
    with pytest.raises(NotFound):
        await programs.of_handle(house.services, "nobody")


async def test_one_that_is_ended_is_out_at_once_its_connections_too(house: House, ana: Visitor) -> None:
    lost, secret = await program(house, "ana", "lost")
    kept, kept_secret = await program(house, "ana", "kept")
    clients = [await house.connect(visitor) for visitor in (lost, lost, kept, ana)]
    await programs.end(house.services, ana, lost.token_id or 0)
    assert await accounts.resume_bearer(house.services, secret) is None
    for client in clients[:2]:
        await until(lambda client=client: client.transport.codes == [CloseCode.SESSION_ENDED])  # type: ignore[misc]
    assert [client.transport.codes for client in clients[2:]] == [[], []]
    assert await accounts.resume_bearer(house.services, kept_secret)
    assert await names(house, ana) == ["kept"]


async def test_a_token_read_before_its_end_is_not_remembered_after_it(house: House, ana: Visitor) -> None:
    robot, secret = await program(house, "ana")
    assert await accounts.resume_bearer(house.services, secret) is robot, "it is remembered"
    await programs.end(house.services, ana, robot.token_id or 0)
    assert await accounts.resume_bearer(house.services, secret) is None


async def test_a_connection_arrives_with_a_living_token_or_not_at_all(house: House, ana: Visitor) -> None:
    robot, _ = await program(house, "ana")
    assert (await accounts.arrive(house.services, robot)).rooms
    await programs.end(house.services, ana, robot.token_id or 0)
    with pytest.raises(NotSignedIn):
        await accounts.arrive(house.services, robot)
    client = house.begin(robot)
    await until(lambda: client.transport.codes == [CloseCode.SESSION_ENDED])


@pytest.mark.parametrize("whose", ["somebody else's", "nobody's", "one that has ended"])
async def test_no_other_token_is_reached(house: House, ana: Visitor, bo: Visitor, whose: str) -> None:
    his, secret = await program(house, "bo")
    gone, _ = await program(house, "ana", "gone")
    await programs.end(house.services, ana, gone.token_id or 0)
    token_id = {"somebody else's": his.token_id, "nobody's": 9_999, "one that has ended": gone.token_id}[whose]
    with pytest.raises(NotFound):
        await programs.end(house.services, ana, token_id or 0)
    assert await accounts.resume_bearer(house.services, secret)


async def test_who_runs_the_server_ends_anybodys(house: House, bo: Visitor) -> None:
    his, secret = await program(house, "bo", "a bot")
    assert (await programs.end_by_operator(house.services, his.token_id or 0)).name == "a bot"
    assert await accounts.resume_bearer(house.services, secret) is None
    with pytest.raises(NotFound):
        await programs.end_by_operator(house.services, his.token_id or 0)


async def test_signing_out_everywhere_else_ends_all_programs(house: House, ana: Visitor, bo: Visitor) -> None:
    robots = [(await program(house, "ana"))[0] for _ in range(2)]
    his, _ = await program(house, "bo")
    clients = [await house.connect(visitor) for visitor in (*robots, ana, his)]
    await devices.sign_out_others(house.services, ana)
    for client in clients[:2]:
        await until(lambda client=client: client.transport.codes == [CloseCode.SESSION_ENDED])  # type: ignore[misc]
    assert [client.transport.codes for client in clients[2:]] == [[], []]
    assert await names(house, ana) == []


async def test_every_end_has_a_number_of_its_own_so_that_a_lost_one_shows(house: House, ana: Visitor) -> None:
    for _ in range(3):
        await program(house, "ana")
    before = (await community.state(house.services, [])).revoked
    await programs.end_others(house.services, ana)
    assert (await community.state(house.services, [])).revoked == before + 3


async def test_with_a_ban_and_with_the_account_they_end(house: House, ana: Visitor, bo: Visitor) -> None:
    mod = await house.appoint(await house.sign_in("mod"), "moderator")
    hers, her_secret = await program(house, "ana")
    his, his_secret = await program(house, "bo")
    banned, left = await house.connect(hers), await house.connect(his)
    await bans.ban(house.services, mod, ana.user.id)
    await departure.delete(house.services, bo, "bo")
    await until(lambda: banned.transport.codes == [CloseCode.BANNED])
    await until(lambda: left.transport.codes == [CloseCode.SESSION_ENDED])
    for secret in (her_secret, his_secret):
        assert await accounts.resume_bearer(house.services, secret) is None


async def test_of_tokens_those_that_ended_or_were_long_unused_are_told_and_the_others_count_as_used(
    house: House, ana: Visitor
) -> None:
    robots = [(await program(house, "ana", name))[0] for name in ("ended", "unused", "open")]
    ids = [robot.token_id or 0 for robot in robots]
    await programs.end(house.services, ana, ids[0])
    house.clock.advance(TOKEN_IDLE_LIFE / 1000 - HOUR)
    assert await programs.ended(house.services, ids[2:]) == set()
    house.clock.advance(HOUR)
    assert await programs.ended(house.services, ids) == {ids[0], ids[1]}
    assert await names(house, await house.sign_in("ana")) == ["open"]


async def test_a_program_hears_of_its_end_by_the_code_alone(house: House, ana: Visitor) -> None:
    robot, _ = await program(house, "ana")
    client = await house.connect(robot)
    await programs.end(house.services, ana, robot.token_id or 0)
    await until(lambda: client.transport.codes == [CloseCode.SESSION_ENDED])
    assert not client.of(events.SessionEnded)

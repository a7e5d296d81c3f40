"""What the bus does not tell is found in the database. The clock is turned by hand; another process is one that writes
to the database without a word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.bus.base import PEERS, room_topic
from app.bus.memory import MemoryBus
from app.chat import accounts, community, departure, programs, removal
from app.models import Removal, Visitor
from app.protocol import events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.protocol.peers import PeopleHere, SessionRevoked
from app.realtime import lookout
from app.services import Services
from app.storage import counters, memberships, removals, sessions
from app.storage import rooms as room_rows
from app.storage.database import Connection
from tests.support.changes import changes
from tests.support.house import GENERAL, Client, House, open_house
from tests.support.waiting import until


class ShakyBus(MemoryBus):
    """Up or not, as is said."""

    is_up = True

    @property
    def up(self) -> bool:
        return self.is_up


@pytest.fixture
def bus() -> ShakyBus:
    return ShakyBus()


@pytest.fixture
async def house(migrated: Path, tmp_path: Path, bus: ShakyBus) -> AsyncIterator[House]:
    async with open_house(migrated, tmp_path, bus) as house:
        yield house


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The rooms of each look."""
    made: list[list[int]] = []
    state = community.state

    async def counted(services: Services, room_ids: list[int]) -> community.State:
        made.append(room_ids)
        return await state(services, room_ids)

    monkeypatch.setattr(community, "state", counted)
    return made


async def seconds(house: House, count: float) -> None:
    """Let them pass, with eight glances each."""
    for _ in range(round(count * 8)):
        house.clock.advance(0.125)
        house.hub.lookout.glance()
        await until(lambda: house.hub.lookout._task is None)


async def post_unheard(house: House, who: Visitor, text: str) -> None:
    house.services.bus.unsubscribe(room_topic(GENERAL))
    await house.post(who, text)
    house.services.bus.subscribe(room_topic(GENERAL))


async def end_unheard(house: House, who: Visitor) -> None:
    assert who.session_id is not None
    await house.services.store.write(_end, who.session_id)


def _end(connection: Connection, session_id: int) -> None:
    sessions.end(connection, session_id, 1)
    counters.take(connection, "revoked")


def texts(client: Client) -> list[str]:
    return [change.message.text for change in changes(client) if isinstance(change, events.MessagePosted)]


# When


async def test_while_the_bus_is_up_it_looks_every_twenty_seconds(house: House, looks: list[list[int]]) -> None:
    await seconds(house, 0.125)
    assert len(looks) == 1, "at the beginning"
    await seconds(house, 100)
    assert len(looks) == 6


async def test_while_the_bus_is_not_up_it_looks_every_second_and_once_when_it_is(
    house: House, bus: ShakyBus, looks: list[list[int]]
) -> None:
    await seconds(house, 1)
    looks.clear()
    bus.is_up = False
    await seconds(house, 5)
    assert len(looks) == 5
    bus.is_up = True
    await seconds(house, 10)
    assert len(looks) == 6


async def test_while_another_process_says_that_it_is_not_heard_it_looks_every_second(
    house: House, ana: Visitor, bo: Visitor, looks: list[list[int]]
) -> None:
    client = await house.connect(ana)
    await client.open()
    await seconds(house, 2)
    for _ in range(6):
        await house.services.store.write(counters.take, "unheard")
        await seconds(house, 10)
    await post_unheard(house, bo, "posted there")
    await seconds(house, 1)
    await client.hears(events.MessagePosted)
    await seconds(house, lookout.BELIEVED)
    looks.clear()
    await seconds(house, 40)
    assert len(looks) == 2


async def test_it_tells_the_others_by_the_database_that_they_do_not_hear_this_process(
    house: House, bus: ShakyBus
) -> None:
    await seconds(house, 2)
    bus.is_up = False
    await seconds(house, 30)
    assert (await house.services.store.read(counters.read))["unheard"] == 3
    bus.is_up = True
    await seconds(house, 30)
    assert (await house.services.store.read(counters.read))["unheard"] == 3


async def test_after_a_break_it_looks_at_once(house: House, looks: list[list[int]]) -> None:
    await seconds(house, 2)
    looks.clear()
    house.hub.lost()
    house.hub.lost()
    await until(lambda: house.hub.lookout._task is None)
    assert len(looks) == 1


async def test_all_rooms_are_looked_at_together(house: House, ana: Visitor, looks: list[list[int]]) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    house.hub.watch(client.connection, {attic.id: 0})
    looks.clear()
    await house.hub.lookout.look()
    assert looks == [[GENERAL, attic.id]]


async def test_a_room_is_looked_at_once_a_second_after_it_was_first_listened_to(
    house: House, ana: Visitor, bo: Visitor, looks: list[list[int]]
) -> None:
    await seconds(house, 2)
    client = await house.connect(ana)
    await client.open()
    await post_unheard(house, bo, "before the bus has listened")
    looks.clear()
    await seconds(house, 0.875)
    assert looks == []
    await seconds(house, 5)
    assert looks == [[GENERAL]]
    await client.hears(events.MessagePosted)


async def test_a_database_that_is_away_is_asked_until_it_answers_and_complained_of_once(
    house: House, ana: Visitor, bo: Visitor, looks: list[list[int]], caplog: pytest.LogCaptureFixture
) -> None:
    client = await house.connect(ana)
    await client.open()
    await seconds(house, 2)
    await post_unheard(house, bo, "lost")
    looks.clear()
    await house.services.store.database.close()
    house.hub.lost()
    await seconds(house, 5)
    assert len(looks) >= 5
    assert caplog.text.count("the database does not answer") == 1
    await house.services.store.database.start()
    await seconds(house, 1)
    await client.hears(events.MessagePosted)


# What


async def test_the_lost_last_message_is_found(house: House, ana: Visitor, bo: Visitor, bus: ShakyBus) -> None:
    client = await house.connect(ana)
    await client.open()
    await seconds(house, 3)
    bus.is_up = False
    await post_unheard(house, bo, "one")
    await post_unheard(house, bo, "two")
    await seconds(house, 1)
    await client.hears(events.MessagePosted, 2)
    bus.is_up = True
    await seconds(house, 30)
    assert texts(client) == ["one", "two"]


async def test_a_session_whose_end_was_not_heard_of_is_ended_within_a_second_while_the_bus_is_not_up(
    house: House, ana: Visitor, bo: Visitor, bus: ShakyBus
) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await seconds(house, 3)
    assert await accounts.resume(house.services, house.tokens[ana.user.id]) == ana
    bus.is_up = False
    await end_unheard(house, ana)
    assert await accounts.resume(house.services, house.tokens[ana.user.id]) == ana, "from the cache"
    await seconds(house, 1)
    assert one.transport.codes == [CloseCode.SESSION_ENDED]
    assert other.transport.codes == []
    assert await accounts.resume(house.services, house.tokens[ana.user.id]) is None


async def test_a_program_whose_end_was_not_heard_of_is_put_out_within_a_second_while_the_bus_is_not_up(
    house: House, ana: Visitor, bus: ShakyBus
) -> None:
    secret = await accounts.add_token(house.services, "ana", "robot")
    robot = await accounts.resume_bearer(house.services, secret)
    assert robot
    program, browser = await house.connect(robot), await house.connect(ana)
    await seconds(house, 3)
    assert await accounts.resume_bearer(house.services, secret) == robot
    bus.is_up = False
    await house.services.store.write(programs.end_counted, [robot.token_id or 0], 1)
    assert await accounts.resume_bearer(house.services, secret) == robot, "from the cache"
    await seconds(house, 1)
    assert program.transport.codes == [CloseCode.SESSION_ENDED]
    assert browser.transport.codes == []
    assert await accounts.resume_bearer(house.services, secret) is None


async def test_the_programs_of_who_left_for_good_are_put_out_though_nobody_heard_of_it(
    house: House, ana: Visitor, bus: ShakyBus
) -> None:
    robot = await accounts.resume_bearer(house.services, await accounts.add_token(house.services, "ana", "robot"))
    assert robot
    program = await house.connect(robot)
    await seconds(house, 3)
    bus.is_up = False
    await house.services.store.write(departure.depart, ana, 1)
    await seconds(house, 1)
    assert program.transport.codes == [CloseCode.SESSION_ENDED]


async def test_a_session_that_ended_before_the_first_look_is_ended(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await end_unheard(house, ana)
    await seconds(house, 0.125)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]


async def test_a_hole_in_the_count_of_ended_sessions_shows(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await seconds(house, 2)
    await end_unheard(house, ana)
    await accounts.sign_out(house.services, bo)
    await seconds(house, 1)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]


async def test_ended_sessions_that_were_heard_of_are_not_looked_for_again(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seconds(house, 2)
    monkeypatch.setattr(community, "ended_sessions", None)
    await accounts.sign_out(house.services, ana)
    house.hub.deliver(PEERS, 1, encode_event(SessionRevoked(1, 1, 1)))
    await accounts.sign_out(house.services, bo)
    await house.hub.lookout.look()


async def test_a_number_without_its_body_makes_it_look(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await seconds(house, 2)
    await end_unheard(house, ana)
    house.hub.deliver(PEERS, 1, None)
    await seconds(house, 1)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]


async def test_who_joined_a_room_during_a_break_enters_it_afterwards(
    house: House, ana: Visitor, bo: Visitor, bus: ShakyBus
) -> None:
    client = await house.connect(ana)
    await seconds(house, 3)
    bus.is_up = False
    room = await house.services.store.write(_add_joined_room, ana.user.id, house.clock.now())
    await seconds(house, 3)
    bus.is_up = True
    await seconds(house, 1)
    (joined,) = await client.hears(events.RoomJoined)
    assert joined.room.slug == "annex"
    await house.post(ana, "hello annex", room)
    await house.pulse.tell()
    assert [activity.room for activity in await client.hears(events.RoomActivity)] == [room]
    await seconds(house, 50)
    assert len(client.of(events.RoomJoined)) == 1


async def test_in_a_long_break_it_looks_for_joins_every_twenty_seconds(
    house: House, ana: Visitor, bus: ShakyBus
) -> None:
    client = await house.connect(ana)
    bus.is_up = False
    await seconds(house, 3)
    await house.services.store.write(_add_joined_room, ana.user.id, house.clock.now())
    await seconds(house, 21)
    await client.hears(events.RoomJoined)


async def test_who_joined_a_room_while_another_process_was_not_heard_enters_it_when_that_one_asks_who_is_here(
    house: House, ana: Visitor
) -> None:
    client = await house.connect(ana)
    await seconds(house, 3)
    await house.services.store.write(_add_joined_room, ana.user.id, house.clock.now())
    await seconds(house, 30)
    assert not client.of(events.RoomJoined)
    house.hub.deliver(PEERS, 0, encode_event(PeopleHere("another", 1, 0, [], asks=True)))
    await seconds(house, 1)
    (joined,) = await client.hears(events.RoomJoined)
    assert joined.room.slug == "annex"


async def test_who_joined_a_room_by_a_process_that_says_that_it_is_not_heard_enters_it(
    house: House, ana: Visitor
) -> None:
    client = await house.connect(ana)
    await seconds(house, 3)
    await house.services.store.write(_add_joined_room, ana.user.id, house.clock.now())
    await house.services.store.write(counters.take, "unheard")
    await seconds(house, 21)
    await client.hears(events.RoomJoined)


def _add_joined_room(connection: Connection, user_id: int, now: int) -> int:
    room = room_rows.add(connection, "annex", "annex", "", "public", now, is_default=True)
    memberships.join_default(connection, user_id, now)
    return room.id


# Sessions that time has ended


async def test_connections_of_sessions_that_have_run_out_are_closed(house: House, ana: Visitor, bo: Visitor) -> None:
    clients = {"ana": await house.connect(ana), "bo": await house.connect(bo)}
    house.clock.advance(accounts.SESSION_LIFE / 1000 - 60)
    cleo = await house.connect(await house.sign_in("cleo"))
    await house.hub.lookout.end_stale_sessions()
    assert [client.transport.codes for client in clients.values()] == [[CloseCode.SESSION_ENDED]] * 2
    assert cleo.transport.codes == []


async def test_an_open_connection_keeps_its_session_in_use(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    for _ in range(10):
        house.clock.advance(24 * 3600)
        await house.hub.lookout.end_stale_sessions()
    assert client.transport.codes == [], "ten days in use, though seven unused end a session"


async def test_an_open_connection_keeps_its_token_in_use_and_one_that_was_not_used_ends(
    house: House, ana: Visitor
) -> None:
    secrets = [await accounts.add_token(house.services, "ana", name) for name in ("open", "not used")]
    robot = await accounts.resume_bearer(house.services, secrets[0])
    assert robot
    program = await house.connect(robot)
    for _ in range(2):
        house.clock.advance(accounts.TOKEN_IDLE_LIFE / 1000 - 60)
        await house.hub.lookout.end_stale_sessions()
    assert program.transport.codes == []
    assert await accounts.resume_bearer(house.services, secrets[0])
    assert await accounts.resume_bearer(house.services, secrets[1]) is None


async def test_sessions_are_checked_every_five_minutes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[float] = []

    async def check(_: lookout.Lookout) -> None:
        checks.append(house.clock.monotonic())

    monkeypatch.setattr(lookout.Lookout, "end_stale_sessions", check)
    await seconds(house, 1)
    assert len(checks) == 1, "once at the start"
    await seconds(house, 600)
    assert len(checks) == 3


async def test_what_was_removed_a_month_ago_is_forgotten_by_itself(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await removal.remove(house.services, ana, GENERAL, 1)
    done = Removal(ana.user.id, ana.user.id, house.clock.now())
    house.clock.advance(removal.KEPT / 1000 - 600)
    await seconds(house, 1)
    assert await house.services.store.read(removals.rooms_of, done) == [GENERAL]
    await seconds(house, 900)
    assert await house.services.store.read(removals.rooms_of, done) == []


# Roles


async def test_a_role_that_nobody_told_of_is_told_here_with_the_next_look(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    theirs, other = await house.connect(ana), await house.connect(bo)
    await seconds(house, 1)
    await house.appoint(ana, "admin")
    await seconds(house, 20)
    for client in (theirs, other):
        (changed,) = await client.hears(events.PersonChanged)
        assert (changed.person.id, changed.person.role) == (ana.user.id, "admin")
    assert theirs.connection.visitor.user.role == "admin"
    await seconds(house, 100)
    assert len(other.of(events.PersonChanged)) == 1


async def test_roles_given_before_this_process_began_are_no_news(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.appoint(ana, "admin")
    client = await house.connect(bo)
    await seconds(house, 100)
    assert not client.of(events.PersonChanged)


async def test_a_role_that_was_given_before_the_first_look_to_who_was_here_already_is_told(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    theirs, other = await house.connect(ana), await house.connect(bo)
    await house.appoint(ana, "admin")
    await seconds(house, 20)
    assert [changed.person.role for changed in await other.hears(events.PersonChanged)] == ["admin"]
    assert theirs.connection.visitor.user.role == "admin"
    await seconds(house, 100)
    assert len(other.of(events.PersonChanged)) == 1

"""Two processes on one database: what is done in one is seen in the other, whatever becomes of the feed in between."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.bus import peers
from app.bus.base import Bus
from app.bus.postgres import PostgresLine
from app.bus.redis import RedisLine
from app.bus.shared import SharedBus
from app.chat import access, accounts, direct, memberships, preferences, programs, public_reading, roles, rooms
from app.errors import NotFound, RoomArchived
from app.memory import presence
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from tests.support.buses import mixed
from tests.support.changes import changes, database_changes
from tests.support.feed_proxy import FeedProxy, feed_proxy
from tests.support.house import GENERAL, Client, send
from tests.support.postgres import Databases
from tests.support.processes import Process, new_community, process
from tests.support.public import publish
from tests.support.readers import read
from tests.support.waiting import until

BUSES: dict[str, Callable[[str, str], Bus]] = {
    "notify": lambda url, community: SharedBus(PostgresLine(url, community)),
    "redis": lambda url, community: SharedBus(RedisLine(url, community, self_signed=False)),
}
SEEN = 2.5
"""Seconds from a message to those in another process while the feed is cut (DELIVERY F11)."""


@dataclass
class Two:
    """`feed` is what `one` hears and tells by; the database is reached without it."""

    one: Process
    other: Process
    feed: FeedProxy
    make_bus: Callable[[], Bus]
    """For one more."""

    async def in_touch(self) -> None:
        await self.one.is_idle()
        await self.other.is_idle()


@pytest.fixture(params=BUSES)
async def two(request: pytest.FixtureRequest, postgres: Databases, tmp_path: Path) -> AsyncIterator[Two]:
    community = new_community()
    async with AsyncExitStack() as stack:
        url = stack.enter_context(postgres.fresh())
        feed_url = url if request.param == "notify" else request.getfixturevalue("redis_url")
        feed = await stack.enter_async_context(feed_proxy(feed_url))
        make_bus = BUSES[request.param]
        one = await stack.enter_async_context(process(url, make_bus(feed.url, community), tmp_path))
        other = await stack.enter_async_context(process(url, make_bus(feed_url, community), tmp_path))
        two = Two(one, other, feed, lambda: make_bus(feed_url, community))
        await two.in_touch()
        yield two


@pytest.fixture
async def ana(two: Two) -> Visitor:
    return (await two.one.sign_in("ana"))[0]


@pytest.fixture
async def bo(two: Two) -> Visitor:
    return (await two.one.sign_in("bo"))[0]


def seqs(client: Client) -> list[int]:
    return [change.seq for change in changes(client)]


async def settled(two: Two, *clients: Client) -> list[int]:
    """Once they have heard the last change of the room: every seq that the database has."""
    stored = await database_changes(two.one.services, GENERAL)
    await until(lambda: all(seqs(client)[-1:] == stored[-1:] for client in clients))
    return stored


async def test_what_is_posted_in_one_is_seen_in_both_in_the_same_order(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    for number in range(300):
        here.say(send(f"here {number}"))
        there.say(send(f"there {number}"))
        await asyncio.sleep(0.001)
    await there.hears(events.Sent, 300)
    await here.hears(events.Sent, 300)
    stored = await settled(two, here, there)
    assert seqs(here) == seqs(there) == stored[-600:]


async def test_a_message_that_is_too_large_for_the_feed_is_seen(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    text = "<&>" * 1_300
    sent = await here.post(text)
    await here.post("and on")
    (posted, _) = await there.hears(events.MessagePosted, 2)
    assert posted.message == sent.message


async def test_nothing_is_missing_whatever_the_feed_loses_doubles_and_swaps(
    two: Two, ana: Visitor, bo: Visitor
) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    two.feed.fate = mixed(random.Random(0))
    for number in range(400):
        there.say(send(f"there {number}"))
        await asyncio.sleep(0.005)
    await there.hears(events.Sent, 400)
    two.feed.fate = None
    await there.post("the last, which is heard")
    stored = await settled(two, here, there)
    assert seqs(here) == seqs(there) == stored[-401:]
    assert min(two.feed.fates[fate] for fate in ("lose", "double", "swap")) > 5
    assert two.one.services.metrics.gaps_filled > 0


async def test_while_the_feed_is_cut_messages_are_seen_and_afterwards_nothing_comes_twice(
    two: Two, ana: Visitor, bo: Visitor
) -> None:
    loop = asyncio.get_running_loop()
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    two.feed.sever()
    for number in range(4):
        before = loop.time()
        for speaker, listener in ((here, there), (there, here)):
            await speaker.post(f"{number}")
            last = seqs(speaker)[-1]
            await until(lambda listener=listener, last=last: last in seqs(listener))  # type: ignore[misc]
            assert loop.time() - before <= SEEN
            before = loop.time()
        await asyncio.sleep(0.1)
    two.feed.heal()
    await two.in_touch()
    for number in range(50):
        await here.post(f"again {number}")
    stored = await settled(two, here, there)
    assert seqs(here) == seqs(there) == stored[-58:]


async def test_a_session_that_is_ended_in_one_is_over_in_the_other(two: Two, ana: Visitor) -> None:
    await ends_there(two, ana, within=0.5)


async def test_a_session_that_is_ended_in_one_is_over_in_the_other_while_the_feed_is_cut(
    two: Two, ana: Visitor
) -> None:
    two.feed.sever()
    await ends_there(two, ana, within=2.0)


async def test_a_program_that_is_ended_in_one_is_over_in_the_other(two: Two, ana: Visitor) -> None:
    await program_ends_there(two, ana, within=0.5)


async def test_a_program_that_is_ended_in_one_is_over_in_the_other_while_the_feed_is_cut(
    two: Two, ana: Visitor
) -> None:
    two.feed.sever()
    await program_ends_there(two, ana, within=2.0)


async def program_ends_there(two: Two, ana: Visitor, within: float) -> None:
    secrets = [await accounts.add_token(two.one.services, "ana", name) for name in ("ended", "kept")]
    ended, kept = [await accounts.resume_bearer(two.other.services, secret) for secret in secrets]
    assert ended
    assert kept
    ending, staying = await two.other.connect(ended), await two.other.connect(kept)
    await until(lambda: two.other.hub.lookout._revoked is not None)
    await programs.end(two.one.services, ana, ended.token_id or 0)
    async with asyncio.timeout(within):
        await until(lambda: ending.transport.codes == [CloseCode.SESSION_ENDED])
        cached = two.other.services.cache.sessions._entries
        await until(lambda: ended not in [visitor for _, visitor in cached.values()])
    assert await accounts.resume_bearer(two.other.services, secrets[0]) is None
    assert staying.transport.codes == []


async def ends_there(two: Two, ana: Visitor, within: float) -> None:
    """DELIVERY D15."""
    staying = await two.other.connect(ana)
    elsewhere, token = await two.other.sign_in("ana")
    ending = await two.other.connect(elsewhere)
    await until(lambda: two.other.hub.lookout._revoked is not None)
    assert await accounts.resume(two.other.services, token) == elsewhere
    await accounts.sign_out(two.one.services, elsewhere)
    async with asyncio.timeout(within):
        await until(lambda: ending.transport.codes == [CloseCode.SESSION_ENDED])
        await until(lambda: not two.other.services.cache.sessions.get(accounts.token_hash(token)))
    assert await accounts.resume(two.other.services, token) is None
    assert staying.transport.codes == []


async def test_settings_that_are_changed_in_one_hold_in_the_other(two: Two, ana: Visitor) -> None:
    elsewhere, token = await two.other.sign_in("ana")
    there = await two.other.connect(elsewhere)
    assert await accounts.resume(two.other.services, token) == elsewhere
    chosen = await preferences.change(two.one.services, ana, {"theme": "dusk"})
    (changed,) = await there.hears(events.PreferencesChanged)
    assert changed.preferences == chosen
    visitor = await accounts.resume(two.other.services, token)
    assert visitor
    assert visitor.preferences == chosen


async def test_who_joins_a_room_in_one_is_in_it_in_the_other(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    room = await rooms.add(two.one.services, "annex")
    for client in (here, there):
        (joined,) = await client.hears(events.RoomJoined)
        assert joined.room.slug == "annex"
        await client.open(room.id)
    await here.post("hello annex", room.id)
    await there.hears(events.MessagePosted)
    cleo, _ = await two.other.sign_in("cleo")
    assert (await here.hears(events.MemberJoined))[0].person.id == cleo.user.id


async def test_who_joins_a_room_while_the_feed_is_cut_is_in_it_afterwards(two: Two, bo: Visitor) -> None:
    there = await two.one.connect(bo, GENERAL)
    two.feed.sever()
    await until(lambda: not two.one.services.bus.up)
    room = await rooms.add(two.other.services, "annex")
    two.feed.heal()
    (joined,) = await there.hears(events.RoomJoined)
    assert joined.room.id == room.id


async def test_who_joins_a_room_by_a_process_whose_feed_is_cut_for_a_moment_is_in_it_afterwards(
    two: Two, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For so short a time that the other process takes nobody for silent."""
    monkeypatch.setattr(peers, "SILENCE", 60.0)
    there = await two.other.connect(bo, GENERAL)
    two.feed.sever()
    await until(lambda: not two.one.services.bus.up)
    room = await rooms.add(two.one.services, "annex")
    two.feed.heal()
    (joined,) = await there.hears(events.RoomJoined)
    assert joined.room.id == room.id


async def test_writing_read_markers_and_names_are_told_across(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    my_other = await two.other.connect(ana)
    await here.ask(commands.TypeInRoom(ref=0, room=GENERAL))
    assert (await there.hears(events.TypingStarted))[0].person.id == ana.user.id
    await here.post()
    await here.ask(commands.ReadRoom(ref=0, room=GENERAL, number=1))
    assert (await my_other.hears(events.RoomRead))[0].number == 1
    await two.one.sign_in("ana", name="Ana the Second")
    assert (await there.hears(events.PersonChanged))[0].person.name == "Ana the Second"
    await my_other.post("as the second")
    assert (await here.hears(events.MessagePosted, 2))[1].person.name == "Ana the Second"


# Who is taken out, and what rooms become (DELIVERY D15)


async def annex(two: Two, moderator: Visitor, *others: Visitor) -> int:
    room, _ = await rooms.create(two.one.services, moderator, "Annex", "public")
    for other in others:
        await memberships.join(two.one.services, other, room.id)
    return room.id


async def test_who_is_taken_out_during_a_burst_hears_nothing_that_comes_after(
    two: Two, ana: Visitor, bo: Visitor
) -> None:
    room = await annex(two, ana, bo)
    speaker = await two.one.connect(ana, room)
    for number in range(10):
        removed = [await process.connect(bo, room) for process in (two.one, two.other)]
        await memberships.add(two.other.services, ana, room, bo.user.id)
        for count in range(30):
            speaker.say(send(f"{number}: {count}", room))
        await memberships.remove((two.one, two.other)[number % 2].services, ana, room, bo.user.id)
        for count in range(30):
            speaker.say(send(f"{number}: later {count}", room))
        for client in removed:
            (told,) = await client.hears(events.RoomRemoved)
            await speaker.post("and one more", room)
            await until(lambda: two.one.hub.repairs.idle and two.other.hub.repairs.idle)
            assert all(posted.seq < told.seq for posted in client.of(events.MessagePosted))
            assert room not in client.connection.rooms
            client.leave()
        await memberships.join(two.one.services, bo, room)


async def test_who_is_taken_out_while_the_feed_is_cut_is_out_there_too(two: Two, ana: Visitor, bo: Visitor) -> None:
    room = await annex(two, ana, bo)
    there = await two.one.connect(bo, room)
    await there.post("while I may", room)
    two.feed.sever()
    await until(lambda: not two.one.services.bus.up)
    await memberships.remove(two.other.services, ana, room, bo.user.id)
    async with asyncio.timeout(SEEN):
        await there.hears(events.RoomRemoved)
        await until(lambda: two.one.services.cache.memberships.get((room, bo.user.id)) is None)
    answer = await there.ask(send("still here?", room))
    assert isinstance(answer, events.Failed)
    assert answer.error.code == "not_found"


async def test_what_a_process_remembers_of_a_room_is_void_when_another_changes_it(
    two: Two, ana: Visitor, bo: Visitor
) -> None:
    """Also where nobody listens to the room: its people may be connected elsewhere and post here."""
    room = await annex(two, ana, bo)
    await access.room_to_post(two.other.services, bo, room)
    await rooms.change(two.one.services, ana, room, rooms.Wanted(archived=True))
    await until(lambda: two.other.services.cache.rooms.get(room) is None)
    with pytest.raises(RoomArchived):
        await access.room_to_post(two.other.services, bo, room)
    await memberships.remove(two.one.services, ana, room, bo.user.id)
    await until(lambda: two.other.services.cache.memberships.get((room, bo.user.id)) is None)
    with pytest.raises(NotFound):
        await access.room_to_read(two.other.services, bo, room)


async def test_a_change_of_a_room_reaches_its_people_in_both(two: Two, ana: Visitor, bo: Visitor) -> None:
    room = await annex(two, ana, bo)
    here, there = await two.one.connect(ana, room), await two.other.connect(bo)
    await rooms.change(two.other.services, ana, room, rooms.Wanted(name="The Annex"))
    for client in (here, there):
        assert [change.name for change in await client.hears(events.RoomChanged)] == ["The Annex"]


# Who reads without an account


async def test_a_stranger_hears_what_is_posted_in_the_other_process(two: Two, bo: Visitor) -> None:
    await publish(two.one.services)
    page = await read(two.one)
    there = await two.other.connect(bo, GENERAL)
    await two.in_touch()
    await there.post("hello")
    await page.hears(1)
    assert page.types == ["public.shown"]


async def test_turned_off_in_one_process_no_stranger_hears_on_in_either(two: Two, ana: Visitor) -> None:
    await publish(two.one.services)
    pages = [await read(two.one), await read(two.other)]
    here = await two.one.connect(ana, GENERAL)
    await two.in_touch()
    await public_reading.change_by_operator(two.one.services, on=False)
    await here.post("secret")
    for page in pages:
        await page.hears(1)
        assert page.types == ["public.ended"]


async def test_a_room_closed_in_one_process_is_closed_to_strangers_in_both(two: Two, ana: Visitor) -> None:
    await publish(two.one.services)
    await roles.give_by_operator(two.one.services, "ana", "owner")
    pages = [await read(two.one), await read(two.other)]
    await two.in_touch()
    await rooms.change(two.one.services, ana, GENERAL, rooms.Wanted(kind="private"))
    for page in pages:
        await page.hears(1)
        assert page.types == ["public.ended"]


async def test_turned_off_while_the_feed_is_cut_the_other_process_finds_out(two: Two) -> None:
    await publish(two.one.services)
    page = await read(two.one)
    await two.in_touch()
    two.feed.sever()
    await public_reading.change_by_operator(two.other.services, on=False)
    await page.hears(1)
    assert page.types == ["public.ended"]


# Who is here


def online(process: Process) -> tuple[int, int]:
    """In the room and in all."""
    return process.hub.online_in(GENERAL), process.services.presence.count


async def test_people_are_counted_over_both(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana, GENERAL), await two.other.connect(bo, GENERAL)
    await two.other.connect(ana)
    attic = await two.one.private_room("attic")
    await until(lambda: online(two.one) == online(two.other) == (2, 2))
    assert (await here.open()).online == (await there.open()).online == 2
    cleo = (await two.other.sign_in("cleo"))[0]
    await two.other.connect(cleo)
    await until(lambda: here.of(events.PresenceChanged) and here.of(events.PresenceChanged)[-1].online == 3)
    assert two.one.hub.online_in(attic.id) == 0


async def test_who_is_idle_in_one_and_in_use_in_the_other_is_here(two: Two, ana: Visitor, bo: Visitor) -> None:
    desk, phone = await two.one.connect(ana), await two.other.connect(ana)
    readers = [await each.connect(bo, GENERAL) for each in (two.one, two.other)]
    await until(lambda: online(two.one) == online(two.other) == (2, 2))

    def seen_idle() -> list[bool]:
        """By each process, and by who looks at the room there."""
        last = [next((each for each in reversed(reader.of(events.PresenceChanged))), None) for reader in readers]
        known = [each.services.presence.is_idle(ana.user.id) for each in (two.one, two.other)]
        return known + [each is not None and ana.user.id in each.idle for each in last]

    await phone.ask(commands.RestPresence(ref=0, idle=True))
    await until(lambda: ana.user.id in two.one.services.presence._elsewhere[two.other.services.presence.process].idle)
    assert seen_idle() == [False] * 4
    await desk.ask(commands.RestPresence(ref=0, idle=True))
    await until(lambda: seen_idle() == [True] * 4)
    await phone.ask(commands.RestPresence(ref=0, idle=False))
    await until(lambda: seen_idle() == [False] * 4)


async def test_a_process_that_begins_hears_at_once_who_is_there(
    two: Two, ana: Visitor, bo: Visitor, tmp_path: Path
) -> None:
    client = await two.one.connect(ana)
    await client.ask(commands.RestPresence(ref=0, idle=True))
    await two.other.connect(bo)
    await until(lambda: online(two.one) == online(two.other) == (2, 2))
    async with process(two.one.services.settings.database_url, two.make_bus(), tmp_path) as begun:
        await until(lambda: online(begun) == (2, 2))
        assert begun.services.presence.idle_of([ana.user.id, bo.user.id]) == [ana.user.id]


async def test_the_people_of_a_process_that_dies_without_a_word_are_gone_after_a_while(
    two: Two, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "BELIEVED", 2.5)
    two.one.hub.heartbeat = two.other.hub.heartbeat = 1.0
    here = await two.one.connect(ana, GENERAL)
    await two.other.connect(bo)
    await until(lambda: online(two.one) == (2, 2))
    await asyncio.sleep(3.5)
    assert online(two.one) == (2, 2), "as long as they are told of"
    two.feed.sever()
    await until(lambda: online(two.one) == (1, 1))
    await until(lambda: here.of(events.PresenceChanged)[-1].online == 1)


@pytest.mark.parametrize("is_cut", [False, True], ids=["heard", "feed cut"])
async def test_a_role_given_in_one_counts_in_the_other(two: Two, ana: Visitor, bo: Visitor, is_cut: bool) -> None:
    loop = asyncio.get_running_loop()
    await roles.give_by_operator(two.one.services, "ana", "owner")
    ana, _ = await two.one.sign_in("ana")
    here, there = await two.one.connect(ana), await two.other.connect(bo)
    assert isinstance(await there.ask(commands.ListActs(ref=0)), events.Failed)
    if is_cut:
        two.feed.sever()
    begun = loop.time()
    await here.ask(commands.SetRole(ref=0, person=bo.user.id, role="moderator"))
    await until(lambda: there.connection.visitor.user.role == "moderator")
    assert loop.time() - begun <= SEEN
    assert isinstance(await there.ask(commands.ListActs(ref=0)), events.Acts)
    await here.ask(commands.SetRole(ref=0, person=bo.user.id, role="member"))
    assert isinstance(await there.ask(commands.ListActs(ref=0)), events.Failed), "at once, whatever was heard"


@pytest.mark.parametrize("is_cut", [False, True], ids=["heard", "feed cut"])
async def test_who_is_muted_in_one_writes_nothing_in_the_other(
    two: Two, ana: Visitor, bo: Visitor, is_cut: bool
) -> None:
    loop = asyncio.get_running_loop()
    await roles.give_by_operator(two.one.services, "ana", "moderator")
    ana, _ = await two.one.sign_in("ana")
    here, there = await two.one.connect(ana), await two.other.connect(bo, GENERAL)
    await there.post()
    if is_cut:
        two.feed.sever()
    begun = loop.time()
    await here.ask(commands.MuteMember(ref=0, person=bo.user.id, minutes=10))
    (changed,) = await there.hears(events.RestraintChanged)
    assert loop.time() - begun <= SEEN
    assert changed.restraint is not None
    refused = await there.ask(send())
    assert isinstance(refused, events.Failed)
    assert refused.error.code == "muted"


@pytest.mark.parametrize("is_cut", [False, True], ids=["heard", "feed cut"])
async def test_who_is_banned_in_one_is_cut_off_in_the_other_and_their_programs_too(
    two: Two, ana: Visitor, bo: Visitor, is_cut: bool
) -> None:
    loop = asyncio.get_running_loop()
    await roles.give_by_operator(two.one.services, "ana", "moderator")
    ana, _ = await two.one.sign_in("ana")
    robot = await accounts.resume_bearer(two.one.services, await accounts.add_token(two.one.services, "bo", "robot"))
    assert robot
    here = await two.one.connect(ana)
    there = [await two.other.connect(bo, GENERAL), await two.other.connect(robot, GENERAL)]
    if is_cut:
        two.feed.sever()
    begun = loop.time()
    await here.ask(commands.BanMember(ref=0, person=bo.user.id))
    for client in there:
        await until(lambda client=client: client.transport.codes)  # type: ignore[misc]
        assert client.transport.codes == [CloseCode.BANNED]
    assert loop.time() - begun <= SEEN


async def test_a_direct_room_comes_to_its_people_in_the_other_process_with_its_first_message(
    two: Two, ana: Visitor, bo: Visitor
) -> None:
    here, there = await two.one.connect(ana), await two.other.connect(bo)
    room = (await direct.open_room(two.one.services, ana, [bo.user.id])).room
    await here.post("hello", room.id)
    (joined,) = await there.hears(events.RoomJoined)
    assert (joined.room.id, joined.room.number, len(joined.room.people)) == (room.id, 1, 2)


async def test_a_direct_room_that_began_while_the_feed_was_cut_is_found(two: Two, ana: Visitor, bo: Visitor) -> None:
    here, there = await two.one.connect(ana), await two.other.connect(bo)
    room = (await direct.open_room(two.other.services, bo, [ana.user.id])).room
    two.feed.sever()
    await there.post("hello", room.id)
    two.feed.heal()
    (joined,) = await here.hears(events.RoomJoined)
    assert (joined.room.id, joined.room.kind, len(joined.room.people)) == (room.id, "direct", 2)

"""Who is here and what reaches them."""

import asyncio

import pytest

from app.bus.base import room_topic, user_topic
from app.chat import accounts, reading, rooms
from app.errors import Unavailable
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.storage import memberships
from app.storage import rooms as room_rows
from app.storage.database import Connection
from tests.support.changes import Changes, changes, database_changes
from tests.support.house import GENERAL, House, StuckWriter, send
from tests.support.waiting import until


async def test_everybody_who_has_the_room_open_hears_a_message_the_sender_too(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    await other.open()
    sent = await one.post("hello")
    for client in (one, other):
        (posted,) = await client.hears(events.MessagePosted)
        assert posted.message == sent.message
        assert posted.seq == sent.message.seq
        assert posted.person.handle == "ana"


async def test_a_room_that_is_not_open_is_silent(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    other.forget()
    await one.post()
    await one.hears(events.MessagePosted)
    assert other.types == []


async def test_a_closed_room_is_silent_again(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await one.open()
    await other.open()
    await other.ask(commands.CloseRoom(ref=0, room=GENERAL))
    other.forget()
    await one.post()
    await one.hears(events.MessagePosted)
    assert other.types == []


async def test_closing_a_room_that_is_not_ones_own_tells_nothing(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    answers = [await client.ask(commands.CloseRoom(ref=0, room=room)) for room in (attic.id, 999)]
    assert [type(answer) for answer in answers] == [events.Done, events.Done]


async def test_opening_a_room_of_others_and_one_that_is_absent_look_alike(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    client = await house.connect(ana)
    answers = [await client.ask(commands.OpenRoom(ref=0, room=room)) for room in (attic.id, 999)]
    assert [answer.error for answer in answers if isinstance(answer, events.Failed)] == [answers[0].error] * 2  # type: ignore[attr-defined]
    assert room_topic(attic.id) not in house.hub.rooms
    assert room_topic(999) not in house.hub.rooms


async def test_everything_is_forgotten_when_everybody_has_left(house: House, ana: Visitor, bo: Visitor) -> None:
    clients = [await house.connect(who) for who in (ana, ana, bo)]
    for client in clients:
        await client.open()
        await client.post()
    await house.pulse.tell()
    for client in clients:
        client.leave()
    hub = house.hub
    assert not hub.connections
    assert not hub.rooms
    assert not hub._people
    assert not hub.active_rooms
    assert hub._everyone.empty
    assert house.services.bus._topics == {"everyone", "peers"}  # type: ignore[attr-defined]
    await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_a_connection_that_ends_while_it_opens_a_room_does_not_stay_in_it(house: House, ana: Visitor) -> None:
    for steps in range(12):
        client = await house.connect(ana)
        house.services.cache.clear()
        client.say(commands.OpenRoom(ref=0, room=GENERAL))
        for _ in range(steps):
            await asyncio.sleep(0)
        client.leave()
        await until(lambda client=client: client.is_idle)  # type: ignore[misc]
        assert not house.hub.rooms, f"after {steps} steps"


async def test_a_connection_that_ends_while_it_opens_a_room_joined_elsewhere_does_not_stay_in_it(
    house: House, ana: Visitor
) -> None:
    for steps in range(12):
        client = await house.connect(ana)
        # As another process would make it: without a word to this one.
        room = await house.services.store.write(_add_joined_room, f"room-{steps}", ana.user.id)
        client.say(commands.OpenRoom(ref=0, room=room))
        for _ in range(steps):
            await asyncio.sleep(0)
        client.leave()
        await until(lambda client=client: client.is_idle)  # type: ignore[misc]
        assert not house.hub.rooms, f"after {steps} steps"


def _add_joined_room(connection: Connection, slug: str, user_id: int) -> int:
    room = room_rows.add(connection, slug, slug, "", "public", 0)
    memberships.join_public(connection, user_id, 0)
    return room.id


async def test_a_room_joined_by_way_of_another_process_can_be_opened_and_is_live(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    room = await house.services.store.write(_add_joined_room, "annex", ana.user.id)
    opened = await client.open(room)
    assert opened.room.slug == "annex"
    await client.post("hello annex", room)
    assert await client.hears(events.MessagePosted)


async def test_an_opening_that_fails_leaves_the_room_closed_and_the_connection_alive(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE messages RENAME TO hidden"))
    answer = await client.ask(commands.OpenRoom(ref=0, room=GENERAL))
    assert isinstance(answer, events.Failed)
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE hidden RENAME TO messages"))
    client.forget()
    await client.post()
    assert client.types == ["sent"]
    await client.open()
    await client.post()
    assert await client.hears(events.MessagePosted)


async def test_events_during_an_opening_are_neither_lost_nor_sent_before_the_state(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    """One posts without a pause while others open and open again."""
    poster = await house.connect(bo)
    enough = asyncio.Event()
    posting = asyncio.create_task(_post_until(enough, house, bo))
    clients = [await house.connect(ana) for _ in range(10)]
    begun = house.services.store.log.appended
    for _ in range(10):
        await asyncio.gather(*[client.open() for client in clients])
    enough.set()
    await posting
    assert house.services.store.log.appended > begun + 10
    await poster.post("the last")
    head = max(await database_changes(house.services, GENERAL))
    for client in clients:
        await until(lambda client=client: changes(client) and changes(client)[-1].seq == head)  # type: ignore[misc]
        last = 0
        for event in client.heard:
            if isinstance(event, events.RoomOpened):
                assert event.room.seq >= last
                last = event.room.seq
            elif isinstance(event, Changes):
                assert event.seq == last + 1, "nothing twice and nothing missing, without the client's help"
                last = event.seq


async def _post_until(enough: asyncio.Event, house: House, who: Visitor) -> None:
    while not enough.is_set():
        await house.post(who)


async def test_a_commit_that_is_read_before_it_is_told_is_not_told_again(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    client = await house.connect(ana)
    # A message this hub has not heard of yet: the state shows it already.
    bus, services = house.services.bus, house.services
    services.bus.unsubscribe(room_topic(GENERAL))
    posted = await house.post(bo, "early")
    services.bus.subscribe(room_topic(GENERAL))
    opened = await client.open()
    assert opened.room.seq == posted.message.seq
    await house.post(bo, "next")
    await until(lambda: changes(client))
    assert [change.seq for change in changes(client)] == [posted.message.seq + 1]
    assert bus is services.bus


async def test_old_changes_are_dropped(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await client.post()
    (posted,) = await client.hears(events.MessagePosted)
    for _ in range(3):
        house.hub.deliver(room_topic(GENERAL), posted.seq, encode_event(posted))
    await client.post("after")
    await client.hears(events.MessagePosted, 2)
    assert [change.seq for change in changes(client)] == [posted.seq, posted.seq + 1]


async def test_much_that_was_missed_comes_in_parts_and_what_is_posted_meanwhile_behind_them(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_AT_ONCE", 4)
    client = await house.connect(ana)
    head = (await client.open()).room.seq
    await client.ask(commands.CloseRoom(ref=0, room=GENERAL))
    await asyncio.gather(*[house.post(bo, f"{number}") for number in range(10)])
    client.forget()
    client.transport.buffered = 2**20
    ref = client.say(commands.OpenRoom(ref=0, room=GENERAL, epoch=house.services.store.epoch, since=head))
    await client.hears(events.RoomOpened)
    await house.post(bo, "meanwhile")
    assert len(client.of(events.RoomOpened)) == 1, "the next part waits until this one is read"
    client.transport.buffered = 0
    await until(lambda: not client.of(events.RoomOpened)[-1].more)
    await house.post(bo, "live")
    await client.hears(events.MessagePosted)

    parts = client.of(events.RoomOpened)
    assert [part.ref for part in parts] == [ref] * 3
    assert [part.more for part in parts] == [True, True, False]
    assert [len(part.messages) for part in parts] == [4, 4, 3]
    assert [part.room.seq for part in parts] == [head + 4, head + 8, head + 11]
    assert [posted.seq for posted in client.of(events.MessagePosted)] == [head + 12]


async def test_who_leaves_between_two_parts_is_in_no_room(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "MOST_AT_ONCE", 4)
    client = await house.connect(ana)
    await asyncio.gather(*[house.post(bo, f"{number}") for number in range(10)])
    client.transport.buffered = 2**20
    client.say(commands.OpenRoom(ref=0, room=GENERAL, epoch=house.services.store.epoch, since=0))
    await client.hears(events.RoomOpened)
    client.leave()
    await until(lambda: client.is_idle)
    assert house.hub.rooms == {}


async def test_after_a_break_of_the_bus_nothing_remembered_is_believed(house: House, ana: Visitor) -> None:
    await house.post(ana)
    assert house.services.cache.memberships.get((GENERAL, ana.user.id))
    house.hub.lost()
    assert house.services.cache.memberships.get((GENERAL, ana.user.id)) is None
    assert house.services.cache.sessions._entries == {}


async def test_the_end_of_a_session_closes_its_connections_and_no_other(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    other_session = await house.sign_in("ana")
    ending = [await house.connect(ana), await house.connect(ana)]
    staying = [await house.connect(other_session), await house.connect(bo)]
    for client in ending + staying:
        await client.open()
    await accounts.sign_out(house.services, ana)
    await until(lambda: all(client.connection.gone for client in ending))
    for client in ending:
        assert client.transport.codes == [CloseCode.SESSION_ENDED]
        assert client.types[-1] == "session.ended"
    written = [len(client.transport.writes) for client in ending]
    await house.post(bo, "afterwards")
    for client in staying:
        await client.hears(events.MessagePosted)
        assert client.transport.codes == []
        assert not client.of(events.SessionEnded)
    assert [len(client.transport.writes) for client in ending] == written


async def test_a_command_under_way_when_the_session_ends_is_not_carried_out(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    for _ in range(100):
        client.say(send())
    signing_out = asyncio.create_task(accounts.sign_out(house.services, ana))
    await until(lambda: client.connection._answer_sent)
    await stuck.release()
    await signing_out
    await until(lambda: client.is_idle)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]
    assert house.services.store.log.appended < 100


async def test_a_read_marker_moves_on_all_devices_of_the_person(house: House, ana: Visitor, bo: Visitor) -> None:
    devices = [await house.connect(ana), await house.connect(ana)]
    stranger = await house.connect(bo)
    await house.post(ana)
    await reading.move(house.services, ana, GENERAL, 1)
    for device in devices:
        assert await device.hears(events.RoomRead) == [events.RoomRead(room=GENERAL, number=1)]
    assert not stranger.of(events.RoomRead)


async def test_a_new_room_is_there_at_once_for_everybody(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    room = await rooms.add(house.services, "annex")
    for client in (one, other):
        (joined,) = await client.hears(events.RoomJoined)
        assert joined.room.slug == "annex"
        assert joined.room.seq == room.seq == 2
        assert (await client.open(room.id)).online == 2
    await one.post("hello", room.id)
    assert await other.hears(events.MessagePosted)


async def test_a_newcomer_is_told_to_those_who_have_the_room_open(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    cleo = await house.sign_in("cleo", name="Cleo C.")
    (joined,) = await client.hears(events.MemberJoined)
    assert joined == events.MemberJoined(GENERAL, 2, events.Person(cleo.user.id, "cleo", "Cleo C."))


async def test_a_new_name_is_told_to_everybody(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other = await house.connect(ana), await house.connect(bo)
    await house.sign_in("ana", name="Ana the Second")
    for client in (one, other):
        (changed,) = await client.hears(events.PersonChanged)
        assert changed.person.name == "Ana the Second"


async def test_typing_is_told_to_those_who_look_and_to_nobody_else(house: House, ana: Visitor, bo: Visitor) -> None:
    one, other, elsewhere = [await house.connect(who) for who in (ana, bo, bo)]
    await one.open()
    await other.open()
    elsewhere.forget()
    await one.ask(commands.TypeInRoom(ref=0, room=GENERAL))
    (typing,) = await other.hears(events.TypingStarted)
    assert typing.person.handle == "ana"
    assert elsewhere.types == []


async def test_people_are_counted_once_and_stay_for_their_grace(house: House, ana: Visitor, bo: Visitor) -> None:
    clients = [await house.connect(who) for who in (ana, ana, bo)]
    assert house.hub.online_in(GENERAL) == 2
    clients[2].leave()
    house.clock.advance(14)
    await house.pulse.tell()
    assert house.hub.online_in(GENERAL) == 2
    house.clock.advance(1)
    await house.pulse.tell()
    assert house.hub.online_in(GENERAL) == 1
    assert house.hub.online_in(999) == 0


async def test_the_next_person_finds_a_place_when_one_has_left(house: House, ana: Visitor) -> None:
    limit = house.services.settings.limit_sockets_per_user
    clients = [await house.connect(ana) for _ in range(limit)]
    assert not house.hub.has_place_for(ana.user.id)
    clients[0].leave()
    assert house.hub.has_place_for(ana.user.id)


async def test_topics_are_heard_as_long_as_somebody_needs_them(house: House, ana: Visitor) -> None:
    clients = [await house.connect(ana), await house.connect(ana)]
    topics: set[str] = house.services.bus._topics  # type: ignore[attr-defined]
    mine = {user_topic(ana.user.id), room_topic(GENERAL)}
    assert mine <= topics
    clients[0].leave()
    assert mine <= topics
    clients[1].leave()
    assert not mine & topics


async def test_an_unavailable_database_is_an_answer_to_open(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await house.services.store.database.close()
    answer = await client.ask(commands.OpenRoom(ref=0, room=GENERAL))
    assert isinstance(answer, events.Failed)
    assert answer.error.code == Unavailable.code
    assert answer.error.temporary
    assert answer.error.retry_after == 2.0

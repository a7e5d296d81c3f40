"""One client's conversation: what comes first, in what order answers come, and how it ends."""

import asyncio
import logging

import msgspec
import pytest

from app.bus.base import user_topic
from app.chat import accounts, drafts
from app.models import Visitor
from app.protocol import commands, events
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.realtime import connection as connection_module
from app.realtime.commands import COMMANDS
from app.realtime.connection import ANSWERED_AHEAD, DRAINED_AGAIN, MOST_UNANSWERED
from app.storage import rooms, users
from tests.support.house import GENERAL, House, StuckWriter, send, user_of
from tests.support.waiting import until


async def test_the_first_words_say_who_where_and_what_holds(house: House, ana: Visitor) -> None:
    await house.post(ana, "before")
    client = await house.connect(ana)
    (started,) = client.heard
    general = await house.services.store.read(rooms.by_id, GENERAL)
    assert general is not None
    assert started == events.SessionStarted(
        epoch=house.services.store.epoch,
        person=user_of(ana.user),
        rooms=[
            events.Room(
                GENERAL,
                "general",
                "general",
                "Where everybody meets",
                "public",
                number=1,
                seq=2,
                read=0,
                created=general.created_at,
                is_default=True,
            )
        ],
        heartbeat=20.0,
        text_limit=4_000,
        file_limit=25_000_000,
        preferences=ana.preferences,
    )


async def test_the_first_words_hold_what_the_person_had_begun_to_write(house: House, ana: Visitor) -> None:
    await drafts.save(house.services, ana, GENERAL, "Hello, ever", 0)
    (started,) = (await house.connect(ana)).of(events.SessionStarted)
    assert started.drafts == [events.Draft(GENERAL, "Hello, ever", house.clock.now())]


async def test_commands_that_come_too_early_are_answered_after_the_first_words(house: House, ana: Visitor) -> None:
    client = house.begin(ana)
    ref = client.say(commands.Ping(ref=0))
    await client.answer(ref)
    assert client.types == ["session.started", "done"]


async def test_what_is_said_to_a_person_while_their_connection_begins_follows_the_first_words(
    house: House, ana: Visitor
) -> None:
    client = house.begin(ana)
    house.hub.deliver(user_topic(ana.user.id), 0, encode_event(events.RoomRead(room=GENERAL, number=1)))
    assert client.types == []
    await client.hears(events.RoomRead)
    assert client.types == ["session.started", "room.read"]


async def test_news_for_everybody_do_not_come_before_the_first_words(house: House, ana: Visitor, bo: Visitor) -> None:
    client = house.begin(bo)
    await house.sign_in("ana_renamed", twitter_id="x-ana")
    await client.hears(events.SessionStarted)
    assert client.types[0] == "session.started"


async def test_an_idle_connection_holds_no_task(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.ask(commands.Ping(ref=0))
    await until(lambda: client.is_idle)
    assert len(asyncio.all_tasks()) == 1, "only this test"
    assert client.connection._inbox is None
    assert client.connection._answers is None


async def test_answers_keep_the_order_of_the_commands_with_failing_ones_between(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    client.forget()
    refs = []
    for number in range(10):
        refs.append(client.say(send(f"message {number}")))
        refs.append(client.say(send("   ")))
        refs.append(client.say(commands.Ping(ref=0)))
        refs.append(client.say(commands.OpenRoom(ref=0, room=GENERAL)))
        refs.append(client.say(commands.CloseRoom(ref=0, room=GENERAL)))
        refs.append(client.say(send("nowhere", room=999)))
    await client.answer(refs[-1])
    answers = [event for event in client.heard if hasattr(event, "ref")]
    assert [getattr(answer, "ref", None) for answer in answers] == refs
    kinds = [type(answer).__name__ for answer in answers[:6]]
    assert kinds == ["Sent", "Failed", "Done", "RoomOpened", "Done", "Failed"]
    numbers = [answer.message.number for answer in answers if isinstance(answer, events.Sent)]
    assert numbers == list(range(1, 11))


async def test_a_later_command_does_not_wait_for_the_commit_of_an_earlier_one(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    client.forget()
    client.say(send("first"))
    client.say(send("second"))
    client.say(commands.Ping(ref=0))
    await until(lambda: client.is_idle)
    assert client.types == []
    await stuck.release()
    await client.hears(events.Done)
    assert client.types == ["sent", "sent", "done"]
    assert house.services.store.log.commits == 1


async def test_opening_a_room_does_not_overtake_the_answer_of_a_send(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    client.forget()
    client.say(send("first"))
    client.say(commands.OpenRoom(ref=0, room=GENERAL))
    await until(lambda: client.connection._answer_sent)
    await stuck.release()
    await client.hears(events.RoomOpened)
    assert client.types == ["sent", "opened"]


async def test_at_most_64_commands_are_under_way_and_reading_pauses_until_they_are_answered(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    refs = [client.say(send(f"message {number}")) for number in range(200)]
    await until(lambda: client.connection._answer_sent)
    assert client.transport.paused
    assert len(client.connection._answers or ()) == MOST_UNANSWERED
    await stuck.release()
    await client.answer(refs[-1])
    await until(lambda: client.is_idle and not client.transport.paused)
    assert [sent.message.number for sent in client.of(events.Sent)] == list(range(1, 201))
    assert client.transport.pauses == 1


async def test_a_pipelining_client_is_paused_by_answers_alone(house: House, ana: Visitor, stuck: StuckWriter) -> None:
    client = await house.connect(ana)
    for number in range(MOST_UNANSWERED - 1):
        client.say(send(f"message {number}"))
    await until(lambda: client.is_idle)
    assert client.transport.pauses == 0
    client.say(send("one more"))
    assert client.transport.pauses == 1
    await stuck.release()
    await client.hears(events.Sent, MOST_UNANSWERED)
    await until(lambda: not client.transport.paused)


async def test_the_next_command_waits_until_most_of_the_last_answer_is_read(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    client.transport.buffered = ANSWERED_AHEAD + 1
    one, two = (client.say(commands.Ping(ref=0)) for _ in range(2))
    await client.answer(one)
    await asyncio.sleep(3 * DRAINED_AGAIN)
    assert client.types == ["session.started", "done"]
    client.transport.buffered = ANSWERED_AHEAD
    await client.answer(two)
    assert not client.transport.paused


async def test_who_does_not_read_an_answer_for_long_is_let_go(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "DRAINING", 0.05)
    client = await house.connect(ana)
    client.transport.buffered = ANSWERED_AHEAD + 1
    client.say(commands.Ping(ref=0))
    await until(lambda: client.connection.gone and client.is_idle)
    assert client.transport.codes == [CloseCode.SLOW]
    assert house.services.metrics.slow_closes == 1


@pytest.mark.parametrize(
    ("body", "ref"),
    [
        (b"", None),
        (b"[]", None),
        (b"not json", None),
        (b"\xff\xfe", None),
        (b'{"type":"message.send"}', None),
        (b'{"type":"no.such.thing","ref":5}', 5),
        (b'{"type":"ping","ref":6,"extra":1}', 6),
        (b'{"type":"ping","ref":-1}', None),
        (b'{"type":"ping","ref":9007199254740992}', None),
        (b"[" * 60_000, None),
    ],
)
async def test_a_broken_command_is_answered_and_the_connection_lives_on(
    house: House, ana: Visitor, body: bytes, ref: int | None
) -> None:
    client = await house.connect(ana)
    client.connection.receive(body)
    (failed,) = await client.hears(events.Failed)
    assert failed.error.code == "bad_command"
    assert failed.ref == ref
    assert isinstance(await client.ask(commands.Ping(ref=0)), events.Done)


async def test_a_fault_of_ours_is_answered_and_written_down(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(COMMANDS, commands.Ping, ("chat.use", break_down))  # type: ignore[misc]
    client = await house.connect(ana)
    with caplog.at_level(logging.ERROR):
        answer = await client.ask(commands.Ping(ref=0))
    assert isinstance(answer, events.Failed)
    assert answer.error.code == "internal"
    assert "ZeroDivisionError" in caplog.text
    await client.post("still here")


async def test_a_fault_in_a_commit_is_answered_and_written_down(
    house: House, ana: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    client = await house.connect(ana)
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE messages RENAME TO hidden"))
    with caplog.at_level(logging.ERROR):
        answer = await client.ask(send())
    assert isinstance(answer, events.Failed)
    assert answer.error.code == "internal"
    assert "a commit broke" in caplog.text


async def test_a_full_disk_is_an_answer_and_reading_goes_on(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await house.services.store.write(lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
    answer = await client.ask(send())
    assert isinstance(answer, events.Failed)
    assert answer.error.code == "storage"
    assert answer.error.temporary
    await client.open()
    assert isinstance(await client.ask(commands.ListMessages(ref=0, room=GENERAL)), events.Page)


async def test_an_answer_that_cannot_be_written_ends_the_connection_instead_of_its_worker(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = await house.connect(ana)

    def refuse(_: bytes) -> None:
        raise RuntimeError("no more")

    monkeypatch.setattr(client.transport, "write", refuse)
    client.say(commands.Ping(ref=0))
    await until(lambda: client.transport.codes)
    assert client.transport.codes == [CloseCode.INTERNAL_ERROR]
    assert "a connection broke" in caplog.text


async def test_a_connection_that_ends_while_it_begins_leaves_nothing_behind(house: House, ana: Visitor) -> None:
    client = house.begin(ana)
    client.leave()
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert client.types == []
    assert not house.hub.connections
    assert not house.hub.rooms


async def test_what_comes_after_the_end_is_not_carried_out(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    client.leave()
    client.leave()
    client.say(send("too late"))
    assert client.is_idle
    assert house.services.store.log.appended == 0


async def test_a_worker_that_waits_for_answers_ends_with_the_socket(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    client = await house.connect(ana)
    client.say(send("first"))
    client.say(commands.OpenRoom(ref=0, room=GENERAL))
    await until(lambda: client.connection._answer_sent)
    client.leave()
    await until(lambda: client.is_idle)
    await stuck.release()
    await until(lambda: house.services.store.log.appended == 1)
    assert not house.hub.rooms


async def test_a_session_that_ended_during_the_handshake_ends_the_connection(house: House, ana: Visitor) -> None:
    await accounts.sign_out(house.services, ana)
    client = house.begin(ana)
    await until(lambda: client.transport.codes)
    assert client.transport.codes == [CloseCode.SESSION_ENDED]
    assert client.types == []


async def test_a_connection_that_begins_while_the_database_is_away_is_asked_to_come_back(
    house: House, ana: Visitor
) -> None:
    await house.services.store.database.close()
    client = house.begin(ana)
    await until(lambda: client.transport.codes)
    assert client.transport.codes == [CloseCode.TRY_AGAIN_LATER]


async def test_more_connections_of_a_person_than_allowed_are_turned_away(house: House, ana: Visitor) -> None:
    most = house.services.settings.limit_sockets_per_user
    clients = [house.begin(ana) for _ in range(most + 1)]
    await clients[0].hears(events.SessionStarted)
    await until(lambda: clients[-1].connection.gone)
    assert clients[-1].transport.codes == [CloseCode.TOO_MANY_CONNECTIONS]
    assert len(house.hub.connections) == most
    clients[0].leave()
    await house.connect(ana)


async def test_a_person_speaks_under_the_name_they_have_now(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await client.open()
    await house.sign_in("ana_new", twitter_id="x-ana", name="Ana N.")
    await client.post()
    (posted,) = await client.hears(events.MessagePosted)
    assert posted.person == events.Person(ana.user.id, "ana_new", "Ana N.")
    assert (await house.services.store.read(users.by_id, ana.user.id)).handle == "ana_new"  # type: ignore[union-attr]


async def test_an_event_is_said_in_the_bytes_of_its_struct(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    client.forget()
    event = events.RoomRead(room=GENERAL, number=3)
    client.connection.send(event)
    assert client.transport.writes == [encode_event(event) + b"\n"]
    assert msgspec.json.decode(client.transport.writes[0]) == {"type": "room.read", "room": 1, "number": 3}

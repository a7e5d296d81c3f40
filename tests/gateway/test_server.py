"""What happens at the gateway until it is known whose a connection is, over real sockets (SECURITY S55)."""

import asyncio
import gc
import logging
import struct
from pathlib import Path

import msgspec
import pytest

from app.chat import accounts, bans, programs
from app.errors import SettingsError
from app.gateway import server
from app.gateway.entrance import FIRST_LIMIT
from app.memory.limits import Limit
from app.models import Visitor
from app.protocol.fields import FRAME_LIMIT
from app.server import Server
from app.settings import load_settings
from tests.gateway.conftest import Gate
from tests.support.gateway import Event, Program, auth, frame
from tests.support.waiting import until

ENDS = 2.0
"""Seconds until the connections of a program that was ended are closed (DELIVERY D15)."""
SILENT = 0.3
"""Seconds, in place of ten."""


def closed(events: list[Event]) -> int:
    """The code of the last frame, which must be the only one of its kind."""
    assert [event["type"] for event in events].count("closed") == 1
    assert events[-1]["type"] == "closed"
    assert events[-1]["reason"]
    code: int = events[-1]["code"]
    return code


def refusals(events: list[Event]) -> list[str]:
    return [event["error"]["code"] for event in events if event["type"] == "error"]


async def first_word(gate: Gate) -> Event:
    async with gate.program() as program:
        program.send(gate.known())
        return await program.event()


async def all_gone(gate: Gate) -> None:
    await until(lambda: not gate.gateway._entering and not gate.connections)


async def test_who_has_a_token_is_told_who_they_are_and_may_ask(gate: Gate) -> None:
    async with gate.program() as program:
        program.send(gate.known())
        started = await program.event()
        assert (started["type"], started["person"]["handle"]) == ("session.started", "ada")
        program.say(type="room.open", ref=1, room=1)
        assert (await program.hears("opened"))["ref"] == 1
        program.say(type="message.send", ref=2, room=1, nonce="0123456789abcdef", text="hello")
        assert (await program.hears("message.posted"))["message"]["text"] == "hello"
        assert gate.gateway._entering == {}
    await all_gone(gate)


async def test_what_follows_in_the_same_write_is_carried_out_in_its_order(gate: Gate) -> None:
    async with gate.program() as program:
        program.send(gate.known() + b"".join(frame({"type": "ping", "ref": ref}) for ref in range(500)))
        assert (await program.event())["type"] == "session.started"
        assert [(await program.event())["ref"] for _ in range(500)] == list(range(500))


async def test_bytes_may_come_one_by_one(gate: Gate) -> None:
    async with gate.program() as program:
        for byte in gate.known() + frame({"type": "ping", "ref": 7}):
            program.send(bytes((byte,)))
            await program.writer.drain()
        assert (await program.event())["type"] == "session.started"
        assert (await program.event())["ref"] == 7


async def test_a_wrong_token_is_refused_and_the_stream_ends(gate: Gate) -> None:
    async with gate.program() as program:
        program.send(auth("roost_nobody-has-this") + frame({"type": "ping", "ref": 1}))
        heard = await program.last_words()
    assert (refusals(heard), closed(heard), len(heard)) == (["not_signed_in"], 3501, 2)
    await all_gone(gate)


@pytest.mark.parametrize(
    "first",
    [
        frame({"type": "ping", "ref": 1}),
        frame({"type": "message.send", "ref": 1, "room": 1, "nonce": "0123456789abcdef", "text": "hello"}),
        frame({"type": "auth"}),
        frame({"type": "auth", "token": "x", "more": 1}),
        struct.pack(">I", 2) + b"\xff\xff",
    ],
)
async def test_nothing_is_carried_out_before_auth(plain: Gate, first: bytes) -> None:
    async with plain.program() as program:
        program.send(first + plain.known())
        heard = await program.last_words()
    assert (refusals(heard), closed(heard), len(heard)) == (["bad_command"], 1008, 2)
    assert plain.server.application.services.store.log.appended == 0


async def test_after_five_wrong_tries_an_address_is_told_to_wait_and_the_right_token_still_opens(plain: Gate) -> None:
    answers = []
    for _ in range(6):
        async with plain.program() as program:
            program.send(auth("roost_nobody-has-this"))
            answers.append(await program.last_words())
    assert [refusals(heard) for heard in answers] == [["not_signed_in"]] * 5 + [["too_fast"]]
    assert "Try again" in answers[5][0]["error"]["message"]
    assert closed(answers[5]) == 1013
    async with plain.program() as program:
        program.send(plain.known())
        assert (await program.event())["type"] == "session.started"


async def test_an_address_that_connects_too_often_is_hung_up_on_unheard(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    gate.gateway._per_address = Limit(2, 3_600)
    async with gate.program() as first, gate.program() as second:
        for _ in range(2):
            with pytest.raises((OSError, asyncio.IncompleteReadError)):
                await first_word(gate)
        for program in (first, second):
            program.send(gate.known())
            assert (await program.event())["type"] == "session.started"
    assert caplog.text.count("connects to the gateway too often") == 1
    await all_gone(gate)


@pytest.mark.parametrize(
    ("length", "code"),
    [(0xFFFFFFFF, 1009), (0x80000000, 1009), (FRAME_LIMIT, 1009), (FIRST_LIMIT + 1, 1009), (0, 1002)],
)
async def test_the_first_frame_is_small(gate: Gate, length: int, code: int) -> None:
    async with gate.program() as program:
        program.send(struct.pack(">I", length) + b"x" * 100_000)
        heard = await program.last_words()
        assert (closed(heard), len(heard)) == (code, 1)
    await all_gone(gate)


@pytest.mark.parametrize(("length", "code"), [(0xFFFFFFFF, 1009), (FRAME_LIMIT + 1, 1009), (0, 1002)])
async def test_later_frames_have_their_bound_too(gate: Gate, length: int, code: int) -> None:
    async with gate.program() as program:
        program.send(gate.known() + frame({"type": "ping", "ref": 1}))
        await program.hears("done")
        program.send(struct.pack(">I", length) + b"x" * 1_000_000)
        assert closed(await program.last_words()) == code
    await all_gone(gate)


async def test_a_frame_of_the_greatest_length_is_read(gate: Gate) -> None:
    async with gate.program() as program:
        program.send(gate.known() + struct.pack(">I", FRAME_LIMIT) + b"x" * FRAME_LIMIT)
        assert (await program.hears("error"))["error"]["code"] == "bad_command"
        program.say(type="ping", ref=1)
        await program.hears("done")


async def test_who_leaves_within_a_frame_leaves_nothing_behind(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    for half in (b"", b"\x00", gate.known()[:20], gate.known() + b"\x00\x00\x10\x00half"):
        async with gate.program() as program:
            program.send(half)
            await program.writer.drain()
    await all_gone(gate)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_who_says_too_little_in_time_is_sent_away(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ENTERING", SILENT)
    async with gate.program() as silent, gate.program() as slow:

        async def drip() -> None:
            for byte in gate.known():
                slow.send(bytes((byte,)))
                await asyncio.sleep(SILENT / 20)

        dripping = asyncio.create_task(drip())
        for program in (silent, slow):
            heard = await program.last_words()
            assert (refusals(heard), closed(heard)) == (["not_signed_in"], 3501)
        dripping.cancel()
    await all_gone(gate)


async def test_who_begins_no_handshake_is_cut_off_in_time(secret: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ENTERING", SILENT)
    async with Program(secret.port) as program:
        await until(lambda: secret.gateway._entering)
        await program.is_cut_off()
    await all_gone(secret)


async def test_plain_text_where_tls_is_spoken_is_cut_off(secret: Gate, caplog: pytest.LogCaptureFixture) -> None:
    async with Program(secret.port) as program:
        program.send(secret.known())
        async with asyncio.timeout(5):
            await program.reader.read()
    await all_gone(secret)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_thousand_who_never_say_who_they_are_take_a_bounded_place_and_keep_nobody_out(
    plain: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_ENTERING", 50)
    abusers, most = [], 0
    try:
        for count in range(1_000):
            abusers.append(await Program(plain.port).__aenter__())
            abusers[-1].send(b"\x00\x00\x0f\xff" + b"x" * (count % 4_000))
            most = max(most, len(plain.gateway._entering))
        await until(lambda: len(plain.gateway._entering) == 50)
        async with plain.program() as program:
            program.send(plain.known())
            assert (await program.event())["type"] == "session.started"
        assert most <= 50
    finally:
        for abuser in abusers:
            abuser.writer.transport.abort()
    await all_gone(plain)


async def test_within_handshakes_they_are_counted_too(secret: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_ENTERING", 3)
    silent = [await Program(secret.port).__aenter__() for _ in range(10)]
    for program in silent[:7]:
        await program.is_cut_off()
    async with secret.program() as program:
        program.send(secret.known())
        assert (await program.event())["type"] == "session.started"
    for program in silent:
        program.writer.transport.abort()
    await all_gone(secret)


async def test_who_is_banned_is_told_so_and_hung_up_on(gate: Gate) -> None:
    services = gate.server.application.services
    async with gate.program() as program:
        program.send(gate.known())
        ada = (await program.event())["person"]["id"]
        owner = Visitor(await accounts.add_user(services, "olga", "owner"))
        async with asyncio.timeout(2):
            await bans.ban(services, owner, ada)
            assert closed(await program.last_words()) == 3503
    async with gate.program() as program:
        program.send(gate.known())
        assert closed(await program.last_words()) in {3500, 3501}


async def test_a_token_that_is_ended_closes_its_connections_and_no_others(gate: Gate) -> None:
    services = gate.server.application.services
    other = auth(await accounts.add_token(services, "ada", "another program"))
    async with gate.program() as program, gate.program() as beside:
        program.send(gate.known())
        await program.event()
        beside.send(other)
        await beside.event()
        ended = next(each for each in await programs.of_handle(services, "ada") if each.name == "a program")
        async with asyncio.timeout(ENDS):
            await programs.end_by_operator(services, ended.id)
            assert closed(await program.last_words()) == 3500
        beside.say(type="ping", ref=1)
        assert (await beside.hears("done"))["ref"] == 1
    async with gate.program() as program:
        program.send(gate.known())
        assert closed(await program.last_words()) == 3501


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_port_that_is_taken_is_named_with_the_cure(plain: Gate, tmp_path: Path) -> None:
    settings = load_settings({"GATEWAY_PORT": str(plain.port)}, tmp_path / "second")
    with pytest.raises(
        SettingsError, match=f"GATEWAY_PORT: Port {plain.port} cannot be had .* set another GATEWAY_PORT"
    ):
        await Server(msgspec.structs.replace(settings, port=0)).start()
    gc.collect()  # in life the process ends with its sockets: here the collector complains of them, and not later


async def test_one_connection_more_than_a_person_may_have_is_closed(gate: Gate) -> None:
    most = gate.server.settings.limit_sockets_per_user
    programs = [await gate.program().__aenter__() for _ in range(most + 1)]
    for program in programs[:most]:
        program.send(gate.known())
        await program.event()
    programs[most].send(gate.known())
    assert closed(await programs[most].last_words()) == 3502
    for program in programs:
        await program.__aexit__()


async def test_at_the_end_everybody_is_told_and_what_was_accepted_is_answered(gate: Gate) -> None:
    async with gate.program() as program, gate.program() as silent:
        program.send(gate.known())
        await program.event()
        await until(lambda: len(gate.gateway._entering) == 1)
        program.say(type="message.send", ref=1, room=1, nonce="0123456789abcdef", text="hello")
        await until(lambda: gate.server.application.services.store.log.appended or gate.connections[0]._answers)
        stopping = asyncio.create_task(gate.server.stop())
        heard = await program.last_words()
        assert {"sent", "server.restarting"} <= {event["type"] for event in heard}
        assert closed(heard) == 1012
        assert closed(await silent.last_words()) == 1012
        await stopping
        with pytest.raises(OSError):  # noqa: PT011  each system has its own
            await gate.program().__aenter__()

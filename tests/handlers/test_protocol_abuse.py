"""Every rule of RFC 6455 sections 4, 5, 7 and 8 that binds a server, broken and kept over raw sockets at /ws."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from hashlib import sha1

import msgspec
import pytest
import pytest_asyncio

from app.protocol.close_codes import CloseCode
from app.protocol.websocket import Close, Ping
from tests.support.door import HANDSHAKE, Door, running
from tests.support.frame_cases import CASES, Case, in_random_pieces
from tests.support.frames import CLOSE, PONG, TEXT, close, close_payload
from tests.support.handshake_cases import HANDSHAKES, HandshakeCase
from tests.support.raw_socket import RawSocket
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SEEDS = range(3)
LIMITS = ("LIMIT_CONNECT_PER_MINUTE", "LIMIT_SOCKETS_PER_USER", "LIMIT_COMMANDS_PER_10_SECONDS")

Frames = list[tuple[int, bytes]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    limits = dict.fromkeys(LIMITS, "100000")
    async with running(tmp_path_factory.mktemp("abuse"), limits) as door:
        yield door


# Section 4


@pytest.mark.parametrize("case", HANDSHAKES, ids=lambda case: case.name)
async def test_a_handshake_is_answered_as_section_4_says(door: Door, case: HandshakeCase) -> None:
    check_handshake(case, await answer(door, [request(door, case)]))


@pytest.mark.parametrize("case", HANDSHAKES, ids=lambda case: case.name)
async def test_a_handshake_in_pieces_is_answered_alike(door: Door, case: HandshakeCase) -> None:
    sent = request(door, case)
    for head in await asyncio.gather(*(answer(door, in_random_pieces(sent, seed)) for seed in SEEDS)):
        check_handshake(case, head)


def request(door: Door, case: HandshakeCase) -> bytes:
    headers = {**HANDSHAKE, **door.signed_in, **case.headers}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([case.start_line, *lines, "", ""]).encode()


async def answer(door: Door, pieces: Iterable[bytes]) -> str:
    async with asyncio.timeout(PATIENCE), RawSocket(door.server.port) as socket:
        await socket.send(pieces)
        return await socket.head()


def check_handshake(case: HandshakeCase, head: str) -> None:
    start_line, *lines = head.split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    about = sorted((name, value) for name, value in headers if name == "upgrade" or name.startswith("sec-websocket"))
    assert int(start_line.split()[1]) == case.status
    if case.status == 101:
        key = case.headers.get("Sec-WebSocket-Key") or HANDSHAKE["Sec-WebSocket-Key"]
        assert about == [("sec-websocket-accept", accept_value(key)), ("upgrade", "websocket")]
        assert ("connection", "Upgrade") in headers
    else:
        assert about == ([("sec-websocket-version", "13")] if case.status == 426 else [])


def accept_value(key: str) -> str:
    return b64encode(sha1((key + GUID).encode(), usedforsecurity=False).digest()).decode()


# Sections 5, 7 and 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_frames_are_answered_as_sections_5_7_and_8_say(door: Door, case: Case) -> None:
    check_frames(case, await conversation(door, case, [case.data]))
    await until(lambda: not door.server.application.hub.connections)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_frames_in_pieces_are_answered_alike(door: Door, case: Case) -> None:
    talks = (conversation(door, case, in_random_pieces(case.data, seed)) for seed in SEEDS)
    for heard in await asyncio.gather(*talks):
        check_frames(case, heard)
    await until(lambda: not door.server.application.hub.connections)


async def conversation(door: Door, case: Case, pieces: Iterable[bytes]) -> Frames:
    """What the server says to the case, up to its end; a client that it does not turn away takes its leave."""
    async with asyncio.timeout(PATIENCE), RawSocket(door.server.port) as socket:
        await socket.send([request(door, HANDSHAKES[0])])
        assert (await socket.head()).startswith("HTTP/1.1 101 ")
        assert b"session.started" in (await socket.frame())[1]
        await socket.send(pieces)
        heard = []
        if stays(case):
            heard = [await socket.frame() for _ in range(len(messages(case)) + len(pings(case)))]
            await socket.send([close(1001)])
        return heard + await socket.last_frames()


def check_frames(case: Case, heard: Frames) -> None:
    """Nothing follows the close frame. The answer to a message may come too late to be said before it."""
    assert heard[-1] == (CLOSE, farewell(case))
    before = heard[:-1]
    answers = [msgspec.json.decode(payload) for opcode, payload in before if opcode == TEXT]
    pongs = [payload for opcode, payload in before if opcode == PONG]
    assert len(before) == len(answers) + len(pongs)
    assert pongs == pings(case)
    assert all(answer["error"]["code"] == "bad_command" for answer in answers)
    assert len(answers) == len(messages(case)) if stays(case) else len(answers) <= len(messages(case))


def farewell(case: Case) -> bytes:
    """A client's code comes back; one that may not be sent does not, but 1002 does."""
    if case.violation is not None:
        return close_payload(case.violation, CloseCode(case.violation).sentence)
    if stays(case):
        return close_payload(1001)
    (code,) = (event.code for event in case.events if isinstance(event, Close))
    return b"" if code is None else close_payload(code)


def stays(case: Case) -> bool:
    return case.violation is None and not any(isinstance(event, Close) for event in case.events)


def messages(case: Case) -> list[bytes]:
    return [event for event in case.events if isinstance(event, bytes)]


def pings(case: Case) -> list[bytes]:
    return [event.payload for event in case.events if isinstance(event, Ping)]

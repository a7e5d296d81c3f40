import asyncio
import gc
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import pytest
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from app import listening
from app.errors import SettingsError
from app.listening import Listener, bound
from app.memory.limits import Limit
from app.turns import MOST as MOST_A_TURN
from tests.support.raw_socket import RawSocket
from tests.support.waiting import PATIENCE, until

ROOT = Path(__file__).parents[1]
MOST = 3
WHOLE = b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
TURN = b"GET /turn HTTP/1.1\r\nHost: a\r\n\r\n"
PAGE = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
FILE = b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n"
MIB = 1024 * 1024
LITTLE = 4_096


class QuickHandler(RequestHandler):
    def get(self) -> None:
        self.write("quick")

    post = get


class SlowHandler(RequestHandler):
    """Answers when `go` is set."""

    def initialize(self, go: asyncio.Event) -> None:
        self.go = go

    async def get(self) -> None:
        await self.go.wait()
        self.write("slow")


class TurnHandler(RequestHandler):
    """Writes down in which turn of the event loop it began."""

    def initialize(self, place: "Place") -> None:
        place.begun.append(place.turn)

    def get(self) -> None:
        self.write("begun")


class PageHandler(RequestHandler):
    def get(self) -> None:
        self.write(b"p" * MIB)


class FileHandler(RequestHandler):
    """Without an end."""

    async def get(self) -> None:
        with suppress(StreamClosedError):
            while True:
                self.write(b"f" * 65_536)
                await self.flush()


class Place:
    def __init__(self, per_address: Limit | None = None) -> None:
        self.go = asyncio.Event()
        self.turn = 0
        self.begun: list[int] = []
        routes = [
            (r"/quick", QuickHandler),
            (r"/ws", QuickHandler),
            (r"/slow", SlowHandler, {"go": self.go}),
            (r"/turn", TurnHandler, {"place": self}),
            (r"/page", PageHandler),
            (r"/file", FileHandler),
        ]
        self.listener = Listener(Application(routes), per_address)  # type: ignore[arg-type]
        sockets = bind_sockets(0, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        self.listener.add_sockets(sockets)

    def count_turns(self) -> None:
        self.turn += 1
        if not self.go.is_set():
            asyncio.get_running_loop().call_soon(self.count_turns)

    async def close(self) -> None:
        self.go.set()
        self.listener.stop()
        await self.listener.close_all_connections()


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    yield place
    await place.close()


@pytest.fixture
async def strict_place() -> AsyncIterator[Place]:
    place = Place(Limit(MOST, 3_600))
    yield place
    await place.close()


async def is_closed(socket: RawSocket) -> bool:
    async with asyncio.timeout(PATIENCE):
        return await socket.last_frames() == []


async def asks(socket: RawSocket, request: bytes = WHOLE) -> str:
    await socket.send([request])
    return await answer(socket)


async def answer(socket: RawSocket) -> str:
    """Head and body."""
    async with asyncio.timeout(PATIENCE):
        head = await socket.head()
        return head + (await socket._take(int(head.partition("Content-Length: ")[2].split()[0]))).decode()


async def silent_visitor(stack: AsyncExitStack, place: Place, words: bytes) -> RawSocket:
    """One who says these words and then nothing; returned when the server knows of it."""
    before = list(place.listener._silent)
    socket = await stack.enter_async_context(RawSocket(place.port))
    await socket.send([words])
    await until(lambda: list(place.listener._silent) != before)
    return socket


# Who connects and asks for nothing (SECURITY S47)


@pytest.mark.parametrize("first_words", [b"", b"GET /quick HTTP/1.1\r\nHost: a\r\n"], ids=["nothing", "half a head"])
async def test_beyond_the_bound_the_longest_silent_makes_room(
    place: Place, first_words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_SILENT", MOST)
    monkeypatch.setattr(listening, "NEW_SECONDS", 0.0)
    async with AsyncExitStack() as stack:
        first, *others = [await silent_visitor(stack, place, first_words) for _ in range(MOST + 1)]
        assert await is_closed(first)
        for socket in others:
            assert (await asks(socket, WHOLE[len(first_words) :])).startswith("HTTP/1.1 200 ")


async def test_of_many_who_come_at_once_nobody_makes_room_before_they_could_ask(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DELIVERY D10: 10,000 who lost the same server. There is an end to that, too."""
    monkeypatch.setattr(listening, "MOST_SILENT", 1)
    monkeypatch.setattr(listening, "MOST_WAITING", MOST)
    async with AsyncExitStack() as stack:
        first, *others = [await silent_visitor(stack, place, b"") for _ in range(MOST)]
        assert "quick" in await asks(first)
        await silent_visitor(stack, place, b"")
        assert await is_closed(others[0])
        assert "quick" in await asks(others[1])


async def test_who_waits_for_an_answer_is_not_silent(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_SILENT", 1)
    monkeypatch.setattr(listening, "NEW_SECONDS", 0.0)
    async with AsyncExitStack() as stack:
        waiting = await stack.enter_async_context(RawSocket(place.port))
        await waiting.send([SLOW])
        await until(lambda: place.listener._asking)
        kept = await stack.enter_async_context(RawSocket(place.port))
        assert "quick" in await asks(kept)
        newcomer = await stack.enter_async_context(RawSocket(place.port))
        assert "quick" in await asks(newcomer)
        assert await is_closed(kept)
        place.go.set()
        assert "slow" in await answer(waiting)


async def test_who_has_left_takes_no_room(place: Place) -> None:
    async with RawSocket(place.port) as silent, RawSocket(place.port) as asking:
        await asking.send([SLOW])
        await until(lambda: len(place.listener._silent) == len(place.listener._asking) == 1)
        del silent
    await until(lambda: not place.listener._silent and not place.listener._asking)


# Who comes too often (SECURITY S51)


async def test_an_address_that_connects_too_often_is_told_when_to_return_before_it_asks(
    strict_place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as stack:
        kept = [await stack.enter_async_context(RawSocket(strict_place.port)) for _ in range(MOST)]
        for _ in range(2):
            refused = await stack.enter_async_context(RawSocket(strict_place.port))
            head = await answer(refused)
            assert head.startswith("HTTP/1.1 429 ")
            assert head.endswith("That was too much for now. Try again in 20 min.")
            assert int(head.partition("Retry-After: ")[2].split()[0]) in range(1_190, 1_201)
            assert await is_closed(refused)
        assert "quick" in await asks(kept[0]), "who is in stays in"
    assert caplog.text.count("set TRUST_PROXY") == 1


# Who does not read what was asked for (SECURITY S50)


async def unreading_visitor(stack: AsyncExitStack, place: Place, request: bytes) -> RawSocket:
    """One who takes little more than the head; returned when the server has noticed."""
    before = list(place.listener._unread)
    socket = await stack.enter_async_context(RawSocket(place.port, takes=LITTLE))
    await socket.send([request])
    await until(lambda: list(place.listener._unread) != before)
    return socket


async def rest(socket: RawSocket) -> int:
    """How many bytes come until the end."""
    count = 0
    async with asyncio.timeout(PATIENCE):
        with suppress(EOFError):
            while True:
                count += len(await socket._take(1))
    return count


@pytest.mark.parametrize("request_", [PAGE, FILE], ids=["a page", "a file"])
async def test_who_takes_nothing_of_an_answer_is_hung_up_on(
    place: Place, request_: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "UNREAD_SECONDS", 0.05)
    async with AsyncExitStack() as stack:
        socket = await unreading_visitor(stack, place, request_)
        await until(lambda: not place.listener._unread)
        assert not place.listener._silent
        assert not place.listener._asking
        assert await rest(socket) < MIB / 4, "and what was not taken is not kept in the kernel either"


async def test_who_goes_on_reading_gets_a_file_for_as_long_as_it_takes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "UNREAD_SECONDS", 0.3)
    async with AsyncExitStack() as stack:
        reading = await unreading_visitor(stack, place, FILE)
        await reading._take(MIB)
        await unreading_visitor(stack, place, FILE)
        async with asyncio.timeout(PATIENCE):
            while len(place.listener._asking) == 2:
                await reading._take(LITTLE)
            assert len(await reading._take(MIB)) == MIB


async def test_beyond_the_bound_who_has_read_nothing_for_longest_makes_room(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_SILENT", 2)
    monkeypatch.setattr(listening, "NEW_SECONDS", 0.0)
    async with AsyncExitStack() as stack:
        slow, longest = [await unreading_visitor(stack, place, FILE) for _ in range(2)]
        before = list(place.listener._silent)
        async with asyncio.timeout(PATIENCE):
            while list(place.listener._silent) == before:
                await slow._take(LITTLE)
        await stack.enter_async_context(RawSocket(place.port))
        assert await rest(longest) < MIB / 4
        assert len(await slow._take(MIB)) == MIB


# Who takes long, or much


def test_an_idle_connection_is_kept_longer_than_routers_keep_theirs(place: Place) -> None:
    """HOSTING H15. Waiting it out would take a minute and a half."""
    limits = place.listener.conn_params
    assert limits.header_timeout is not None
    assert limits.header_timeout >= 95
    assert limits.body_timeout == 30


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (b"GET /quick HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 8_192 + b"\r\n\r\n", b"HTTP/1.1 200 "),
        (b"GET /quick HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 16_384 + b"\r\n\r\n", b""),
        (b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", b"HTTP/1.1 400 "),
    ],
    ids=["a head as long as routers pass on", "a longer one", "a body of more than a MiB"],
)
async def test_heads_and_bodies_are_bounded(place: Place, request_: bytes, answered: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    writer.write(request_)
    async with asyncio.timeout(PATIENCE):
        assert (await reader.read(len(b"HTTP/1.1 200 "))) == answered
    writer.close()


async def test_of_many_requests_that_come_at_once_few_begin_in_one_turn(place: Place) -> None:
    """500 who ask for ten pages each, and no member waits for all of them."""
    count = 5 * MOST_A_TURN
    place.count_turns()
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(RawSocket(place.port)) for _ in range(count)]
        for socket in sockets:
            socket._socket.send(TURN)
        for socket in sockets:
            await answer(socket)
    assert len(place.begun) == count
    assert max(Counter(place.begun).values()) <= MOST_A_TURN


async def test_who_comes_back_does_not_wait_behind_pages(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(place.listener._turns, "take", lambda: turn)
    async with RawSocket(place.port) as visitor, RawSocket(place.port) as member:
        await visitor.send([WHOLE])
        answered = asyncio.create_task(answer(visitor))
        for address in (b"/ws", b"/ws?here"):
            assert (await asks(member, WHOLE.replace(b"/quick", address))).startswith("HTTP/1.1 200 ")
        assert not answered.done()
        turn.set_result(None)
        assert (await answered).startswith("HTTP/1.1 200 ")


# Leaving


async def test_after_stop_a_kept_connection_is_answered_once_more_and_told_to_go(place: Place) -> None:
    async with RawSocket(place.port) as kept:
        assert "Connection: close" not in await asks(kept)
        place.listener.stop()
        assert "Connection: close" in await asks(kept)
        assert await is_closed(kept)


async def test_the_last_answers_are_waited_for(place: Place) -> None:
    async with RawSocket(place.port) as asking:
        await asking.send([SLOW])
        await until(lambda: place.listener._asking)
        place.listener.stop()
        await place.listener.answered(0.05)
        assert place.listener._asking, "it has waited for as long as it was told, and no longer"
        waiting = asyncio.create_task(place.listener.answered(PATIENCE))
        place.go.set()
        await waiting
        assert not place.listener._asking
        assert "slow" in await answer(asking)


# The port


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_port_that_is_taken_is_named_with_the_cure() -> None:
    (taken,) = bind_sockets(0, "0.0.0.0")
    with closing(taken):
        port = taken.getsockname()[1]
        problem = refusal_of(port)
    assert problem.startswith(f"Port {port} cannot be had")
    assert "set another PORT" in problem
    gc.collect()  # Tornado leaves the socket it could not bind to the collector, which complains: here, not later


def refusal_of(port: int) -> str:
    with pytest.raises(SettingsError) as refused:
        bound(port, "0.0.0.0")
    return refused.value.problems["PORT"]


def test_all_files_that_may_be_had_are_asked_for() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    code = (
        "import resource; from app.listening import allow_many_files;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (256, {most}));"
        "allow_many_files(); print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(most), str(most)]

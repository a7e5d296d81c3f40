"""The router that stands for the platform's keeps its rules, or the other tests would show nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self

import pytest

from tests.flows.platform.router import Router
from tests.support.waiting import PATIENCE, until

FIRST_BYTE, IDLE = 0.3, 0.4
"""Seconds: a hundredth of the platform's."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def router() -> AsyncIterator[Router]:
    router = Router(FIRST_BYTE, IDLE)
    await router.start()
    yield router
    await router.stop()


class FakeDyno:
    """Answers every request with `serve`, and keeps their heads."""

    def __init__(self, router: Router, serve: Serve) -> None:
        self.heads: list[list[str]] = []
        self._router = router
        self._serve = serve

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self._router.dynos.append(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"))
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()


async def answers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


async def hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Without a word."""


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def falls_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh")
    await reader.read()


async def ticks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
    for _ in range(8):
        await asyncio.sleep(IDLE / 4)
        writer.write(b".")


async def sets_too_much(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: " + b"c" * 8_192 + b"\r\nContent-Length: 0\r\n\r\n")


async def ask(port: int, *headers: str) -> bytes:
    """The whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(["GET / HTTP/1.1", "Host: a", *headers, "", ""]).encode())
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("serve", "fault", "begins"),
    [
        (answers, [], OK),
        (ticks, [], b"HTTP/1.1 200 "),
        (hangs_up, ["no answer"], b"HTTP/1.1 503 "),
        (says_nothing, ["no answer in time"], b"HTTP/1.1 503 "),
        (falls_silent, ["idle"], b"HTTP/1.1 200 "),
        (sets_too_much, ["line too long"], b"HTTP/1.1 502 "),
    ],
)
async def test_what_a_dyno_does_wrong_is_a_fault(router: Router, serve: Serve, fault: list[str], begins: bytes) -> None:
    async with FakeDyno(router, serve):
        assert (await ask(router.port)).startswith(begins)
    assert router.faults == fault


async def test_without_a_dyno_a_request_waits_for_one(router: Router) -> None:
    asking = asyncio.create_task(ask(router.port))
    await asyncio.sleep(0)
    async with FakeDyno(router, answers):
        assert await asking == OK
    router.dynos.clear()
    assert (await ask(router.port)).startswith(b"HTTP/1.1 503 ")
    assert router.faults == ["no dyno"]


async def test_every_dyno_is_chosen(router: Router) -> None:
    async with FakeDyno(router, answers) as first, FakeDyno(router, answers) as second:
        for _ in range(40):
            await ask(router.port)
    assert first.heads
    assert second.heads


async def test_a_client_that_leaves_is_no_fault(router: Router) -> None:
    async with FakeDyno(router, says_nothing) as dyno:
        _, writer = await asyncio.open_connection("127.0.0.1", router.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await until(lambda: dyno.heads)
        writer.transport.abort()
        await until(lambda: not router._tasks)
    assert router.faults == []


async def test_the_dyno_gets_what_the_platform_says_it_gets(router: Router) -> None:
    forged = ["X-Forwarded-For: 10.0.0.1", "X-Forwarded-For: 10.0.0.2", "X-Real-IP: 10.0.0.3", "X-Scheme: http"]
    async with FakeDyno(router, answers) as dyno:
        await ask(router.port, *forged, "X-Forwarded-Proto: http", "X-Request-Id: short", "Connection: keep-alive")
        await ask(router.open_port, "X-Request-Id: " + "a" * 20)
    first, second = dyno.heads
    assert first[1:6] == ["Host: a", "X-Forwarded-For: 10.0.0.1, 127.0.0.1", *forged[1:]]
    assert "X-Forwarded-Proto: https" in first
    assert "X-Forwarded-Proto: http" not in first
    assert "X-Request-Id: short" not in first
    assert {"X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Request-Id: " + "a" * 20} < set(second)


async def test_a_line_that_is_too_long_goes_no_further(router: Router) -> None:
    async with FakeDyno(router, answers) as dyno:
        assert (await ask(router.port, "Cookie: " + "c" * 8_192)).startswith(b"HTTP/1.1 400 ")
    assert dyno.heads == []

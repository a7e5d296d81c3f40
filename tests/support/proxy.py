"""A TCP proxy that can be a bad line: slow, late, cut, or dead without a word."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

Address = tuple[str, int]

PIECE = 16 * 1024
"""Bytes passed on at once, and about what the proxy's own buffers hold: what it does not pass on waits at the sender,
as it would on a real line."""


class Proxy:
    """Passes bytes on between whoever connects to `address` and `target`.

    `rate` is bytes a second of each connection and direction, `delay` seconds for each piece; a good line has neither.
    """

    def __init__(self, target: Address) -> None:
        self.target = target
        self.rate: float | None = None
        self.delay = 0.0
        self.address: Address
        self._refuses = False
        self._pumps: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._heard = asyncio.Event()
        self._heard.set()
        self._server: asyncio.Server

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=PIECE)
        self.address = self._server.sockets[0].getsockname()

    async def close(self) -> None:
        self._server.close()
        self.cut()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await self._server.wait_closed()

    def cut(self) -> None:
        """End all connections, at both ends."""
        for pump in self._pumps:
            pump.cancel()

    def sever(self) -> None:
        """End all connections, and let no other come about."""
        self._refuses = True
        self.cut()

    def heal(self) -> None:
        self._refuses = False

    def stall(self) -> None:
        """Pass nothing on, and say nothing: the line is half-open."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def hush(self) -> None:
        """Keep back what the target says. It hears everything, so a cut now loses its answers to that."""
        self._heard.clear()

    def let_hear(self) -> None:
        self._heard.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pump = asyncio.current_task()
        assert pump is not None
        self._pumps.add(pump)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                if not self._refuses:
                    await self._join(reader, writer)
        finally:
            self._pumps.discard(pump)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
        far.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(far, self.target)
            far_reader, far_writer = await asyncio.open_connection(sock=far, limit=PIECE)
        except BaseException:  # it was cut before it came about
            far.close()
            raise
        both = [
            asyncio.ensure_future(self._pump(reader, far_writer)),
            asyncio.ensure_future(self._pump_back(far_reader, writer)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            far_writer.transport.abort()  # first: whoever cuts twice ends the wait
            await asyncio.gather(*both, return_exceptions=True)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event | None = None
    ) -> None:
        writer.transport.set_write_buffer_limits(high=PIECE)
        while data := await reader.read(PIECE):
            await self._flowing.wait()
            await (gate or self._flowing).wait()
            await asyncio.sleep(self.delay + (len(data) / self.rate if self.rate else 0))
            writer.write(data)
            await writer.drain()

    async def _pump_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What the target says."""
        await self._pump(reader, writer, self._heard)


@contextlib.asynccontextmanager
async def proxy_to(target: Address) -> AsyncIterator[Proxy]:
    proxy = Proxy(target)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()

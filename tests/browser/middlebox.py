"""What stands between some people and the net: it passes on plain requests and refuses WebSockets."""

import asyncio
import contextlib
import re

UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)
KEEP_ALIVE = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
NO_MORE = b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class Middlebox:
    """Takes requests at one port and passes them on to another, each on a connection of its own."""

    def __init__(self, port: int, target: int) -> None:
        self.refused = 0
        self._port = port
        self._target = target
        self._under_way: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self._port)

    async def close(self) -> None:
        self._server.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._answer(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        writer.close()
        self._under_way.discard(task)

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if UPGRADE.search(head):
            self.refused += 1
            writer.write(b"HTTP/1.1 400 Bad Request\r\n" + NO_MORE)
            return
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\n" + NO_MORE)
            return
        onward.write(KEEP_ALIVE.sub(b"", head)[:-2] + b"Connection: close\r\n\r\n")
        ends = [asyncio.ensure_future(each) for each in (pump(reader, onward), pump(there, writer))]
        try:
            # Whoever closes first has said all there is to say.
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            onward.close()
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()

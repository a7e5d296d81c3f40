"""A client's TCP connection, byte for byte: what it sends may be cut anywhere, what it gets is looked at closely."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Self

TURNS = 3
"""Of the event loop, after which a server on it has read what was sent."""


class RawSocket:
    """No stream of asyncio's: that one forgets what has arrived as soon as a write fails."""

    def __init__(self, port: int, *, takes: int | None = None) -> None:
        """`takes`: bytes that are received before they are read; None leaves that to the kernel, which takes many."""
        self._port = port
        self._socket = socket.socket()
        if takes is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        self._unread = b""

    async def __aenter__(self) -> Self:
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(self._socket, ("127.0.0.1", self._port))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()

    async def send(self, pieces: Iterable[bytes]) -> None:
        """Each piece by itself; a server that has hung up is not told the rest."""
        try:
            for piece in pieces:
                await asyncio.get_running_loop().sock_sendall(self._socket, piece)
                for _ in range(TURNS):
                    await asyncio.sleep(0)
        except ConnectionError:
            return

    async def head(self) -> str:
        """The head of an HTTP answer."""
        while b"\r\n\r\n" not in self._unread:
            await self._read()
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    async def frame(self) -> tuple[int, bytes]:
        """(opcode, payload) of the next frame, which must be as a server's are (RFC 6455 sections 5.1 and 5.2).

        Raises EOFError at the end."""
        first, second = await self._take(2)
        assert first & 0xF0 == 0x80, "a whole frame without reserved bits"
        assert second < 0x80, "a server masks nothing"
        size = {126: 2, 127: 8}.get(second, 0)
        length = int.from_bytes(await self._take(size), "big") if size else second
        return first & 0x0F, await self._take(length)

    async def last_frames(self) -> list[tuple[int, bytes]]:
        """All frames up to the end of the connection; the last must be whole."""
        frames = []
        try:
            while True:
                frames.append(await self.frame())
        except EOFError:
            assert not self._unread
            return frames

    async def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            await self._read()
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    async def _read(self) -> None:
        try:
            data = await asyncio.get_running_loop().sock_recv(self._socket, 65_536)
        except ConnectionResetError:  # it hung up while we still talked
            data = b""
        if not data:
            raise EOFError
        self._unread += data

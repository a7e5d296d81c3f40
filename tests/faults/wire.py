"""One WebSocket of a client, on a raw asyncio transport and made of nothing from `app`: the suite must not share the
server's mistakes. Only what a client of Roost needs of RFC 6455, but that strictly."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
BROKEN = 1006
"""The code of a connection that ended without a close frame (RFC 6455 section 7.1.5)."""
OPEN_LIMIT = 10.0
"""Seconds for the connection and its handshake."""

Address = tuple[str, int]
Hear = Callable[["Wire", bytes], None]
Make = Callable[[Address, dict[str, str], Hear], "Wire"]
Dial = Callable[[Callable[[], asyncio.Protocol], Address], Awaitable[tuple[asyncio.BaseTransport, Any]]]


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def dial(make: Callable[[], asyncio.Protocol], address: Address) -> tuple[asyncio.BaseTransport, Any]:
    return await asyncio.get_running_loop().create_connection(make, *address)


async def open_wire(
    address: Address, headers: dict[str, str], hear: "Hear", dial: Dial = dial, make: "Make | None" = None
) -> "Wire":
    """A connection whose handshake is done; `hear` gets it and the body of each text message. Raises Refused, OSError
    or TimeoutError."""
    async with asyncio.timeout(OPEN_LIMIT):
        _, wire = await dial(lambda: (make or Wire)(address, headers, hear), address)
        assert isinstance(wire, Wire)
        try:
            await wire.opened
        except BaseException:
            wire.abort()
            raise
    return wire


class Wire(asyncio.Protocol):
    """`closed` resolves to the close code, or BROKEN. `heard_at` is the loop's time of the last byte received."""

    def __init__(self, address: Address, headers: dict[str, str], hear: "Hear") -> None:
        self._loop = asyncio.get_running_loop()
        self._address = address
        self._headers = headers
        self._hear = hear
        self._key = base64.b64encode(secrets.token_bytes(16))
        self._received = bytearray()
        self._code = BROKEN
        self._ready = False
        self.opened: asyncio.Future[None] = self._loop.create_future()
        self.closed: asyncio.Future[int] = self._loop.create_future()
        self.heard_at = self._loop.time()
        self.transport: asyncio.Transport

    def send(self, command: dict[str, Any]) -> None:
        self._write(TEXT, msgspec.json.encode(command))

    def close(self) -> None:
        self._write(CLOSE, (1000).to_bytes(2, "big"))

    def abort(self) -> None:
        """As a process that dies: no close frame, and a reset where the kernel holds unread bytes."""
        self.transport.abort()

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def read_on(self) -> None:
        self.transport.resume_reading()

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        lines = self._request() + [f"{name}: {value}" for name, value in self._headers.items()]
        self.transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        self._received += data
        if self._ready or self._shake_hands():
            self._read_frames()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionResetError("it closed within the handshake"))
        if not self.closed.done():
            self.closed.set_result(self._code)

    def _request(self) -> list[str]:
        host = f"{self._address[0]}:{self._address[1]}"
        lines = ["GET /ws HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        return [*lines, f"Sec-WebSocket-Key: {self._key.decode()}", "Sec-WebSocket-Version: 13"]

    def _shake_hands(self) -> bool:
        head, end, rest = bytes(self._received).partition(b"\r\n\r\n")
        if not end or self.opened.done():
            return False
        status = int(head.split(b" ", 2)[1])
        accept = base64.b64encode(hashlib.sha1(self._key + GUID, usedforsecurity=False).digest())
        if status != 101:
            self.opened.set_exception(Refused(status))
            return False
        assert accept in head, "Sec-WebSocket-Accept is wrong"
        self._received[:] = rest
        self._ready = True
        self.opened.set_result(None)
        return True

    def _read_frames(self) -> None:
        received, at = self._received, 0
        while (frame := _frame(received, at)) is not None:
            opcode, start, end = frame
            at = end
            self._obey(opcode, bytes(received[start:end]))
        del received[:at]

    def _obey(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self._hear(self, payload)
        elif opcode == PING:
            self._write(PONG, payload)
        elif opcode == CLOSE:
            self._code = int.from_bytes(payload[:2], "big") if payload else 1005
            self._write(CLOSE, payload[:2])
        else:
            raise AssertionError(f"the server sent a frame with opcode {opcode}")

    def _write(self, opcode: int, payload: bytes) -> None:
        if self.transport.is_closing():
            return
        mask = secrets.token_bytes(4)
        length = len(payload)
        size = bytes((0x80 | length,)) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
        if length > 0xFFFF:
            size = b"\xff" + length.to_bytes(8, "big")
        self.transport.write(bytes((0x80 | opcode,)) + size + mask + _masked(payload, mask))


def _frame(data: bytearray, at: int) -> tuple[int, int, int] | None:
    """(opcode, begin of the payload, its end) of the whole, unmasked, unfragmented frame at `at`."""
    if len(data) < at + 2:
        return None
    first, length, start = data[at], data[at + 1], at + 2
    assert first & 0xF0 == 0x80, "the server fragmented or used a reserved bit"
    assert length < 128, "a server must not mask"
    if length > 125:
        start += 2 if length == 126 else 8
        if len(data) < start:
            return None
        length = int.from_bytes(data[at + 2 : start], "big")
    return (first & 0x0F, start, start + length) if len(data) >= start + length else None


def _masked(payload: bytes, mask: bytes) -> bytes:
    length = len(payload)
    key = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")

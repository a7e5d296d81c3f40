"""A plain or encrypted TCP connection: each body after its length in four bytes, big-endian."""

import asyncio

import msgspec

from app.protocol.close_codes import CloseCode
from app.protocol.commands import Command
from app.protocol.events import AnyEvent
from clients.address import Address
from clients.failures import BROKEN, Ended
from clients.wire import BODY_LIMIT, OPEN_LIMIT, decode, encode

LENGTH = 4


class Auth(msgspec.Struct, tag_field="type", tag="auth"):
    """The first words of a client."""

    token: str


class Closed(msgspec.Struct, tag_field="type", tag="closed"):
    """The last words of a server: TCP has no close frame."""

    code: int
    reason: str = ""


class TcpWire:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, command: Command) -> None:
        self.write(encode(command))

    def write(self, body: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(len(body).to_bytes(LENGTH, "big") + body)

    async def hear(self) -> AnyEvent:
        while True:
            body = await self._body()
            closed = _closed(body)
            if closed is not None:
                raise Ended(closed.code, closed.reason)
            event = decode(body)
            if event is not None:
                return event

    def close(self) -> None:
        self._writer.transport.abort()

    async def _body(self) -> bytes:
        try:
            length = int.from_bytes(await self._reader.readexactly(LENGTH), "big")
            if length > BODY_LIMIT:
                raise Ended(CloseCode.TOO_BIG)
            return await self._reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as problem:
            raise Ended(BROKEN) from problem


async def open_tcp(address: Address, token: str) -> TcpWire:
    """Raises Ended. Whether the token is taken shows in what is heard first."""
    try:
        async with asyncio.timeout(OPEN_LIMIT):
            wire = TcpWire(*await asyncio.open_connection(address.host, address.port, ssl=address.tls))
    except (OSError, TimeoutError) as problem:
        raise Ended(BROKEN, str(problem)) from problem
    wire.write(msgspec.json.encode(Auth(token)))
    return wire


def _closed(body: bytes) -> Closed | None:
    """Only what can be one is read twice."""
    if not body.startswith(b'{"type":"closed"'):
        return None
    try:
        return msgspec.json.decode(body, type=Closed)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Ended(BROKEN) from problem

"""A client that speaks TCP alone, as docs/protocol.md asks for one; its address is that of a gateway."""

import struct
from functools import partial
from typing import Any

import msgspec

from tests.faults.client import Client
from tests.faults.wire import Address, Hear, Refused, Wire, open_wire

HEAD = struct.Struct(">I")


class TcpClient(Client):
    async def _connect(self) -> Wire:
        make = partial(TcpWire, token=self.person.token)
        return await open_wire(self._address, {}, self._hear, self._dial, make)


class TcpWire(Wire):
    """Each event and command with its length before it; the first is the token, the last says why."""

    def __init__(self, address: Address, headers: dict[str, str], hear: Hear, *, token: str) -> None:
        super().__init__(address, headers, hear)
        self._token = token

    def send(self, command: dict[str, Any]) -> None:
        if not self.transport.is_closing():
            body = msgspec.json.encode(command)
            self.transport.write(HEAD.pack(len(body)) + body)

    def close(self) -> None:
        self.transport.close()

    # For asyncio

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.send({"type": "auth", "token": self._token})

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        self._received += data
        received, at = self._received, 0
        while len(received) >= at + HEAD.size:
            (length,) = HEAD.unpack_from(received, at)
            end = at + HEAD.size + length
            if len(received) < end:
                break
            self._take(bytes(received[end - length : end]))
            at = end
        del received[:at]

    def _take(self, body: bytes) -> None:
        if body.startswith(b'{"type":"closed"'):
            self._code = msgspec.json.decode(body)["code"]
            self.transport.close()
        elif self.opened.done():
            self._hear(self, body)
        elif body.startswith(b'{"type":"error"'):
            self.opened.set_exception(Refused(401))
        else:
            self.opened.set_result(None)
            self._hear(self, body)

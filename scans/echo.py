"""python -m scans.echo: our WebSocket, sending back what it is sent, for Autobahn's cases (docs/security.md)."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from app.handlers.takeover import held_stream, take_over
from app.handlers.websocket_transport import WebSocketTransport
from app.protocol.framing import websocket_text_frame
from app.realtime.transport import Transport

PORT = 9001
"""As autobahn.json has it."""


class Echo:
    """In the place of a Connection."""

    services = SimpleNamespace(metrics=SimpleNamespace(slow_closes=0))

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(self) -> None: ...

    def receive(self, body: bytes) -> None:
        self._transport.write(websocket_text_frame(body))

    def closed(self) -> None: ...


class EchoHandler(WebSocketHandler):
    async def open(self, *_: str, **__: str) -> None:
        connect: Any = Echo
        await take_over(held_stream(self), partial(WebSocketTransport, connect))

    def on_message(self, message: str | bytes) -> None:
        """Never called: the socket is not Tornado's any more."""


def listen(port: int) -> HTTPServer:
    return Application([("/", EchoHandler)]).listen(port, "127.0.0.1")


async def serve() -> None:
    listen(PORT)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())

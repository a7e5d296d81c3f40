"""A WebSocket, by Tornado's client."""

import asyncio

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, WebSocketError, websocket_connect

from app.protocol.close_codes import CloseCode
from app.protocol.commands import Command
from app.protocol.events import AnyEvent
from clients.address import Address
from clients.failures import BROKEN, Ended
from clients.late import opened
from clients.wire import BODY_LIMIT, OPEN_LIMIT, decode, encode, retry_after


class WebSocketWire:
    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._is_over = False
        self._rest: asyncio.Task[None] | None = None

    def say(self, command: Command) -> None:
        try:
            self._socket.write_message(encode(command)).add_done_callback(_forget_failure)
        except WebSocketClosedError:
            return  # `hear` tells

    async def hear(self) -> AnyEvent:
        while (body := await self._socket.read_message()) is not None:
            if isinstance(body, bytes):
                raise Ended(CloseCode.UNSUPPORTED_DATA)
            event = decode(body.encode())
            if event is not None:
                return event
        self._is_over = True
        raise Ended(self._socket.close_code or BROKEN, self._socket.close_reason or "")

    def close(self) -> None:
        self._socket.close()
        # What came meanwhile stands before the server's good-bye, and Tornado reads on only when somebody takes it.
        if not self._is_over and self._rest is None:
            self._rest = asyncio.create_task(self._pass_over_the_rest())

    async def _pass_over_the_rest(self) -> None:
        while await self._socket.read_message() is not None:
            pass


async def open_websocket(address: Address, token: str) -> WebSocketWire:
    """Raises Ended, with what the server said to the handshake."""
    url = address.url.replace("http", "ws", 1) + "/ws"
    headers = {"Authorization": f"Bearer {token}"}
    request = HTTPRequest(
        url, headers=headers, ssl_options=address.tls, connect_timeout=OPEN_LIMIT, request_timeout=OPEN_LIMIT
    )
    opening = websocket_connect(request, max_message_size=BODY_LIMIT)
    try:
        return WebSocketWire(await opened(opening, WebSocketClientConnection.close))
    except HTTPClientError as refusal:
        raise refused(refusal) from refusal
    except (OSError, StreamClosedError, WebSocketError) as problem:
        raise Ended(BROKEN, str(problem)) from problem


def refused(refusal: HTTPClientError) -> Ended:
    """Something on the way answers 403 to upgrades that it does not let pass, so that says nothing of the person."""
    code = CloseCode.NOT_SIGNED_IN if refusal.code == 401 else BROKEN  # noqa: PLR2004
    return Ended(code, retry_after=retry_after(refusal.response.headers) if refusal.response else None)


def _forget_failure(written: "asyncio.Future[None]") -> None:
    """`hear` tells of a line that broke."""
    if not written.cancelled():
        written.exception()

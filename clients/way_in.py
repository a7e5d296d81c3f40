"""Which carrier the next line has."""

import asyncio
from typing import Literal

from tornado.httpclient import AsyncHTTPClient, HTTPError

from clients.address import Address
from clients.wire import Wire
from clients.wire_stream import open_stream
from clients.wire_tcp import open_tcp
from clients.wire_websocket import open_websocket

BLOCKED_AFTER = 2
TRY_AGAIN_AFTER = 600.0
ANSWER_LIMIT = 5.0
"""Seconds, both. Whoever waits longer for an answer comes back later than they need to."""


class WayIn:
    """Opens lines: WebSockets, or streams where something on the way refuses upgrades, which is what failed twice in a
    row while the server answered; after a while a WebSocket is tried again. A TCP address has one way in."""

    def __init__(self, address: Address, token: str) -> None:
        self._address = address
        self._token = token
        self._failures = 0
        self._blocked_until = 0.0
        self.carrier: Literal["websocket", "stream", "tcp"] = "tcp" if address.is_tcp else "websocket"
        """Of the last line."""

    async def open(self) -> Wire:
        """Raises Ended."""
        if self._address.is_tcp:
            return await open_tcp(self._address, self._token)
        self.carrier = "stream" if self._is_blocked else "websocket"
        return await (open_stream if self._is_blocked else open_websocket)(self._address, self._token)

    def worked(self) -> None:
        """Something was heard on the last line."""
        if self.carrier == "websocket":
            self._failures = 0

    async def failed(self) -> None:
        """Nothing was ever heard on the last line."""
        if self.carrier == "stream":
            # No better than what it stands in for.
            self._failures = 0
        elif self.carrier == "websocket" and await self._answers():
            self._failures += 1
            if self._failures >= BLOCKED_AFTER:
                self._blocked_until = asyncio.get_running_loop().time() + TRY_AGAIN_AFTER

    @property
    def _is_blocked(self) -> bool:
        if self._failures >= BLOCKED_AFTER and asyncio.get_running_loop().time() >= self._blocked_until:
            self._failures = BLOCKED_AFTER - 1
        return self._failures >= BLOCKED_AFTER

    async def _answers(self) -> bool:
        http = AsyncHTTPClient(force_instance=True)
        try:
            url = f"{self._address.url}/readyz"
            tls, limit = self._address.tls, ANSWER_LIMIT
            await http.fetch(url, ssl_options=tls, connect_timeout=limit, request_timeout=limit)
        except (HTTPError, OSError):
            return False
        finally:
            http.close()
        return True

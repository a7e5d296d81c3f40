"""Names as addresses, asked of the system."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

from app.outbound.addresses import Address
from app.outbound.outcomes import Unreachable

AT_ONCE = 4

Endpoint = tuple[Address, int]


class Resolve(Protocol):
    """Where a host may be reached at a port. Raises Unreachable."""

    async def __call__(self, host: str, port: int) -> list[Endpoint]: ...


class Lookup:
    """Has threads of its own: a name whose server is silent holds one for half a minute, and nobody else shall wait."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "lookup")

    async def __call__(self, host: str, port: int) -> list[Endpoint]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, ask, host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable("no such host") from error
        return [(ip_address(place[0]), int(place[1])) for *_, place in found]


def ask(host: str, port: int) -> list[tuple[object, object, object, str, tuple[str, int]]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value]

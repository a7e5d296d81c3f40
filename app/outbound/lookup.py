"""Names as addresses, asked of the system."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

from app.outbound.addresses import Address
from app.outbound.outcomes import Crowded, Unreachable

AT_ONCE = 4
SECONDS_TO_BEGIN = 3.0
"""For which one waits for a thread; less than anything that is fetched may take."""

Endpoint = tuple[Address, int]
Found = list[tuple[object, object, object, str, tuple[str, int]]]


class Resolve(Protocol):
    """Where a host may be reached at a port. Raises Unreachable; Crowded where others kept it from being asked."""

    async def __call__(self, host: str, port: int) -> list[Endpoint]: ...


class Lookup:
    """Has threads of its own: a name whose server is silent holds one for half a minute, and nobody else shall wait."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "lookup")

    async def __call__(self, host: str, port: int) -> list[Endpoint]:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        asked = loop.run_in_executor(self._threads, ask, lambda: loop.call_soon_threadsafe(begun.set), host, port)
        try:
            await beginning(begun)
            found = await asked
        except (OSError, UnicodeError) as error:
            raise Unreachable("no such host") from error
        finally:
            asked.cancel()
        return [(ip_address(place[0]), int(place[1])) for *_, place in found]


async def beginning(begun: asyncio.Event) -> None:
    """Raises Crowded."""
    try:
        async with asyncio.timeout(SECONDS_TO_BEGIN):
            await begun.wait()
    except TimeoutError as error:
        raise Crowded("other names are being looked up") from error


def ask(begun: Callable[[], object], host: str, port: int) -> Found:
    begun()
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value]

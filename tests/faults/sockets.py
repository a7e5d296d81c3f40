"""Ways to dial that are not the usual one."""

import asyncio
import random
import socket
from collections.abc import Callable, Sequence
from typing import Any

from tests.faults.wire import Address, Dial, dial


def dial_from(make_socket: Callable[[], socket.socket]) -> Dial:
    """Connects sockets that `make_socket` has prepared."""

    async def dial(make: Callable[[], asyncio.Protocol], address: Address) -> tuple[asyncio.BaseTransport, Any]:
        loop = asyncio.get_running_loop()
        made = make_socket()
        made.setblocking(False)
        try:
            await loop.sock_connect(made, address)
        except BaseException:
            made.close()
            raise
        return await loop.create_connection(make, sock=made)

    return dial


def narrow_socket() -> socket.socket:
    """One that holds hardly anything unread."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return made


def dial_any(addresses: Sequence[Address]) -> Dial:
    """Connects as a router does: to one at random of those that take connections, whatever address is asked for."""

    async def dial_one(make: Callable[[], asyncio.Protocol], address: Address) -> tuple[asyncio.BaseTransport, Any]:
        for chosen in random.sample(addresses, len(addresses)):
            try:
                return await dial(make, chosen)
            except OSError:
                continue
        raise ConnectionRefusedError

    return dial_one

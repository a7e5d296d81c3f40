"""PostgreSQL and Redis, started from this machine's programs: for the tests and the bench."""

import random
import socket
from contextlib import ExitStack, suppress


class NotInstalled(Exception):
    """The program is not on this machine."""


def free_port() -> int:
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of so many in a row that nobody listens on. Below those that Linux gives to connections by itself (from
    32,768): one of those may be taken between this and its use."""
    while True:
        first = random.randrange(20_000, 32_000)
        with suppress(OSError), ExitStack() as listeners:
            for port in range(first, first + count):
                listeners.enter_context(socket.create_server(("127.0.0.1", port)))
            return first

"""PostgreSQL and Redis, started from this machine's programs: for the tests and the bench."""

import socket


class NotInstalled(Exception):
    """The program is not on this machine."""


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

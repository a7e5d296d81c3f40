"""Many sockets in one epoll loop: the load generator."""

import select
import time
from collections import deque
from collections.abc import Iterable, Sequence

from bench.dialects.base import Unexpected
from bench.load.client import Client

AT_ONCE = 64
"""Sockets read before the clock and the urgent ones are looked at again."""


class Swarm:
    """Clients of one server, dealt out among its addresses by their numbers. Those of `urgent` are read first, so that
    a crowd here does not delay their clock."""

    def __init__(self, addresses: Sequence[tuple[str, int]], urgent: "Swarm | None" = None) -> None:
        self.clients: dict[int, Client] = {}
        self._addresses = addresses
        self.urgent = urgent
        self._epoll = select.epoll()
        self._outside: dict[int, float] = {}
        """Descriptors of those who are joining, and since when."""
        self._took: list[float] = []

    def join(self, clients: Iterable[Client], at_once: int, deadline: float) -> list[float]:
        """Connect these and wait until all are in their rooms, `at_once` at a time. Returns the seconds each took.

        Raises Unexpected when not all are in after `deadline` seconds, OSError when a connection fails."""
        waiting, end = deque(clients), time.perf_counter() + deadline
        self._took = []
        while waiting or self._outside:
            while waiting and len(self._outside) < at_once:
                self._connect(waiting.popleft())
            self.turn(0.1)
            if time.perf_counter() > end:
                raise Unexpected(f"only {len(self._took)} were in after {deadline:.0f} s")
        return self._took

    def leave(self, clients: Iterable[Client]) -> None:
        """Hang up."""
        for client in clients:
            del self.clients[client.fd]
            client.leave()

    def turn(self, wait: float) -> int:
        """Read what has come, of at most AT_ONCE sockets; when nothing has, wait up to `wait` seconds for it. How many
        sockets had something.

        Raises Unexpected when it is not what has to come."""
        urgent = 0 if self.urgent is None else self.urgent.turn(0)
        ready = self._epoll.poll(0 if urgent else wait, AT_ONCE)
        for fd, _ in ready:
            client = self.clients[fd]
            if client.place is not None:
                client.room.take(client.place, client.read(), client.write)
            else:
                self._join_further(client)
        return urgent + len(ready)

    def watch(self, seconds: float, wait: float = 0.1) -> None:
        """Read, and answer what wants an answer, for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.turn(min(wait, left))

    def _connect(self, client: Client) -> None:
        client.connect(self._addresses[client.member % len(self._addresses)])
        self.clients[client.fd] = client
        self._outside[client.fd] = time.perf_counter()
        self._epoll.register(client.fd, select.EPOLLOUT)

    def _join_further(self, client: Client) -> None:
        if client.joining is None:
            client.start_joining()
            self._epoll.modify(client.fd, select.EPOLLIN)
        elif client.go_on_joining(client.read()):
            self._took.append(time.perf_counter() - self._outside.pop(client.fd))

"""Connections from one address that nobody wants, so many a second: `python -m bench.junk PORT A_SECOND SECONDS` prints
what became of them."""

import json
import select
import socket
import struct
import sys
import time
from collections import Counter
from itertools import cycle

from bench.machine import raise_file_limit

HEAD = "Host: 127.0.0.1\r\n"
HANDSHAKE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
KINDS = {
    "noise": bytes(range(256)) + b"\r\n\r\n",
    "half a request": b"GET / HTTP/1.1\r\nHost:",
    "a page": f"GET / HTTP/1.1\r\n{HEAD}\r\n".encode(),
    "a handshake": f"GET /ws HTTP/1.1\r\n{HEAD}{HANDSHAKE}\r\n".encode(),
}
PATIENCE = 5.0
"""Seconds until an answer is no longer waited for; who sends half a request leaves then, too."""
RESET = struct.pack("ii", 1, 0)
"""Leave without farewell, or the ports of one address would be used up after 14 s."""


class Junk:
    def __init__(self, port: int) -> None:
        self.outcomes: Counter[str] = Counter()
        self.begun = 0
        self._port = port
        self._kinds = cycle(KINDS)
        self._open: dict[int, tuple[socket.socket, str, float]] = {}
        self._epoll = select.epoll()

    def run(self, a_second: float, seconds: float) -> None:
        start = time.perf_counter()
        while (now := time.perf_counter() - start) < seconds:
            while self.begun < now * a_second:
                self._begin()
            for fd, events in self._epoll.poll(0.002, 256):
                self._go_on(fd, events)
            self._give_up(time.perf_counter() - PATIENCE)
        self._give_up(time.perf_counter())

    def _begin(self) -> None:
        self.begun += 1
        client = socket.socket()
        client.settimeout(0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.connect_ex(("127.0.0.1", self._port))
        self._open[client.fileno()] = client, next(self._kinds), time.perf_counter()
        self._epoll.register(client.fileno(), select.EPOLLOUT)

    def _go_on(self, fd: int, events: int) -> None:
        client, kind, _ = self._open[fd]
        try:
            if events & select.EPOLLOUT:
                client.send(KINDS[kind])
                self._epoll.modify(fd, select.EPOLLIN)
            else:
                self._end(fd, answer_in(client.recv(65_536)))
        except OSError:
            self._end(fd, "hung up")

    def _give_up(self, before: float) -> None:
        for fd in [fd for fd, (_, _, since) in self._open.items() if since < before]:
            self._end(fd, "no answer")

    def _end(self, fd: int, outcome: str) -> None:
        client, kind, _ = self._open.pop(fd)
        client.close()
        self.outcomes[f"{kind}: {outcome}"] += 1


def answer_in(data: bytes) -> str:
    """Its status, and whether it says when to return."""
    if not data:
        return "hung up"
    head = data.partition(b"\r\n\r\n")[0]
    return head[9:12].decode() + (", Retry-After" if b"\r\nRetry-After: " in head else "")


def main() -> None:
    port, a_second, seconds = map(int, sys.argv[1:])
    raise_file_limit()
    junk = Junk(port)
    junk.run(a_second, seconds)
    print(json.dumps({"a second": round(junk.begun / seconds), **junk.outcomes}))


if __name__ == "__main__":
    main()

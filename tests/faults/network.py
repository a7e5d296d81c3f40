"""A network of its own on the other end of a cable that can be pulled: a namespace and a veth pair, for root only. And
URLs that lead through something."""

import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

CLONE_NEWNET = 0x40000000


class Namespace:
    """`here` is this machine's address on the cable. Sockets from `make_socket` are at its far end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.here, self._there = "10.213.7.1", "10.213.7.2"
        self._cable = f"{name}-a"

    def lay(self) -> None:
        far = f"{self.name}-b"
        ip("netns", "add", self.name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", far, "netns", self.name)
        ip("addr", "add", f"{self.here}/30", "dev", self._cable)
        ip("-n", self.name, "addr", "add", f"{self._there}/30", "dev", far)
        ip("-n", self.name, "link", "set", far, "up")
        self.plug()

    def remove(self) -> None:
        ip("link", "del", self._cable)
        ip("netns", "del", self.name)

    def pull(self) -> None:
        """Nothing passes any more, and nobody is told: no FIN, no RST."""
        ip("link", "set", self._cable, "down")

    def plug(self) -> None:
        ip("link", "set", self._cable, "up")

    def make_socket(self) -> socket.socket:
        """A socket belongs to the namespace of the thread that makes it."""
        made: list[socket.socket] = []
        thread = threading.Thread(target=lambda: made.append(self._socket_inside()))
        thread.start()
        thread.join()
        return made[0]

    def _socket_inside(self) -> socket.socket:
        place = os.open(Path("/run/netns", self.name), os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).setns(place, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(place)
        return socket.socket()


@contextlib.contextmanager
def namespace() -> Iterator[Namespace]:
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("a network namespace takes root and the command ip")
    made = Namespace(f"roost{os.getpid()}")
    made.lay()
    try:
        yield made
    finally:
        made.remove()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)


def led_through(url: str, address: tuple[str, int]) -> str:
    """The URL of what is there, by way of this address."""
    host, port = address
    return make_url(url).set(host=host, port=port).render_as_string(hide_password=False)


def place_of(url: str) -> tuple[str, int]:
    """Host and port."""
    parts = make_url(url)
    assert parts.host is not None
    assert parts.port is not None
    return parts.host, parts.port

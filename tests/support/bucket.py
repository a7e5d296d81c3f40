"""A server that speaks S3, as a process of its own, with an empty bucket. Where its program is missing tests are
skipped."""

import contextlib
import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from urllib.error import URLError

import pytest

PROGRAM = "moto"
BUCKET = "files"
STARTS_WITHIN = 60.0
"""Seconds: it is large, and a machine may be busy."""


@contextlib.contextmanager
def some_bucket() -> Iterator[str]:
    """FILES_URL of the bucket."""
    if importlib.util.find_spec(PROGRAM) is None or importlib.util.find_spec("obstore") is None:
        pytest.skip("no server that speaks S3: pip install -r requirements-dev.txt")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        make_bucket(f"http://127.0.0.1:{port}/{BUCKET}")
        yield f"s3://key:secret@127.0.0.1:{port}/{BUCKET}"
    finally:
        server.kill()
        server.wait()


def make_bucket(address: str) -> None:
    """As soon as the server answers."""
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="PUT")).close()  # noqa: S310
        except URLError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port

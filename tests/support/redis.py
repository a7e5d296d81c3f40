"""Redis for tests: a server of a test's own, to stall, kill and start again. A machine without one skips them."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stores import NotInstalled
from stores.redis import RedisServer


@contextlib.contextmanager
def own_redis(*options: str) -> Iterator[RedisServer]:
    """A server that is running; at the end it is gone, whatever its state."""
    with tempfile.TemporaryDirectory(prefix="roost-redis-") as folder:
        server = RedisServer(Path(folder), *options)
        try:
            server.start()
            yield server
        except NotInstalled as missing:
            pytest.skip(str(missing))
        finally:
            server.kill()


@contextlib.contextmanager
def some_redis() -> Iterator[str]:
    """The URL of a server that nobody breaks: the one that TEST_REDIS names, else one that is started for it."""
    given = os.environ.get("TEST_REDIS")
    if given:
        yield given
    else:
        with own_redis() as server:
            yield server.url

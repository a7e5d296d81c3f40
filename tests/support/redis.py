"""Redis for tests: a server of a test's own, to stall, kill and start again. A machine without one skips them."""

import contextlib
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

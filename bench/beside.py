"""Servers that a server needs beside it: a database, Redis. They run on whichever core has room, for on one of two they
would be the limit: a message costs PostgreSQL nearly as much as it costs Roost, and the generator half of that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import cpu_seconds, on_any_core
from stores.postgres import Cluster
from stores.redis import RedisServer

DISK = "/var/tmp"  # noqa: S108
"""On a disk, as /tmp need not be, and open to the user whom PostgreSQL runs as when root starts it."""


@dataclass(frozen=True)
class Beside:
    """Servers that run. `variables` of the environment lead to them."""

    variables: Mapping[str, str] = field(default_factory=dict)
    pids: Callable[[], Sequence[int]] = list

    @property
    def cpu_seconds(self) -> float:
        return sum(map(spent, self.pids()))


def spent(pid: int) -> float:
    """Its CPU seconds; 0 when it has ended, as PostgreSQL's workers do after their work."""
    try:
        return cpu_seconds(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


@contextmanager
def nothing() -> Iterator[Beside]:
    yield Beside()


@contextmanager
def postgres() -> Iterator[Beside]:
    """As it comes: fsync and synchronous_commit are on."""
    with TemporaryDirectory(dir=DISK, prefix="roost-bench-") as folder:
        cluster = Cluster(Path(folder))
        with on_any_core():
            cluster.start()
        try:
            yield Beside({"DATABASE_URL": cluster.url()}, lambda: cluster.pids)
        finally:
            cluster.end()


@contextmanager
def postgres_and_redis() -> Iterator[Beside]:
    with postgres() as database, TemporaryDirectory(dir=DISK, prefix="roost-bench-") as folder:
        redis = RedisServer(Path(folder))
        with on_any_core():
            redis.start()
        try:
            yield Beside({**database.variables, "REDIS_URL": redis.url}, lambda: [*database.pids(), *redis.pids])
        finally:
            redis.kill()

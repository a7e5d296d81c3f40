"""PostgreSQL for tests: fresh databases for those that want one, and a server of its own for who stops or stalls it.

`Databases` are made on the server that TEST_POSTGRES names, a URL whose user may create databases, else on a `Cluster`
that is started for them and ends with them. On a machine without PostgreSQL those tests are skipped.
"""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.storage.migrate import migrate
from stores import NotInstalled
from stores.postgres import Cluster, ask

__all__ = ["Cluster", "Databases", "ask", "databases", "own_cluster"]

ROOM = 2**30
"""Bytes."""


@contextlib.contextmanager
def own_cluster(*initdb: str) -> Iterator[Cluster]:
    """A server that is running, in a folder of its own; at the end it is stopped and removed, whatever its state."""
    folder = Path(tempfile.mkdtemp(prefix="roost-postgres-", dir=_quick_disk()))
    try:
        cluster = Cluster(folder, *initdb)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.end()
    except NotInstalled as missing:
        pytest.skip(str(missing))
    finally:
        shutil.rmtree(folder)


class Databases:
    """Makes databases on one server, which `server`, the URL of any database there, leads to."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._template: str | None = None

    @contextlib.contextmanager
    def empty(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, which is dropped at the end, whoever uses it still."""
        name = f"roost_test_{secrets.token_hex(6)}"
        ask(self._server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        try:
            yield make_url(self._server).set(database=name).render_as_string(hide_password=False)
        finally:
            ask(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """One with all tables and the room `general`: a copy, which takes a twentieth of a second."""
        assert self._template is not None, "databases() makes it"
        with self.empty(self._template) as url:
            yield url

    @contextlib.contextmanager
    def with_template(self) -> Iterator["Databases"]:
        with self.empty() as url, ThreadPoolExecutor(1) as thread:
            thread.submit(migrate, url).result()
            self._template = make_url(url).database
            yield self


@contextlib.contextmanager
def databases() -> Iterator[Databases]:
    with contextlib.ExitStack() as stack:
        server = os.environ.get("TEST_POSTGRES") or stack.enter_context(own_cluster()).url()
        yield stack.enter_context(Databases(server).with_template())


def _quick_disk() -> str | None:
    """Memory, where there is enough: each database is 300 files. What is killed here are processes, not machines."""
    memory = Path("/dev/shm")  # noqa: S108
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None

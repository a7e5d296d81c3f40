"""A PostgreSQL server one of whose folders is a small disk of its own, a tmpfs. For root only."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from stores import NotInstalled
from stores.postgres import USER, Cluster

AMPLE = 256 * 1024 * 1024
"""Bytes until it is made small."""
LITTLE_WAL = ("--wal-segsize=1",)
"""MiB."""
GROWING_WAL = {"max_wal_size": "1GB", "min_wal_size": "2MB", "checkpoint_timeout": "1h"}
"""Nothing of it is given up meanwhile, so that its disk fills up, too."""

Part = Literal["data", "pg_wal"]


class SmallCluster(Cluster):
    """Running; `part` is what lies on the small disk."""

    def __init__(self, folder: Path, part: Part) -> None:
        places = {"data": folder / "data", "pg_wal": folder / "wal"}
        self.disk = places[part]
        for place in places.values():
            place.mkdir()
        mount("-t", "tmpfs", "-o", f"size={AMPLE}", "tmpfs", str(self.disk))
        for place in places.values():
            shutil.chown(place, USER, USER)
        super().__init__(folder, f"--waldir={places['pg_wal']}", *LITTLE_WAL)

    def start(self, **settings: str) -> None:
        super().start(**GROWING_WAL | settings)

    def leave_free(self, size: int) -> None:
        """So many bytes, from here on."""
        mount("-o", f"remount,size={shutil.disk_usage(self.disk).used + size}", str(self.disk))

    @property
    def has_ended(self) -> bool:
        """By itself."""
        return not (self.data / "postmaster.pid").exists()


@contextlib.contextmanager
def small_cluster(part: Part) -> Iterator[SmallCluster]:
    if os.geteuid() != 0:
        pytest.skip("a small disk of its own takes root")
    folder = Path(tempfile.mkdtemp(prefix="roost-postgres-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        stack.callback(unmount_all, folder)
        try:
            cluster = SmallCluster(folder, part)
            stack.callback(cluster.end)
            cluster.start()
        except NotInstalled as missing:
            pytest.skip(str(missing))
        yield cluster


def unmount_all(folder: Path) -> None:
    for place in filter(os.path.ismount, folder.iterdir()):
        subprocess.run(["umount", "-l", place], check=True, timeout=10)


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, timeout=10)

"""A disk that can be full: for root a small tmpfs, for others a limit on the size of the server's files."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

SIZE = 8 * 1024 * 1024
BALLAST = 2 * 1024 * 1024
"""Bytes: of the whole, and of what is removed to make room."""


class SmallDisk:
    """`folder` lies on it. `make_room` takes the pid of who writes there."""

    def __init__(self, folder: Path, fill: Callable[[int], None], make_room: Callable[[int], None]) -> None:
        self.folder = folder
        self.fill = fill
        self.make_room = make_room


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        yield SmallDisk(folder, limit_files, unlimit_files)
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True, timeout=10)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(BALLAST))
    try:
        yield SmallDisk(folder, lambda _: None, lambda _: ballast.unlink())
    finally:
        subprocess.run(["umount", "-l", folder], check=True, timeout=10)


def limit_files(pid: int) -> None:
    """No file of this process may grow beyond the size of the disk less the ballast."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (SIZE - BALLAST, resource.RLIM_INFINITY))


def unlimit_files(pid: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

"""Files in a folder of this machine's disk."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from app.errors import FilesAway, NotFound, StorageFull
from app.files.blobs import PIECE, Blob, Blobs, note_failure

P = ParamSpec("P")
T = TypeVar("T")
FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskBlobs(Blobs):
    """Each in a file of its own, in one of 256 folders by the beginning of its key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # On the same disk: a file that is moved is there whole, or not at all.
        self.staging = folder / "incoming"

    async def put(self, key: str, path: Path) -> None:
        await aside(self._put, key, path)

    async def open(self, key: str) -> Blob:
        path = self._path(key)
        return DiskBlob(path, (await aside(path.stat)).st_size)

    async def drop(self, key: str) -> None:
        await aside(self._path(key).unlink, missing_ok=True)

    def _put(self, key: str, path: Path) -> None:
        place = self._path(key)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync(path)
        path.replace(place)
        sync(place.parent)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


class DiskBlob(Blob):
    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self.size = size

    async def pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        file = await aside(self._path.open, "rb")
        try:
            await aside(file.seek, start)
            while start < end and (piece := await aside(file.read, min(PIECE, end - start))):
                start += len(piece)
                yield piece
        finally:
            file.close()


async def aside(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what waits for the disk in a thread. Raises NotFound, StorageFull or FilesAway."""
    try:
        return await asyncio.to_thread(fn, *args, **kwargs)
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        note_failure(error.strerror)
        raise (StorageFull if error.errno in FULL else FilesAway) from error


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Blobs: the interface of what keeps the bytes of files, by keys that were made here."""

import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path

log = logging.getLogger(__name__)

PIECE = 256 * 1024
"""Bytes that are in memory at a time for each who reads."""


def note_failure(why: str | None) -> None:
    """Those who want a file are told to come back; this is for who runs the server."""
    log.warning("what keeps the files fails: %s", why)


class Blob(ABC):
    """Bytes that are kept, `size` of them."""

    size: int

    @abstractmethod
    def pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, without it. Raises NotFound or FilesAway."""


class Blobs(ABC):
    """All of them raise FilesAway when what keeps the bytes cannot be reached."""

    staging: Path
    """A folder for what is on its way in. What a process that died has left there may be taken away."""

    @abstractmethod
    async def put(self, key: str, path: Path) -> None:
        """Keep what is in the file at `path`, which is gone then. Returns when it is durable: it is there whole, or it
        is not there. Raises StorageFull."""

    @abstractmethod
    async def open(self, key: str) -> Blob:
        """Raises NotFound."""

    @abstractmethod
    async def drop(self, key: str) -> None:
        """It need not be there."""

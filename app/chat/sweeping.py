"""Files that nobody needs any more: those that broke off, those that no message has, and those of messages that are
gone for good."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

from app.chat.incoming import thumb_key
from app.errors import FilesAway
from app.services import Services
from app.storage import files

log = logging.getLogger(__name__)

BROKEN_OFF = 3_600_000
"""Milliseconds after which nobody is still writing what was begun."""
UNSENT = 24 * 3_600_000
AT_ONCE = 100


async def sweep(services: Services) -> None:
    """Take them away. Whatever ends a process in the middle of it, the next time does the rest. Raises Unavailable or
    StorageFull."""
    now = services.clock.now()
    try:
        await asyncio.to_thread(clear, services.files.blobs.staging, (now - BROKEN_OFF) / 1000)
        more = True
        while more:
            ids, more = await services.store.write(files.to_sweep, now - BROKEN_OFF, now - UNSENT, AT_ONCE)
            await drop(services, ids)
    except FilesAway:
        log.warning("files that nobody needs any more could not be taken away; that is tried again")


async def drop(services: Services, ids: list[str]) -> None:
    """The rows go last: as long as one is there, its bytes are looked for."""
    for file_id in ids:
        for key in (file_id, thumb_key(file_id)):
            await services.files.blobs.drop(key)
    if ids:
        await services.store.write(files.drop, ids)
        log.info("%d files were taken away that nobody needs any more", len(ids))


def clear(folder: Path, before: float) -> None:
    """Of what a process that died had begun to write, what was last written before this time (seconds)."""
    if folder.is_dir():
        for path in folder.iterdir():
            with suppress(FileNotFoundError):  # another process does the same
                if path.stat().st_mtime < before:
                    path.unlink()

"""One file on its way in: written to disk piece by piece, looked at when it is whole, then kept under its id."""

import asyncio
import logging
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

from msgspec.structs import replace

from app.errors import FilesAway, RoostError, StorageFull, Unavailable
from app.files import kinds
from app.files.disk import aside
from app.models import File
from app.services import Services
from app.storage import files

log = logging.getLogger(__name__)


def thumb_key(file_id: str) -> str:
    return f"{file_id}-thumb"


class Incoming:
    """`write` what comes, then `finish`; or `give_up` at any time, also in the middle of one of these."""

    def __init__(self, services: Services, user_id: int, file: File) -> None:
        self._services = services
        self._user_id = user_id
        self._file = file
        self._path = services.files.blobs.staging / file.id
        self._whole = self._path.with_suffix(".whole")
        self._thumb = self._path.with_suffix(".thumb")
        self._open: BufferedWriter | None = None
        self._turn = asyncio.Lock()
        self._is_over = False

    async def write(self, piece: bytes) -> None:
        """Raises StorageFull or FilesAway."""
        async with self._turn:
            if self._is_over:
                return
            if self._open is None:
                self._open = await aside(begun, self._path)
            await aside(self._open.write, piece)

    async def finish(self) -> File:
        """The file, which is there from now on. Raises PictureTooLarge, PictureBroken, StorageFull, FilesAway or
        Unavailable, and then it has been given up."""
        async with self._turn:
            try:
                return await self._finish()
            except RoostError:
                await self._end()
                raise

    async def give_up(self) -> None:
        """It does not come, unless it is there already."""
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        """What stays behind when even this fails is swept later."""
        if not self._is_over:
            self._is_over = True
            with suppress(StorageFull, FilesAway, Unavailable):
                await self._tidy()
                await self._services.store.write(files.give_up, self._file.id)

    async def _finish(self) -> File:
        assert self._open is not None, "no file is empty"
        await aside(self._open.close)
        content_type = kinds.type_of(await aside(head_of, self._path))
        file = replace(self._file, content_type=content_type)
        if content_type in kinds.PICTURES:
            file = await self._drawn(file)
        await self._keep(file)
        self._is_over = True
        self._services.metrics.files_taken += 1
        self._services.metrics.file_bytes += file.size
        await self._tidy()
        return file

    async def _drawn(self, file: File) -> File:
        pictures = self._services.files.pictures
        measures = await pictures.draw(self._user_id, file.content_type, self._path, self._whole, self._thumb)
        await aside(self._whole.replace, self._path)
        return replace(file, size=(await aside(self._path.stat)).st_size, **measures)

    async def _keep(self, file: File) -> None:
        blobs = self._services.files.blobs
        await blobs.put(file.id, self._path)
        if file.thumb_width:
            await blobs.put(thumb_key(file.id), self._thumb)
        if not await self._services.store.write(files.be_there, file, self._services.clock.now()):
            # The client began anew meanwhile, and what it hears is the other one.
            log.info("a file came twice at once: %s", file.id)
            raise FilesAway

    async def _tidy(self) -> None:
        await asyncio.to_thread(tidy, self._open, [self._path, self._whole, self._thumb])


def begun(path: Path) -> BufferedWriter:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("wb")


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(kinds.HEAD)


def tidy(file: BufferedWriter | None, paths: list[Path]) -> None:
    with suppress(OSError):  # a full disk, once more
        if file is not None:
            file.close()
    for path in paths:
        path.unlink(missing_ok=True)

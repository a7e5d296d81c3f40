"""Files that are read: by whom is asked each time, of the database."""

from app.chat import access
from app.chat.incoming import thumb_key
from app.errors import NotFound
from app.files.blobs import Blob
from app.models import File, Visitor
from app.services import Services
from app.storage import files


async def find(services: Services, visitor: Visitor | None, file_id: str) -> File:
    """A file that the visitor may read now: whoever reads the room reads the files of its messages, and those of its
    threads, until these are removed; what is of no message yet reads who brought it. NotFound otherwise."""
    placed = await services.store.read(files.by_id, file_id)
    if placed is None or placed.removed_at is not None:
        raise NotFound
    if placed.number is None:
        if visitor is None or placed.upload.user_id != visitor.user.id:
            raise NotFound
    elif visitor is None or not await is_inside(services, visitor, placed.upload.room_id):
        await services.store.read(access.room_id_from_outside, placed.upload.room_id)
    return placed.file


async def is_inside(services: Services, visitor: Visitor, room_id: int) -> bool:
    """Of a thread: in the room that it is in. What is said there is shown to people who have never come into it."""
    try:
        room = await access.room_of(services, room_id)
        await access.room_to_read(services, visitor, room.parent_id or room.id)
    except NotFound:
        return False
    return True


async def open_blob(services: Services, file: File, *, thumb: bool) -> Blob:
    """The bytes of a file, or of its thumbnail. Raises NotFound, also for who has none, or FilesAway."""
    if thumb and not file.thumb_width:
        raise NotFound
    return await services.files.blobs.open(thumb_key(file.id) if thumb else file.id)

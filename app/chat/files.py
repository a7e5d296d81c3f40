"""Files on their way in: who may send which, and what is there when it has come."""

import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.chat import access
from app.chat.incoming import Incoming
from app.errors import FileEmpty, FileGone, FilesFull, FilesOff, FilesUsedUp, FileTooLarge, TooManyFiles
from app.memory.limits import Limit
from app.models import Extras, File, Message, Upload, Visitor
from app.protocol.fields import FILES_LIMIT
from app.render.file_names import plain_alt, plain_file_name
from app.services import Services
from app.settings import MB, Settings
from app.storage import files, messages, turns
from app.storage.database import Connection


class Attached(NamedTuple):
    """A file that a message is to have, and what it shows in words."""

    id: str
    alt: str = ""


async def begin(
    services: Services, visitor: Visitor, room_id: int, nonce: str, name: str, size: int
) -> File | Incoming:
    """Take in a file of `size` bytes for a message in this room, or find the one that came with this nonce before.

    Raises FilesOff, NotFound, RoomArchived, ModeratorsPost, NobodyLeft, Muted, FilesLater, FileEmpty, FileTooLarge,
    TooFast, FilesUsedUp or FilesFull.
    """
    if not services.settings.takes_files:
        raise FilesOff
    await access.room_to_post(services, visitor, room_id)
    known = await services.store.read(files.by_nonce, visitor.user.id, nonce)
    if known is not None and known[1].ready_at is not None:
        return known[0]
    access.check_files(visitor.user, services.clock.steady())
    check_size(services.settings, size)
    services.limits.take(f"file:{visitor.user.id}", Limit(services.settings.limit_files_per_minute, 60.0))
    file = File(secrets.token_hex(16), plain_file_name(name), "", size)
    upload = Upload(room_id, visitor.user.id, nonce, services.clock.now())
    found = await services.store.write(make_room, services.settings, file, upload)
    return Incoming(services, visitor.user.id, file) if found is None else found


def check_size(settings: Settings, size: int) -> None:
    if size == 0:
        raise FileEmpty
    if size > settings.file_limit:
        raise FileTooLarge(settings.max_file_mb)


def make_room(connection: Connection, settings: Settings, file: File, upload: Upload) -> File | None:
    """Put the file down as one that is to come; None then. The room that it will take is its own from here on."""
    turns.take(connection)
    known = files.by_nonce(connection, upload.user_id, upload.nonce)
    if known is not None:
        if known[1].ready_at is not None:
            return known[0]
        # A try that broke off, or that the client gave up while it is read here still.
        files.give_up(connection, known[0].id)
    check_room(connection, settings, upload.user_id, file.size)
    files.add(connection, file, upload)
    return None


def check_room(connection: Connection, settings: Settings, user_id: int, size: int) -> None:
    """Raises FilesUsedUp or FilesFull."""
    own, all_together = settings.files_quota_mb, settings.files_total_mb
    if own and files.used_by(connection, user_id) + size > own * MB:
        raise FilesUsedUp(own)
    if all_together and files.used_by_all(connection) + size > all_together * MB:
        raise FilesFull


async def attach(
    services: Services, visitor: Visitor, room_id: int, nonce: str, given: Sequence[Attached]
) -> Message | Extras:
    """These files, which the message with this nonce takes when it is stored; or the message that was stored with it
    before.

    Raises TooManyFiles, FilesLater or FileGone."""
    if len(given) > FILES_LIMIT:
        raise TooManyFiles(FILES_LIMIT)
    access.check_files(visitor.user, services.clock.steady())
    alts = {each.id: plain_alt(each.alt) for each in given}
    if len(alts) < len(given):
        raise FileGone  # one of them is there twice
    return await services.store.read(find_for, visitor.user.id, room_id, nonce, alts)


def find_for(
    connection: Connection, user_id: int, room_id: int, nonce: str, alts: Mapping[str, str]
) -> Message | Extras:
    known = messages.by_nonce(connection, user_id, nonce)
    if known is not None:
        return known
    found = files.to_send(connection, user_id, room_id, alts)
    if len(found) < len(alts):
        raise FileGone
    return Extras(files=tuple(found))

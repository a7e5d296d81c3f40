"""What people added to messages, and how it came. The bytes are kept elsewhere (app/files/), under the same ids.

A row is there before its bytes and goes after them, so that a process which dies in between leaves nothing that is not
found again. A file belongs to the message of its sender that has the nonce in `sent`, which the transaction of that
message writes: so no two have it, and none that is not stored.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import asdict, replace
from sqlalchemy import Connection, bindparam, delete, func, insert, null, select, update

from app.errors import FileGone
from app.models import File, NewMessage, Upload
from app.storage import database
from app.storage.records import columns_of, pairs
from app.storage.tables import files, messages

COLUMNS = [*columns_of(files, File), *columns_of(files, Upload)]
WIDTH = len(COLUMNS)
ALL = select(*COLUMNS)
BY_NONCE = ALL.where(files.c.user_id == bindparam("user_id"), files.c.nonce == bindparam("nonce"))
OF_MESSAGE = (messages.c.author_id == files.c.user_id) & (messages.c.nonce == files.c.sent)
SENDER = (messages.c.author_id, messages.c.nonce)
MESSAGE = (messages.c.number, messages.c.removed_at)
BY_ID = (
    select(*COLUMNS, *MESSAGE)
    .join_from(files, messages, OF_MESSAGE, isouter=True)
    .where(files.c.id == bindparam("id"), files.c.ready_at.is_not(None))
)
OF_USER = (
    select(*COLUMNS, *MESSAGE)
    .join_from(files, messages, OF_MESSAGE)
    .where(files.c.user_id == bindparam("user_id"))
    .order_by(files.c.room_id, messages.c.number, files.c.at)
)
FREE = (files.c.ready_at.is_not(None), files.c.sent.is_(None))
"""Of a file that is there, and of no message."""
LET_GO = {"ready_at": null(), "settled_at": null(), "at": 0}
"""Of a file that nobody sends or reads any more, and that is swept the next time."""
USED = select(func.coalesce(func.sum(files.c.size), 0))

Found = tuple[File, Upload]


class Placed(NamedTuple):
    """A file with the message that has it: its `number`, and when it was removed. No number: none has it yet."""

    file: File
    upload: Upload
    number: int | None
    removed_at: int | None


def by_nonce(connection: Connection, user_id: int, nonce: str) -> Found | None:
    """What came with this nonce, or was to come."""
    return next(iter(pairs(connection, BY_NONCE, File, Upload, user_id=user_id, nonce=nonce)), None)


def by_id(connection: Connection, file_id: str) -> Placed | None:
    """A file that is there whole."""
    row = connection.execute(BY_ID, {"id": file_id}).one_or_none()
    return None if row is None else _placed(row)


def of_user(connection: Connection, user_id: int) -> list[Placed]:
    """Of all messages of somebody, also the removed ones."""
    return [_placed(row) for row in connection.execute(OF_USER, {"user_id": user_id})]


def used_by(connection: Connection, user_id: int) -> int:
    """Bytes of all files of somebody, those on their way counted as what they are to be."""
    used: int = connection.execute(USED.where(files.c.user_id == user_id)).scalar_one()
    return int(used)


def used_by_all(connection: Connection) -> int:
    return int(connection.execute(USED).scalar_one())


def add(connection: Connection, file: File, upload: Upload) -> None:
    connection.execute(insert(files), asdict(file) | asdict(upload))


def give_up(connection: Connection, file_id: str) -> None:
    """What was on its way does not come: its nonce is free for another try, it takes up no room, and it is swept later,
    when whoever may still be writing it has ended."""
    coming = (files.c.id == file_id, files.c.ready_at.is_(None))
    connection.execute(update(files).where(*coming).values(nonce=file_id, size=0))


def be_there(connection: Connection, file: File, now: int) -> bool:
    """The file is there whole, as it is now. False when it was given up meanwhile."""
    values = asdict(file) | {"ready_at": now}
    waiting = (files.c.id == file.id, files.c.ready_at.is_(None), files.c.nonce != files.c.id)
    return connection.execute(update(files).where(*waiting).values(values)).rowcount == 1


def to_send(connection: Connection, user_id: int, room_id: int, alts: Mapping[str, str]) -> list[File]:
    """Those of these files of somebody, each with what it shows in words, that are there, in this room, and of no
    message; in their order."""
    mine = ALL.where(files.c.id.in_(list(alts)), files.c.user_id == user_id, files.c.room_id == room_id, *FREE)
    free = {file.id: file for file, _ in pairs(connection, mine, File, Upload)}
    return [replace(free[file_id], alt=alt) for file_id, alt in alts.items() if file_id in free]


def take(connection: Connection, new: NewMessage) -> None:
    """The files of a message are its own, in the transaction that stores it, which has locked the room: of two messages
    with one file the later one is refused. Raises FileGone when one of them was taken, or swept, in the meantime."""
    for file in new.files:
        mine = (files.c.id == file.id, files.c.user_id == new.author_id, files.c.room_id == new.room_id, *FREE)
        values = {"sent": new.nonce, "alt": file.alt}
        if connection.execute(update(files).where(*mine).values(values)).rowcount != 1:
            raise FileGone


def let_go(connection: Connection, keys: Sequence[tuple[int, int]]) -> None:
    """The files of these messages, by room and number, are nobody's from here on, and swept."""
    engine = database.of(connection)
    senders = engine.find_rows(connection, SENDER, (messages.c.room_id, messages.c.number), keys)
    found = engine.find_rows(connection, (files.c.id,), (files.c.user_id, files.c.sent), senders)
    _set(connection, [file_id for (file_id,) in found], LET_GO)


def let_go_unsent(connection: Connection, user_id: int) -> None:
    """The same of what somebody has sent with no message."""
    connection.execute(update(files).where(files.c.user_id == user_id, files.c.sent.is_(None)).values(LET_GO))


def to_sweep(connection: Connection, broken_off: int, unsent: int, limit: int) -> tuple[list[str], bool]:
    """Look at up to `limit` files: those that were to come and began before `broken_off`, and those that came before
    `unsent`, which is earlier; of them the ones that have a message are settled. The ids of all the others, which
    nobody can send or read any more; and whether there may be more of them."""
    is_old = (files.c.at < broken_off, (files.c.at < unsent) | files.c.ready_at.is_(None))
    unsettled = ALL.where(files.c.settled_at.is_(None), *is_old).order_by(files.c.at).limit(limit)
    # What another process sweeps, or is just being sent, is left to it.
    found = pairs(connection, unsettled.with_for_update(skip_locked=True), File, Upload)
    there = [(file.id, upload) for file, upload in found if upload.ready_at is not None]
    with_message = _with_message(connection, [(each.user_id, each.sent) for _, each in there if each.sent is not None])
    settled = [file_id for file_id, upload in there if (upload.user_id, upload.sent) in with_message]
    swept = [file.id for file, _ in found if file.id not in settled]
    _set(connection, settled, {"settled_at": unsent})
    _set(connection, swept, LET_GO)
    return swept, len(found) == limit


def drop(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(files).where(files.c.id.in_(ids)))


def _set(connection: Connection, ids: Sequence[str], values: Mapping[str, object]) -> None:
    if ids:
        connection.execute(update(files).where(files.c.id.in_(ids)).values(dict(values)))


def _placed(row: Sequence[object]) -> Placed:
    width = len(File.__struct_fields__)
    return Placed(File(*row[:width]), Upload(*row[width:WIDTH]), *row[WIDTH:])  # type: ignore[arg-type]


def _with_message(connection: Connection, sends: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these authors with their nonces that are messages."""
    return {(row[0], row[1]) for row in database.of(connection).find_rows(connection, SENDER, SENDER, sends)}

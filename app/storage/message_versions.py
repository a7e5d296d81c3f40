"""What edited messages said before."""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, func, insert, select

from app.models import Message, Version
from app.storage import message_changes
from app.storage.records import columns_of, every
from app.storage.tables import message_versions

COLUMNS = columns_of(message_versions, Version)
OF_MESSAGE = (message_versions.c.room_id == bindparam("room_id")) & (message_versions.c.number == bindparam("number"))
LAST = select(func.max(message_versions.c.version)).where(OF_MESSAGE)
NEWEST = select(*COLUMNS).where(OF_MESSAGE).order_by(message_versions.c.version.desc()).limit(bindparam("count"))
BEFORE = NEWEST.where(message_versions.c.version < bindparam("before"))
IN_RANGE = (
    select(message_versions.c.number, *COLUMNS)
    .where(message_versions.c.room_id == bindparam("room_id"))
    .where(message_versions.c.number > bindparam("after"), message_versions.c.number <= bindparam("up_to"))
    .order_by(message_versions.c.number, message_versions.c.version)
)


def edit(connection: Connection, message: Message, text: str, html: str, renderer: int, now: int) -> Message:
    """Let a message of a locked room say this from now on, and keep what it said; a change of the room."""
    written_at = message.edited_at or message.at
    key = {"room_id": message.room_id, "number": message.number}
    version = (connection.execute(LAST, key).scalar() or 0) + 1
    connection.execute(
        insert(message_versions).values(key | {"version": version, "text": message.text, "at": written_at})
    )
    edited = replace(message, text=text, html=html, renderer=renderer, edited_at=max(now, written_at))
    return message_changes.write(connection, [edited])[0]


def page(connection: Connection, room_id: int, number: int, before: int | None, limit: int) -> list[Version]:
    """The newest versions, or those before one, the newest first."""
    values = {"room_id": room_id, "number": number, "count": limit}
    if before is None:
        return every(connection, NEWEST, Version, **values)
    return every(connection, BEFORE, Version, before=before, **values)


def of(connection: Connection, room_id: int, numbers: Iterable[int]) -> dict[int, list[Version]]:
    """The versions of those of these messages that have some, oldest first."""
    wanted = sorted(numbers)
    found: dict[int, list[Version]] = {}
    if wanted:
        values = {"room_id": room_id, "after": wanted[0] - 1, "up_to": wanted[-1]}
        for number, *columns in connection.execute(IN_RANGE, values):
            if number in wanted:
                found.setdefault(number, []).append(Version(*columns))
    return found

"""Messages as they are after a change, which takes the room's next number like everything that lasts (DELIVERY D2)."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from app.models import Message
from app.storage import database, rooms, search_entries
from app.storage.tables import messages

KEY = (messages.c.room_id, messages.c.number)
NAMES = ("seq", "posted_seq", "text", "html", "renderer", "edited_at", "removed_at", "removed_by", "extras")
COLUMNS = tuple(messages.c[name] for name in NAMES)


def write(connection: Connection, changed: Sequence[Message]) -> list[Message]:
    """Write what became of these messages of one locked room, and by what they are found now. Returns them with the
    numbers of their changes, in that order."""
    if not changed:
        return []
    last = rooms.advance(connection, changed[0].room_id, len(changed))
    placed = [
        replace(each, seq=seq, posted_seq=each.posted_seq or each.seq)
        for seq, each in enumerate(changed, last - len(changed) + 1)
    ]
    values = [(*(getattr(each, name) for name in NAMES), each.room_id, each.number) for each in placed]
    database.of(connection).update_rows(connection, COLUMNS, KEY, values)
    search_entries.rewrite(connection, placed)
    return placed

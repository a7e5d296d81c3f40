"""What people have begun to write: the newest text of each person in each room. An emptied one stays, without text."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from app.models import Draft
from app.storage import database
from app.storage.records import columns_of, one
from app.storage.tables import drafts

COLUMNS = tuple(columns_of(drafts, Draft))
PLACE = and_(drafts.c.user_id == bindparam("user"), drafts.c.room_id == bindparam("room"))
IN_ROOM = select(*COLUMNS).where(PLACE).with_for_update()


def of_user(connection: Connection, user_id: int) -> list[Draft]:
    """Somebody's drafts that have a text, by room."""
    found = database.of(connection).find_rows(connection, COLUMNS, (drafts.c.user_id,), [(user_id,)])
    return [draft for draft in (Draft(*row) for row in sorted(found)) if draft.text]


def characters_elsewhere(connection: Connection, user_id: int, room_id: int) -> int:
    """How much somebody's drafts in all other rooms hold."""
    count = select(func.sum(func.length(drafts.c.text)))
    return connection.execute(count.where(drafts.c.user_id == user_id, drafts.c.room_id != room_id)).scalar() or 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft that holds from here on, whether it is another one than before, and that one."""

    draft: Draft
    changed: bool
    before: Draft | None = None


def save(connection: Connection, user_id: int, draft: Draft, now: int) -> Saved:
    """Keep this draft, unless the one that is there was written after it."""
    kept = one(connection, IN_ROOM, Draft, user=user_id, room=draft.room_id)
    if kept is None:
        return _begin(connection, user_id, draft)
    # Where the clock was set back the one that is there may be of a time to come; what is written now is newer.
    if draft.text == kept.text or draft.at < min(kept.at, now):
        return Saved(kept, changed=False)
    newest = Draft(draft.room_id, draft.text, max(draft.at, kept.at))
    values = {"user": user_id, "room": draft.room_id}
    connection.execute(update(drafts).where(PLACE).values(text=newest.text, at=newest.at), values)
    return Saved(newest, changed=True, before=kept)


def drop_of(connection: Connection, user_id: int) -> None:
    connection.execute(delete(drafts).where(drafts.c.user_id == user_id))


def _begin(connection: Connection, user_id: int, draft: Draft) -> Saved:
    if draft.text == "":
        return Saved(draft, changed=False)
    row = {"user_id": user_id, "room_id": draft.room_id, "text": draft.text, "at": draft.at}
    connection.execute(insert(drafts), row)
    return Saved(draft, changed=True)

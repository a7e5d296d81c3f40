"""One transaction of the log: which drafts are new, what number and time each gets, and their rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import astuple
from sqlalchemy import Connection, bindparam, select, update

from app.errors import NotFound
from app.models import Draft, Message, Posted
from app.storage import database
from app.storage.records import columns_of
from app.storage.tables import messages, rooms

COLUMNS = columns_of(messages, Message)
KEY_COLUMNS = [messages.c.author_id, messages.c.nonce]
NEW_HEAD = (
    update(rooms)
    .where(rooms.c.id == bindparam("room_id"))
    .values(last_number=bindparam("number"), seq=bindparam("seq"), last_at=bindparam("at"))
)

Key = tuple[int, str]
"""Author and nonce: one send, however often it is repeated."""


def store(connection: Connection, drafts: Sequence[Draft], now: int) -> list[Posted]:
    """Store those of the drafts that are new and return what is stored for each, in the same order.

    A draft whose author sent its nonce before, earlier in `drafts` too, gets that first message and takes no number.
    Raises NotFound when a room does not exist; the caller's transaction is then of no use.
    """
    stored = _known(connection, drafts)
    seen = set(stored)
    fresh: dict[Key, Draft] = {}
    for draft in drafts:
        if _key(draft) not in stored:
            fresh.setdefault(_key(draft), draft)
    stored |= zip(fresh, _place(connection, fresh.values(), now), strict=True)
    return [_posted(stored, seen, _key(draft)) for draft in drafts]


def _key(draft: Draft) -> Key:
    return draft.author_id, draft.nonce


def _known(connection: Connection, drafts: Iterable[Draft]) -> dict[Key, Message]:
    keys = [_key(draft) for draft in drafts]
    found = database.of(connection).find_rows(connection, COLUMNS, KEY_COLUMNS, keys)
    return {(row.author_id, row.nonce): Message(*row) for row in found}


def _place(connection: Connection, drafts: Iterable[Draft], now: int) -> list[Message]:
    heads = _heads(connection, {draft.room_id for draft in drafts})
    placed = [_head(heads, draft).place(draft, now) for draft in drafts]
    if placed:
        database.of(connection).insert_rows(connection, messages, [astuple(message) for message in placed])
        connection.execute(NEW_HEAD, [head.values() for head in heads.values()])
    return placed


@dataclass(slots=True)
class Head:
    """The counters of a room while a batch is laid behind them."""

    room_id: int
    number: int
    seq: int
    at: int

    def place(self, draft: Draft, now: int) -> Message:
        self.number += 1
        self.seq += 1
        self.at = max(self.at, now if draft.at is None else draft.at)
        return Message(
            room_id=self.room_id,
            number=self.number,
            seq=self.seq,
            author_id=draft.author_id,
            nonce=draft.nonce,
            kind=draft.kind,
            text=draft.text,
            html=draft.html,
            at=self.at,
        )

    def values(self) -> dict[str, int]:
        return {"room_id": self.room_id, "number": self.number, "seq": self.seq, "at": self.at}


def _heads(connection: Connection, room_ids: Iterable[int]) -> dict[int, Head]:
    """Reads and locks the rooms, in one order for everybody, so that commit order is number order without deadlocks."""
    query = select(rooms.c.id, rooms.c.last_number, rooms.c.seq, rooms.c.last_at).where(rooms.c.id.in_(room_ids))
    return {row.id: Head(*row) for row in connection.execute(query.order_by(rooms.c.id).with_for_update())}


def _head(heads: dict[int, Head], draft: Draft) -> Head:
    if draft.room_id not in heads:
        raise NotFound
    return heads[draft.room_id]


def _posted(stored: dict[Key, Message], seen: set[Key], key: Key) -> Posted:
    duplicate = key in seen
    seen.add(key)
    return Posted(stored[key], duplicate)

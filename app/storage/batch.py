"""One transaction of the log: which messages are new, what number and time each gets, and their rows."""

from collections.abc import Collection, Iterable, Sequence

import msgspec
from msgspec.structs import astuple
from sqlalchemy import Connection

from app.errors import NotFound
from app.models import Message, NewMessage, Posted
from app.storage import database, files, jobs, mentions
from app.storage.records import columns_of
from app.storage.tables import messages, rooms

COLUMNS = tuple(columns_of(messages, Message))
KEY = (messages.c.author_id, messages.c.nonce)
HEAD = (rooms.c.last_number, rooms.c.seq, rooms.c.last_at)
ROOM = (rooms.c.id,)

Key = tuple[int, str]
"""Author and nonce: one send, however often it is repeated."""


class Head(msgspec.Struct):
    """The counters of a room while a batch is laid behind them."""

    number: int
    seq: int
    at: int
    room_id: int

    def place(self, new: NewMessage, now: int) -> Message:
        self.number += 1
        self.seq += 1
        self.at = max(self.at, now if new.at is None else new.at)
        return Message(
            room_id=self.room_id,
            number=self.number,
            seq=self.seq,
            author_id=new.author_id,
            nonce=new.nonce,
            kind=new.kind,
            text=new.text,
            html=new.html,
            at=self.at,
            renderer=new.renderer,
            reply_to=new.reply_to,
            extras=new.extras,
        )


def store(connection: Connection, given: Sequence[NewMessage], now: int) -> list[Posted]:
    """Store those of the `given` messages that are new and return what is stored for each, in the same order.

    One whose author sent its nonce before, earlier in `given` too, gets that first message and takes no number.
    Raises NotFound when a room does not exist, FileGone when a file is another message's; the caller's transaction is
    then of no use.
    """
    keys = [(new.author_id, new.nonce) for new in given]
    # The rooms are locked first: what another process stores after our look at the nonces could be one of them.
    heads = _heads(connection, {new.room_id for new in given})
    stored = _known(connection, keys)
    seen = set(stored)
    fresh: dict[Key, NewMessage] = {}
    for key, new in zip(keys, given, strict=True):
        if key not in stored:
            fresh.setdefault(key, new)
    stored |= zip(fresh, _place(connection, heads, fresh.values(), now), strict=True)
    return [posted(stored, seen, key) for key in keys]


def _heads(connection: Connection, room_ids: Iterable[int]) -> dict[int, Head]:
    """Reads and locks the rooms, in one order for everybody, so that commit order is number order without deadlocks."""
    wanted = [(room_id,) for room_id in sorted(room_ids)]
    rows = database.of(connection).find_rows(connection, (*HEAD, *ROOM), ROOM, wanted)
    if len(rows) < len(wanted):
        raise NotFound
    return {head.room_id: head for head in (Head(*row) for row in rows)}


def _known(connection: Connection, keys: Sequence[Key]) -> dict[Key, Message]:
    rows = database.of(connection).find_rows(connection, COLUMNS, KEY, keys)
    found = [Message(*row) for row in rows]
    return {(message.author_id, message.nonce): message for message in found}


def _place(connection: Connection, heads: dict[int, Head], given: Collection[NewMessage], now: int) -> list[Message]:
    placed = [heads[new.room_id].place(new, now) for new in given]
    if placed:
        database.of(connection).insert_rows(connection, messages, [astuple(message) for message in placed])
        database.of(connection).update_rows(connection, HEAD, ROOM, [astuple(head) for head in heads.values()])
        pairs = list(zip(placed, given, strict=True))
        mentions.add(connection, pairs)
        for new in given:
            files.take(connection, new)
        jobs.add_all(connection, pairs)
    return placed


def posted(stored: dict[Key, Message], seen: set[Key], key: Key) -> Posted:
    """Of the sends with one key the first is new, unless it was stored before: then it is `seen` already."""
    duplicate = key in seen
    seen.add(key)
    return Posted(stored[key], duplicate)

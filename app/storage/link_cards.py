"""What links lead to, as it was found the last time, for all messages that have them."""

from typing import Literal

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.models import Card, Record
from app.storage import database
from app.storage.records import one
from app.storage.tables import link_cards

State = Literal["fetching", "card", "nothing", "failed"]
BY_HASH = (
    select(link_cards.c.state, link_cards.c.at, link_cards.c.card)
    .where(link_cards.c.url_hash == bindparam("url_hash"))
    .with_for_update()
)
OLD = select(link_cards.c.url_hash).where(link_cards.c.at < bindparam("before")).limit(bindparam("count"))


class Known(Record, frozen=True):
    """`at` is when it was found, or when somebody went to look."""

    state: State
    at: int
    card: str | None


def look(connection: Connection, url_hash: str, now: int) -> Known | None:
    """What is known of it, locked until the end of the transaction; None: nothing, and from now on that somebody has
    gone to look."""
    begun = {"url_hash": url_hash, "state": "fetching", "at": now, "card": None}
    if connection.execute(database.of(connection).insert_missing(link_cards).values(begun)).rowcount:
        return None
    return one(connection, BY_HASH, Known, url_hash=url_hash)


def look_again(connection: Connection, url_hash: str, now: int) -> None:
    """Somebody has gone to look anew."""
    note(connection, url_hash, "fetching", None, now)


def forget(connection: Connection, url_hash: str) -> None:
    """Nobody has gone to look, after all."""
    connection.execute(delete(link_cards).where(link_cards.c.url_hash == url_hash))


def note(connection: Connection, url_hash: str, state: State, card: Card | None, now: int) -> None:
    """What was found there."""
    found = {"state": state, "at": now, "card": None if card is None else msgspec.json.encode(card).decode()}
    row = link_cards.c.url_hash == url_hash
    if connection.execute(update(link_cards).where(row).values(found)).rowcount == 0:
        connection.execute(insert(link_cards).values(found | {"url_hash": url_hash}))


def read(known: Known) -> Card:
    assert known.card is not None, "that is what the state says"
    return msgspec.json.decode(known.card, type=Card)


def purge(connection: Connection, before: int, limit: int) -> int:
    """Forget up to `limit` of those found before this time; returns how many that were."""
    old = list(connection.scalars(OLD.with_for_update(skip_locked=True), {"before": before, "count": limit}))
    if old:
        connection.execute(delete(link_cards).where(link_cards.c.url_hash.in_(old)))
    return len(old)

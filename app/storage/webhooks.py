"""Webhooks: ways into a room for programs, and out of it. Who may use one is for the domain to say."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from app.models import Hears, OffReason, Webhook, WebhookKind
from app.storage.records import columns_of, every, one
from app.storage.tables import rooms, webhooks

COLUMNS = columns_of(webhooks, Webhook)
LIVING = select(*COLUMNS).where(webhooks.c.removed_at.is_(None))
IN_ROOM = LIVING.where(webhooks.c.room_id == bindparam("room_id")).order_by(webhooks.c.id)
BY_SECRET = LIVING.where(webhooks.c.secret_hash == bindparam("secret_hash"))
OF_HOLDER = LIVING.where(webhooks.c.made_by == bindparam("user_id")).order_by(webhooks.c.id)
ONE = LIVING.where(webhooks.c.id == bindparam("webhook_id"))
TOLD = IN_ROOM.where(webhooks.c.kind == "outgoing", webhooks.c.off.is_(None))
KEPT = select(webhooks.c.secret_hash, webhooks.c.salt).where(webhooks.c.id == bindparam("webhook_id"))


class Kept(NamedTuple):
    """What is kept of a secret; `salt` of an outgoing one, whose secret is made anew of it."""

    secret_hash: str
    salt: str | None = None


def add(
    connection: Connection,
    kind: WebhookKind,
    room_id: int,
    user_id: int,
    made_by: int,
    kept: Kept,
    now: int,
    *,
    url: str | None = None,
    hears: Hears | None = None,
) -> Webhook:
    made = insert(webhooks).values(
        kind=kind,
        room_id=room_id,
        user_id=user_id,
        made_by=made_by,
        made_at=now,
        url=url,
        hears=hears,
        secret_hash=kept.secret_hash,
        salt=kept.salt,
    )
    webhook = Webhook(*connection.execute(made.returning(*COLUMNS)).one())
    _note_outgoing(connection, room_id)
    return webhook


def in_room(connection: Connection, room_id: int) -> list[Webhook]:
    """Those of a room that were not removed, oldest first."""
    return every(connection, IN_ROOM, Webhook, room_id=room_id)


def told(connection: Connection, room_id: int) -> list[Webhook]:
    """The outgoing ones of a room that are not switched off, oldest first."""
    return every(connection, TOLD, Webhook, room_id=room_id)


def of_holder(connection: Connection, user_id: int) -> list[Webhook]:
    """Those for which somebody answers that were not removed, oldest first."""
    return every(connection, OF_HOLDER, Webhook, user_id=user_id)


def by_id(connection: Connection, webhook_id: int) -> Webhook | None:
    """One that was not removed."""
    return one(connection, ONE, Webhook, webhook_id=webhook_id)


def locked(connection: Connection, webhook_id: int) -> Webhook | None:
    """The same, which changes for nobody else until the end of the transaction."""
    return one(connection, ONE.with_for_update(), Webhook, webhook_id=webhook_id)


def by_secret(connection: Connection, secret_hash: str) -> Webhook | None:
    """The one with this secret, if it was not removed."""
    return one(connection, BY_SECRET, Webhook, secret_hash=secret_hash)


def kept(connection: Connection, webhook_id: int) -> Kept:
    return Kept(*connection.execute(KEPT, {"webhook_id": webhook_id}).one())


def rotate(connection: Connection, webhook: Webhook, made_by: int, new: Kept) -> Webhook:
    """Another secret, for which somebody else may answer."""
    return _set(connection, webhook, made_by=made_by, secret_hash=new.secret_hash, salt=new.salt)


def count_failures(connection: Connection, webhook: Webhook, failures: int) -> Webhook:
    """So many tries in a row came to nothing."""
    return _set(connection, webhook, failures=failures)


def switch(connection: Connection, webhook: Webhook, off: OffReason | None) -> Webhook:
    """Off for this reason, or on again, with nothing counted."""
    switched = _set(connection, webhook, off=off, failures=0)
    _note_outgoing(connection, webhook.room_id)
    return switched


def remove(connection: Connection, webhook: Webhook, now: int) -> None:
    """For good. Where it led is forgotten."""
    _set(connection, webhook, removed_at=now, url=None, salt=None)
    _note_outgoing(connection, webhook.room_id)


def _set(connection: Connection, webhook: Webhook, **values: str | int | None) -> Webhook:
    changed = update(webhooks).where(webhooks.c.id == webhook.id).values(**values).returning(*COLUMNS)
    return Webhook(*connection.execute(changed).one())


def _note_outgoing(connection: Connection, room_id: int) -> None:
    """So that nobody who posts has to ask for webhooks where there are none. Lock the room first."""
    is_told = exists().where(
        webhooks.c.room_id == room_id,
        webhooks.c.kind == "outgoing",
        webhooks.c.off.is_(None),
        webhooks.c.removed_at.is_(None),
    )
    connection.execute(update(rooms).where(rooms.c.id == room_id).values(has_outgoing=is_told))

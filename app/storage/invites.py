"""Invite links. Only hashes of their tokens are kept; a use is counted by the one statement that finds it free."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from app.models import Invite, Role
from app.storage.records import columns_of
from app.storage.tables import invites

COLUMNS = columns_of(invites, Invite)


def add(
    connection: Connection,
    token_hash: str,
    now: int,
    *,
    role: Role,
    rooms: tuple[int, ...],
    made_by: int | None,
    expires_at: int,
    most_uses: int | None,
) -> Invite:
    made = insert(invites).values(
        role=role,
        rooms=msgspec.json.encode(rooms).decode(),
        made_by=made_by,
        made_at=now,
        expires_at=expires_at,
        most_uses=most_uses,
        uses=0,
        token_hash=token_hash,
    )
    return _invite(connection.execute(made.returning(*COLUMNS)).one())


def usable(connection: Connection, token_hash: str, now: int) -> Invite | None:
    """The invite of this token, unless it is used up, revoked or over."""
    row = connection.execute(select(*COLUMNS).where(*_is_usable(token_hash, now))).one_or_none()
    return None if row is None else _invite(row)


def use(connection: Connection, token_hash: str, now: int) -> bool:
    """Count one use, unless it is used up, revoked or over: of several at once, no more than there are uses left."""
    used = update(invites).where(*_is_usable(token_hash, now)).values(uses=invites.c.uses + 1)
    return connection.execute(used).rowcount == 1


def revoke(connection: Connection, invite_id: int, now: int) -> bool:
    """False where there is nothing to revoke."""
    living = update(invites).where(invites.c.id == invite_id, invites.c.revoked_at.is_(None))
    return connection.execute(living.values(revoked_at=now)).rowcount == 1


def living(connection: Connection, now: int, limit: int) -> list[Invite]:
    """Those that are not revoked and not over, newest first; used up ones too, so that it shows that they are."""
    query = select(*COLUMNS).where(invites.c.revoked_at.is_(None), invites.c.expires_at > now)
    return [_invite(row) for row in connection.execute(query.order_by(invites.c.id.desc()).limit(limit))]


def _is_usable(token_hash: str, now: int) -> tuple[ColumnElement[bool], ...]:
    return (
        invites.c.token_hash == token_hash,
        invites.c.revoked_at.is_(None),
        invites.c.expires_at > now,
        or_(invites.c.most_uses.is_(None), invites.c.uses < invites.c.most_uses),
    )


def _invite(row: Any) -> Invite:
    return msgspec.structs.replace(Invite(*row), rooms=tuple(msgspec.json.decode(row.rooms)))

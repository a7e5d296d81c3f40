"""Who is mentioned where. `log.py` writes a message's mentions in its transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, Text, bindparam, cast, delete, exists, func, insert, select

from app.models import Mention, Message, NewMessage, User
from app.storage import messages as message_rows
from app.storage import users as user_rows
from app.storage.memberships import IS_IN
from app.storage.records import columns_of, every, pairs
from app.storage.tables import blocks, memberships, mentions, messages, users

COLUMNS = columns_of(mentions, Mention)
IS_BLOCKED = exists().where(blocks.c.user_id == users.c.id, blocks.c.blocked_id == bindparam("author_id"))
CALLED = (
    select(*user_rows.COLUMNS, IS_BLOCKED)
    .where(IS_IN, users.c.kind.in_(user_rows.SPOKEN_TO), users.c.handle_key.in_(bindparam("keys", expanding=True)))
    .order_by(users.c.kind == "person", users.c.handle_at, users.c.id)
)
BLOCKED = select(blocks.c.blocked_id).where(blocks.c.user_id == bindparam("user_id"))
IS_SILENT = messages.c.removed_at.is_not(None) | messages.c.author_id.in_(BLOCKED)
"""The message mentions nobody: until it is put back, or as far as this reader goes."""
IN_MESSAGES = (messages.c.room_id == mentions.c.room_id) & (messages.c.number == mentions.c.number)
UNREAD_NUMBERS = (
    select(func.aggregate_strings(cast(mentions.c.number, Text), ","))
    .where(mentions.c.user_id == memberships.c.user_id, mentions.c.room_id == memberships.c.room_id)
    .where(mentions.c.number > memberships.c.read_number, ~exists().where(IN_MESSAGES, IS_SILENT))
    .correlate(memberships)
    .scalar_subquery()
)
"""One look into the index for each room, which a join does not promise: of years of mentions hardly one is unread."""
IS_CALLED = (messages.c.at >= memberships.c.joined_at) & (messages.c.author_id != memberships.c.user_id)
"""Of a mention of everybody: it means this member, who did not write it and was in the room then."""
UNREAD_CALLS = (
    select(func.aggregate_strings(cast(mentions.c.number, Text), ","))
    .where(mentions.c.user_id.is_(None), mentions.c.room_id == memberships.c.room_id)
    .where(mentions.c.number > memberships.c.read_number)
    .where(exists().where(IN_MESSAGES, ~IS_SILENT, IS_CALLED).correlate(mentions, memberships))
    .correlate(memberships)
    .scalar_subquery()
)
UNREAD_IN_ROOM = select(UNREAD_NUMBERS, UNREAD_CALLS).where(
    memberships.c.user_id == bindparam("user_id"),
    memberships.c.left_at.is_(None),
    memberships.c.room_id == bindparam("room_id"),
)
INBOX = (
    select(*COLUMNS, *message_rows.COLUMNS)
    .join_from(mentions, messages, IN_MESSAGES)
    .join(memberships, memberships.c.room_id == mentions.c.room_id)
    .where(mentions.c.user_id == bindparam("user_id"), ~IS_SILENT)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .order_by(mentions.c.id.desc())
    .limit(bindparam("count"))
)
OWN = mentions.alias()
CALLS = (
    select(*COLUMNS, *message_rows.COLUMNS)
    .join_from(mentions, messages, IN_MESSAGES)
    .join(memberships, memberships.c.room_id == mentions.c.room_id)
    .where(mentions.c.user_id.is_(None), ~IS_SILENT)
    .where(memberships.c.user_id == bindparam("user_id"), memberships.c.left_at.is_(None))
    .where(IS_CALLED)
    .where(
        ~exists().where(
            OWN.c.user_id == memberships.c.user_id,
            OWN.c.room_id == mentions.c.room_id,
            OWN.c.number == mentions.c.number,
        )
    )
    .order_by(mentions.c.id.desc())
    .limit(bindparam("count"))
)
"""The same of what mentions everybody, and not them by name as well."""
OF_USER = select(*COLUMNS).where(mentions.c.user_id == bindparam("user_id")).order_by(mentions.c.id)
IS_FURTHER = mentions.c.id < bindparam("before")


def called(connection: Connection, room_id: int, author_id: int, keys: Sequence[str]) -> list[tuple[User, bool]]:
    """Members of a room by their folded handles, and whether each has blocked the author. Of several with one handle
    the last is the one whom X named so last; bots come before all people."""
    found = connection.execute(CALLED, {"room_id": room_id, "author_id": author_id, "keys": list(keys)})
    return [(User(*columns), is_blocked) for *columns, is_blocked in found]


def add(connection: Connection, placed: Sequence[tuple[Message, NewMessage]]) -> None:
    """Note whom these messages, which have their numbers, mention."""
    rows = [
        {"user_id": user_id, "room_id": message.room_id, "number": message.number}
        for message, new in placed
        for user_id in new.mentions
    ]
    if rows:
        connection.execute(insert(mentions), rows)


def rewrite(connection: Connection, message: Message, user_ids: Sequence[int | None]) -> list[int | None]:
    """Let this message mention these people and nobody else. Returns those whom it did not mention before."""
    of_message = (mentions.c.room_id == message.room_id) & (mentions.c.number == message.number)
    known = {
        user_id: row for row, user_id in connection.execute(select(mentions.c.id, mentions.c.user_id).where(of_message))
    }
    gone = [row for user_id, row in known.items() if user_id not in user_ids]
    if gone:
        connection.execute(delete(mentions).where(mentions.c.id.in_(gone)))
    more = [user_id for user_id in user_ids if user_id not in known]
    rows = [{"user_id": user_id, "room_id": message.room_id, "number": message.number} for user_id in more]
    if rows:
        connection.execute(insert(mentions), rows)
    return more


def unread_in(connection: Connection, user_id: int, room_id: int, limit: int) -> list[int]:
    """The numbers of messages of a room that mention somebody and that they have not read: the last `limit`."""
    found = connection.execute(UNREAD_IN_ROOM, {"user_id": user_id, "room_id": room_id}).one_or_none()
    return parsed(limit, *found) if found else []


def parsed(limit: int, *told: str | None) -> list[int]:
    """Some are called together and by name."""
    return sorted({int(number) for numbers in told if numbers for number in numbers.split(",")})[-limit:]


def inbox(connection: Connection, user_id: int, before: int | None, limit: int) -> list[tuple[Mention, Message]]:
    """Mentions of somebody in rooms they are in, by people they have not blocked and in messages that are there still,
    the newest first; below `before`."""
    values = {"user_id": user_id, "count": limit} | ({} if before is None else {"before": before})
    asked = (INBOX, CALLS) if before is None else (INBOX.where(IS_FURTHER), CALLS.where(IS_FURTHER))
    found = [pair for query in asked for pair in pairs(connection, query, Mention, Message, **values)]
    return sorted(found, key=lambda pair: pair[0].id, reverse=True)[:limit]


def of_user(connection: Connection, user_id: int) -> list[Mention]:
    """All that are kept of somebody, the oldest first."""
    return every(connection, OF_USER, Mention, user_id=user_id)


def drop_of(connection: Connection, user_id: int) -> None:
    """Nothing says any more where somebody was mentioned but what was written."""
    connection.execute(delete(mentions).where(mentions.c.user_id == user_id))

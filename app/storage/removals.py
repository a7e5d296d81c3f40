"""Messages that were removed. Their rows keep number and nonce; what they said is moved out of the log, so that nothing
that reads it can tell, and is kept for a while, so that it can be put back."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, select, tuple_, update

from app.models import Extras, Message, Removal, Thread, extras_of, write_extras
from app.storage import database, files, message_changes, messages, pins, replies
from app.storage.tables import mentions, message_versions, removed_messages

KEY = (removed_messages.c.room_id, removed_messages.c.number)
OF_REMOVAL = (
    select(*KEY)
    .where(removed_messages.c.author_id == bindparam("author_id"), removed_messages.c.at == bindparam("at"))
    .where(removed_messages.c.removed_by == bindparam("by"))
)
ROOMS = OF_REMOVAL.with_only_columns(removed_messages.c.room_id).distinct().order_by(removed_messages.c.room_id)
SAID = ("text", "html", "extras")
IN_ROOM = (
    OF_REMOVAL.add_columns(*(removed_messages.c[name] for name in SAID))
    .where(removed_messages.c.room_id == bindparam("room_id"))
    .order_by(removed_messages.c.number)
    .limit(bindparam("count"))
)
WITH_EXTRAS = select(*KEY, removed_messages.c.extras).where(removed_messages.c.extras.is_not(None)).order_by(*KEY)
OLD = select(*KEY).where(removed_messages.c.at < bindparam("before")).limit(bindparam("count"))


def remove(connection: Connection, found: Sequence[Message], by: int, now: int) -> list[Message]:
    """Remove these messages, of one locked room, that are not removed; each is a change of it. Returns them as they are
    then, in the order of their changes."""
    # Put back, they are not pinned any more.
    found = pins.drop(connection, found)
    said = [(each.room_id, each.number, each.author_id, by, each.text, each.html, now, each.extras) for each in found]
    database.of(connection).insert_rows(connection, removed_messages, said)
    gone = [replace(stripped(each), text="", html="", removed_at=now, removed_by=by) for each in found]
    return message_changes.write(connection, with_traces(connection, gone))


def with_traces(connection: Connection, gone: list[Message]) -> list[Message]:
    """Of what is answered a trace stays."""
    if not gone:
        return gone
    answered = replies.answered(connection, gone[0].room_id, [each.number for each in gone])
    return [each.with_more(replace(each.more, answered=True)) if each.number in answered else each for each in gone]


def stripped(message: Message) -> Message:
    """Without what was added to it but its thread: others have written there, and it is still found by this message."""
    return message if message.extras is None else message.with_more(Extras(thread=message.more.thread))


def rooms_of(connection: Connection, removal: Removal) -> list[int]:
    """Where there is something of it to put back."""
    return list(connection.scalars(ROOMS, _named(removal)))


def restore(connection: Connection, removal: Removal, room_id: int, limit: int) -> list[Message]:
    """Put back the first `limit` of what was removed so in a locked room; each is a change of it."""
    found = connection.execute(IN_ROOM, _named(removal) | {"room_id": room_id, "count": limit}).all()
    keys = [(room_id, number) for _, number, *_ in found]
    said = {number: what for _, number, *what in found}
    back = [
        with_thread(
            replace(each, **dict(zip(SAID, said[each.number], strict=True)), removed_at=None, removed_by=None),
            each.more.thread,
        )
        for each in messages.by_numbers(connection, keys)
    ]
    _drop(connection, keys)
    return message_changes.write(connection, back)


def with_thread(message: Message, thread: Thread | None) -> Message:
    """Its thread went on meanwhile."""
    return message if thread is None else message.with_more(replace(message.more, thread=thread))


def keep_gone(connection: Connection, author_id: int) -> None:
    """What others have removed of this author counts as removed by themselves from here on: nobody puts it back."""
    connection.execute(
        update(removed_messages).where(removed_messages.c.author_id == author_id).values(removed_by=author_id)
    )


def keep_without(connection: Connection, without: Callable[[Extras], Extras]) -> None:
    """Change what is kept besides their texts, of all of them. `without` gives back the same where nothing goes."""
    for room_id, number, extras in connection.execute(WITH_EXTRAS.with_for_update()).all():
        before = extras_of(extras)
        after = without(before)
        if after != before:
            one = update(removed_messages).where(KEY[0] == room_id, KEY[1] == number)
            connection.execute(one.values(extras=write_extras(after)))


def purge(connection: Connection, before: int, limit: int) -> int:
    """Forget what up to `limit` messages said, now and in earlier versions, whom they mentioned and what files they
    had, that were removed before this time. Returns how many they were."""
    # What another process puts back, or purges, at this moment is left to it.
    old = connection.execute(OLD.with_for_update(skip_locked=True), {"before": before, "count": limit})
    keys = [(room_id, number) for room_id, number in old]
    if keys:
        files.let_go(connection, keys)
        for table in (message_versions, mentions):
            connection.execute(delete(table).where(tuple_(table.c.room_id, table.c.number).in_(keys)))
    _drop(connection, keys)
    return len(keys)


def _named(removal: Removal) -> dict[str, int]:
    return {"author_id": removal.author_id, "by": removal.by, "at": removal.at}


def _drop(connection: Connection, keys: list[tuple[int, int]]) -> None:
    if keys:
        connection.execute(delete(removed_messages).where(tuple_(*KEY).in_(keys)))

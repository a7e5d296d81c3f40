"""What `batch.store` does, in one statement that is a transaction by itself.

That is one way to the server and back in place of six, which is most of the time of a lone message where the server is
another machine. And no process holds a room while it waits for its own line: one that is cut off there would keep the
others from writing.
"""

from collections.abc import Sequence

from app.models import Message, NewMessage, Posted
from app.storage.batch import Key, posted
from app.storage.jobs import begun_by
from app.storage.postgres_connector import Driver

STORE = """
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::text[])
        WITH ORDINALITY
        AS given (room_id, author_id, nonce, kind, text, html, at, renderer, reply_to, extras, place)
), known AS MATERIALIZED (
    SELECT stored.*, place
    FROM given CROSS JOIN LATERAL (
        SELECT room_id, number, seq, author_id, nonce, kind, text, html, at, renderer, edited_at, removed_at,
            removed_by, posted_seq, reply_to, extras
        FROM messages WHERE nonce = given.nonce AND author_id = given.author_id OFFSET 0
    ) AS stored
), fresh AS MATERIALIZED (
    SELECT * FROM given WHERE place NOT IN (SELECT place FROM known)
), counted AS MATERIALIZED (
    SELECT room_id, count(*) AS count, max(at) AS at FROM fresh GROUP BY room_id ORDER BY room_id
), heads AS MATERIALIZED (
    SELECT room.*, counted.count, counted.at
    FROM counted CROSS JOIN LATERAL (
        SELECT id, last_number, seq, last_at FROM rooms WHERE id = counted.room_id OFFSET 0 FOR NO KEY UPDATE
    ) AS room
), moved AS (
    UPDATE rooms
    SET last_number = rooms.last_number + heads.count,
        seq = rooms.seq + heads.count,
        last_at = greatest(rooms.last_at, heads.at)
    FROM heads WHERE rooms.id = heads.id
), stored AS (
    INSERT INTO messages (room_id, number, seq, author_id, nonce, kind, text, html, at, renderer, reply_to, extras)
    SELECT room_id, last_number + row_number() OVER room, seq + row_number() OVER room, author_id, nonce, kind, text,
        html, greatest(last_at, max(fresh.at) OVER room), renderer, reply_to, extras
    FROM fresh LEFT JOIN heads ON heads.id = fresh.room_id
    WINDOW room AS (PARTITION BY room_id ORDER BY place)
    RETURNING room_id, number, seq, author_id, nonce, at
)"""
MORE = """, mentioned AS (
    INSERT INTO mentions (user_id, room_id, number)
    SELECT user_id, room_id, number
    FROM unnest($11::bigint[], $12::text[], $13::bigint[]) AS mention (author_id, nonce, user_id)
    JOIN stored USING (author_id, nonce)
), begun AS (
    INSERT INTO jobs (what, room_id, number, due_at, tries, webhook_id)
    SELECT what, room_id, number, 0, 0, webhook_id
    FROM unnest($14::bigint[], $15::text[], $16::text[], $17::bigint[]) AS job (author_id, nonce, what, webhook_id)
    JOIN stored USING (author_id, nonce)
)"""
ANSWER = """
SELECT true, room_id, number, seq, author_id, nonce, at, kind, text, html, renderer, edited_at, removed_at, removed_by,
    posted_seq, reply_to, extras
FROM known
UNION ALL
SELECT false, room_id, number, seq, author_id, nonce, at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM stored
"""
APPEND, APPEND_MORE = STORE + ANSWER, STORE + MORE + ANSWER
"""A room that does not exist has no head, so that its messages have no number and the whole is refused. So it is when
another process stores one of the nonces in the meantime. The longer way then finds out which."""


async def append(driver: Driver, given: Sequence[NewMessage], now: int) -> list[Posted]:
    """As `batch.store`; raises the server's refusal where that one goes on to look."""
    keys = [(new.author_id, new.nonce) for new in given]
    first: dict[Key, NewMessage] = {}
    for key, new in zip(keys, given, strict=True):
        first.setdefault(key, new)
    columns = zip(*[_row(new, now) for new in first.values()], strict=True)
    mentions = [(*key, user_id) for key, new in first.items() for user_id in new.mentions]
    begun = [(*key, *each) for key, new in first.items() for each in begun_by(new)]
    if mentions or begun:
        answer = await driver.fetch(APPEND_MORE, *columns, *_columns(mentions, 3), *_columns(begun, 4))
    else:
        answer = await driver.fetch(APPEND, *columns)
    seen: set[Key] = set()
    stored: dict[Key, Message] = {}
    for was_there, room_id, number, seq, author_id, nonce, at, kind, text, html, *others in answer:
        key = (author_id, nonce)
        if was_there:
            seen.add(key)
            stored[key] = Message(room_id, number, seq, author_id, nonce, kind, text, html, at, *others)
        else:  # what was sent there need not come back
            new = first[key]
            stored[key] = Message(
                room_id=room_id,
                number=number,
                seq=seq,
                author_id=author_id,
                nonce=nonce,
                kind=new.kind,
                text=new.text,
                html=new.html,
                at=at,
                renderer=new.renderer,
                reply_to=new.reply_to,
                extras=new.extras,
            )
    return [posted(stored, seen, key) for key in keys]


def _columns(rows: Sequence[tuple[int | str | None, ...]], count: int) -> list[list[int | str | None]]:
    return [[row[place] for row in rows] for place in range(count)]


def _row(new: NewMessage, now: int) -> tuple[int | str | None, ...]:
    return (
        new.room_id,
        new.author_id,
        new.nonce,
        new.kind,
        new.text,
        new.html,
        now if new.at is None else new.at,
        new.renderer,
        new.reply_to,
        new.extras,
    )

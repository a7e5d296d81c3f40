"""PostgreSQL's index of the words of `search_entries`: a GIN index of the words that stand in a row, put together by
us and not by the server, whose parser and dictionaries know other words than SQLite's."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

from app.storage.database import Alternatives

WORDS = "array_to_tsvector(string_to_array(btrim(words), ' '))"
CREATE = (f"CREATE INDEX search_words ON search_entries USING gin ({WORDS})",)
# OFFSET 0: in the order of time it would read row after row, in the belief that it soon has enough.
FIND = text(
    f"""
    SELECT id
    FROM (SELECT id FROM search_entries WHERE {WORDS} @@ CAST(:query AS tsquery) OFFSET 0) AS found
    WHERE id > :above AND id < :below
    ORDER BY id DESC
    LIMIT :count
    """  # noqa: S608  names of ours
).bindparams(bindparam("query"), bindparam("above"), bindparam("below"), bindparam("count"))


def find(connection: Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int) -> list[int]:
    query = " & ".join(f"({' | '.join(spelled(*word) for word in words)})" for words in asked)
    values = {"query": query, "above": above, "below": below, "count": limit}
    return list(connection.scalars(FIND, values))


def spelled(word: str, begins: bool) -> str:  # noqa: FBT001
    return f"'{word}'{':*' if begins else ''}"

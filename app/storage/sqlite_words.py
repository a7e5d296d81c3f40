"""SQLite's index of the words of `search_entries`: an FTS5 table that keeps no text, only which entries a word is in.

FTS5 walks the entries of a word from the newest to the oldest and meets several words by leaps, so a page costs what it
holds, however common the words. It must be told of each change with the very words that it was given."""

import sqlite3
from collections.abc import Sequence

from app.storage.database import Alternatives, Entry

TABLE, TERMS = "search_words", "search_words_terms"
CREATE = (
    f"""
    CREATE VIRTUAL TABLE {TABLE}
    USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3')
    """,
    f"CREATE VIRTUAL TABLE {TERMS} USING fts5vocab({TABLE}, instance)",
)
"""Words come folded, so the simplest tokenizer will do: it takes all that is not ASCII for letters. Of the beginnings
of words only the shortest have an index: of longer ones the words themselves are few, and are looked up one by one."""
INDEX = f"INSERT INTO {TABLE} (rowid, words) VALUES (?, ?)"  # noqa: S608  names of ours, as below
DROP = f"INSERT INTO {TABLE} ({TABLE}, rowid, words) VALUES ('delete', ?, ?)"  # noqa: S608
FIND = f"""
SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
"""  # noqa: S608
SPELLINGS = f"""
WITH RECURSIVE spelled (term) AS (
    SELECT (SELECT term FROM {TERMS} WHERE term >= :begin LIMIT 1)
    UNION ALL
    SELECT (SELECT term FROM {TERMS} WHERE term >= spelled.term || char(1) LIMIT 1)
    FROM spelled
    WHERE spelled.term >= :begin AND spelled.term < :end
)
SELECT term FROM spelled WHERE term >= :begin AND term < :end LIMIT :most
"""  # noqa: S608
"""One look for each word: to list them would take one for each message that they are in."""
LAST = "\U0010ffff"
INDEXED_PREFIX = 3
MOST_SPELLINGS = 100
"""Words that begin alike and are looked up one by one. FTS5 would first gather all messages that any of them is in,
which takes it 20 ms for a hundred thousand; of more words than these it has to."""


def index(driver: sqlite3.Connection, rows: Sequence[Entry]) -> None:
    # By rising ids: for each one that is lower than the one before FTS5 writes all it holds.
    driver.executemany(INDEX, sorted(rows))


def drop(driver: sqlite3.Connection, rows: Sequence[Entry]) -> None:
    driver.executemany(DROP, sorted(rows))


def find(driver: sqlite3.Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int) -> list[int]:
    sets = [[one for word in words for one in spellings(driver, *word)] for words in asked]
    query = " AND ".join(f"({' OR '.join(words)})" for words in sets)
    return [found for (found,) in driver.execute(FIND, (query, above, below, limit))] if all(sets) else []


def spellings(driver: sqlite3.Connection, word: str, begins: bool) -> list[str]:  # noqa: FBT001
    """What to look for instead of a word that may go on."""
    if not begins:
        return [f'"{word}"']
    if len(word) > INDEXED_PREFIX:
        values = {"begin": word, "end": word + LAST, "most": MOST_SPELLINGS + 1}
        found = [term for (term,) in driver.execute(SPELLINGS, values)]
        if len(found) <= MOST_SPELLINGS:
            return [f'"{term}"' for term in found]
    return [f'"{word}" *']

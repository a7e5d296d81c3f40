"""SQLite's index of the words of `search_entries`: an FTS5 table that keeps no text, only which entries a word is in.

FTS5 walks the entries of a word from the newest to the oldest and meets several words by leaps, so a page costs what it
holds, however common the words. It must be told of each change with the very words that it was given."""

import sqlite3
from collections.abc import Sequence

from app.storage.database import Alternatives, Entry

TABLE = "search_words"
CREATE = f"""
CREATE VIRTUAL TABLE {TABLE}
USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4')
"""
"""Words come folded, so the simplest tokenizer will do: it takes all that is not ASCII for letters. The prefixes are
those that most words begin with; of a longer one the words are put together when it is asked for."""
INDEX = f"INSERT INTO {TABLE} (rowid, words) VALUES (?, ?)"  # noqa: S608  names of ours, as below
DROP = f"INSERT INTO {TABLE} ({TABLE}, rowid, words) VALUES ('delete', ?, ?)"  # noqa: S608
FIND = f"""
SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
"""  # noqa: S608


def index(driver: sqlite3.Connection, rows: Sequence[Entry]) -> None:
    # By rising ids: for each one that is lower than the one before FTS5 writes all it holds.
    driver.executemany(INDEX, sorted(rows))


def drop(driver: sqlite3.Connection, rows: Sequence[Entry]) -> None:
    driver.executemany(DROP, sorted(rows))


def find(driver: sqlite3.Connection, asked: Sequence[Alternatives], above: int, below: int, limit: int) -> list[int]:
    query = " AND ".join(f"({' OR '.join(spelled(*word) for word in words)})" for words in asked)
    return [found for (found,) in driver.execute(FIND, (query, above, below, limit))]


def spelled(word: str, begins: bool) -> str:  # noqa: FBT001
    return f'"{word}"{" *" if begins else ""}'

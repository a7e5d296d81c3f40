"""What the word before the cursor may be the beginning of: @people, #rooms, :emoji:."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.protocol.events import Person
from clients.known_room import KnownRoom

MOST = 8
BEGUN = re.compile(r"(?:^|(?<=[\s(\[{\"'*_~]))(?:@(?P<person>\w*)|#(?P<room>[\w-]*)|:(?P<emoji>[a-z0-9_+-]{2,}))$")
EMOJI = Path(__file__).parents[2] / "app" / "render" / "emoji.txt"
"""The server's own table: an emoji and its names in each line."""


class Begun(NamedTuple):
    """`sign` is @, # or :, and `length` how many characters of the line it takes, with that."""

    sign: str
    prefix: str
    length: int


class Suggestion(NamedTuple):
    """`shown` has `more` behind it, and `inserted` is what is written."""

    inserted: str
    shown: str
    more: str = ""


def begun(line: str) -> Begun | None:
    """What is being written at the end of a line."""
    found = BEGUN.search(line)
    if found is None:
        return None
    signs = {"person": "@", "room": "#", "emoji": ":"}
    kind = found.lastgroup or ""
    return Begun(signs[kind], found[kind], len(found[0]))


def people_meant(prefix: str, people: Iterable[Person], me: int, blocked: set[int]) -> list[Suggestion]:
    """Whose handle, or any word of whose name, begins so; in the order in which they come."""
    meant = {
        person.id: Suggestion(f"@{person.handle}", person.name, f"@{person.handle}")
        for person in people
        if person.id != me and person.id not in blocked and not person.former and not person.imported
        if any_begins(prefix, [person.handle, person.name])
    }
    return [*meant.values()][:MOST]


def rooms_meant(prefix: str, rooms: Iterable[KnownRoom]) -> list[Suggestion]:
    """Whose name begins so first, then those with such a word in it."""
    meant = [room.row for room in rooms if room.row.kind != "direct"]
    meant = [row for row in meant if any_begins(prefix, [row.name, row.slug])]
    meant.sort(key=lambda row: (not begins(prefix, row.name), row.name.casefold()))
    return [Suggestion(f"#{row.slug}", row.name, f"#{row.slug}") for row in meant[:MOST]]


def emoji_meant(prefix: str) -> list[Suggestion]:
    """The shortest names first: of those that begin so, then of those that hold it."""
    named = sorted(emoji_names().items(), key=lambda each: (not each[0].startswith(prefix), len(each[0]), each[0]))
    meant = [Suggestion(f":{name}:", emoji, f":{name}:") for name, emoji in named if prefix in name]
    return meant[:MOST]


@cache
def emoji_names() -> dict[str, str]:
    """The emoji by each of its names."""
    lines = EMOJI.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith(("# ", "["))]
    return {name: emoji for emoji, *names in rows for name in names}


def any_begins(prefix: str, texts: Iterable[str]) -> bool:
    return any(begins(prefix, word) for text in texts for word in [text, *re.split(r"[\s_-]+", text)])


def begins(prefix: str, text: str) -> bool:
    return text.casefold().startswith(prefix.casefold())

"""What somebody types to search: words, "phrases", -words and a few operators, such as `from:@ada`.

Whatever is no operator is words. One with a value that it cannot have is words, too, but for a date, which says so."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, cast

from app.errors import BadDate, BadRequest
from app.folding import Term, term_of

MOST = 20
"""Words, phrases and operators of one search."""
PART = re.compile(r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))')
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
DAY = timedelta(days=1)
Kind = Literal["from", "in", "before", "after", "on", "has", "mentions"]
Has = Literal["link", "file", "image"]
HAS: dict[str, Has] = {"link": "link", "file": "file", "image": "image"}


@dataclass(frozen=True, slots=True)
class Chip:
    """An operator as it stands in the `text`."""

    kind: Kind
    value: str
    text: str


@dataclass(slots=True)
class Query:
    """All `terms`, none of `without`, by one of the `authors`, in one of the `rooms`, mentioning one of `mentioned`
    (these three as they are called; `me` is who asks), on the day `since` or later and before the day `until`."""

    terms: list[Term] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    has: list[Has] = field(default_factory=list)
    since: date = date.min
    until: date = date.max
    chips: list[Chip] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.without or self.chips)


def parse(text: str) -> Query:
    """Raises BadDate, and BadRequest for more than MOST parts."""
    query = Query()
    for place, part in enumerate(PART.finditer(text)):
        if place == MOST:
            raise BadRequest("A search takes at most {limit} words and filters.", limit=MOST)
        take(query, part)
    return query


def take(query: Query, part: re.Match[str]) -> None:
    value = (part["phrase"] or part["word"] or "").strip()
    name = cast(Kind, (part["name"] or "").lower())
    read = None if part["minus"] or not value else OPERATORS.get(name)
    if read is None or not read(query, value):
        take_words(query, part)
    else:
        query.chips.append(Chip(name, value, part[0]))


def take_words(query: Query, part: re.Match[str]) -> None:
    """Quotes ask for whole words. The star of `pre*` says what holds for every word."""
    term = term_of(part[0], whole=part["phrase"] is not None)
    if term is not None:
        (query.without if part["minus"] else query.terms).append(term)


def take_author(query: Query, value: str) -> bool:
    query.authors.append(value.removeprefix("@"))
    return True


def take_room(query: Query, value: str) -> bool:
    query.rooms.append(value.removeprefix("#"))
    return True


def take_mention(query: Query, value: str) -> bool:
    query.mentioned.append(value.removeprefix("@"))
    return True


def take_has(query: Query, value: str) -> bool:
    has = HAS.get(value.lower())
    if has is not None:
        query.has.append(has)
    return has is not None


def take_before(query: Query, value: str) -> bool:
    query.until = min(query.until, day_of(value))
    return True


def take_after(query: Query, value: str) -> bool:
    query.since = max(query.since, next_day(day_of(value)))
    return True


def take_day(query: Query, value: str) -> bool:
    day = day_of(value)
    query.since, query.until = max(query.since, day), min(query.until, next_day(day))
    return True


def day_of(value: str) -> date:
    try:
        return date(*map(int, value.split("-"))) if DATE.fullmatch(value) else date.fromisoformat(value)
    except ValueError:
        raise BadDate(value) from None


def next_day(day: date) -> date:
    return day + DAY if day < date.max else day


OPERATORS: dict[Kind, Callable[[Query, str], bool]] = {
    "from": take_author,
    "in": take_room,
    "before": take_before,
    "after": take_after,
    "on": take_day,
    "has": take_has,
    "mentions": take_mention,
}

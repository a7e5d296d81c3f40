"""Mentions in a text, and in the HTML that is made of it. There they hold the person's id: handles change hands, and
whoever was meant stays the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Protocol

from app.models import User

HANDLE = re.compile(r"""(?<![^\s(\[{"'«„“‘,*_~—–])@([A-Za-z0-9_]{1,20})(?![\w@]|\.\w)""")
"""Not within an address of mail or of the web, and not where a name of a host begins."""
TICKS = re.compile("`+")
FENCE = 3
"""Backticks that open a block."""
SIGN = '<a class="mention" '
MENTION = re.compile(SIGN + r'data-person="(\d+)">(@\w+)</a>')


class Named(Protocol):
    """A person as they are kept, or as the wire shows them."""

    @property
    def id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...


def handles_in(text: str) -> list[re.Match[str]]:
    """Where a text names somebody by handle (group 1), outside of what is code."""
    found = list(HANDLE.finditer(text)) if "@" in text else []
    if not found or "`" not in text:
        return found
    spans = list(code_spans(text))
    return [each for each in found if not any(start <= each.start() < end for start, end in spans)]


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """From one run of backticks to the next that is as long; what follows three that nothing ends is code, too."""
    runs = [each.span() for each in TICKS.finditer(text)]
    place = 0
    while place < len(runs):
        start, stop = runs[place]
        later = range(place + 1, len(runs))
        last = next((each for each in later if runs[each][1] - runs[each][0] == stop - start), None)
        if last is not None:
            yield start, runs[last][1]
            place = last
        elif stop - start >= FENCE:
            yield start, len(text)
            return
        place += 1


def mention(person: User) -> str:
    """As it is kept."""
    return f'{SIGN}data-person="{person.id}">@{escape(person.handle)}</a>'


def mentioned_in(html: str) -> list[int]:
    """The ids of those whom a message mentions, each once. In what people wrote the sign is escaped."""
    if SIGN not in html:
        return []
    return list(dict.fromkeys(int(each[1]) for each in MENTION.finditer(html)))


def drawn(html: str, people: Mapping[int, User], reader_id: int) -> str:
    """As a reader sees it: with the handles of now, where `people` has them, and their own marked."""

    def draw(found: re.Match[str]) -> str:
        person = people.get(int(found[1]))
        shown = found[2] if person is None else name_of(person)
        mine = " mention--me" if int(found[1]) == reader_id else ""
        acts = 'role="button" data-action="mentioned"'
        return f'<a class="mention{mine}" {acts} data-person="{found[1]}">{escape(shown)}</a>'

    return MENTION.sub(draw, html) if SIGN in html else html


def drawn_outside(html: str, people: Iterable[Named]) -> str:
    """As somebody without an account sees it: with the handles of now, leading nowhere, and of ids nothing."""
    called = {person.id: name_of(person) for person in people}
    if SIGN not in html:
        return html
    return MENTION.sub(
        lambda found: f'<span class="mention">{escape(called.get(int(found[1]), found[2]))}</span>', html
    )


def name_of(person: Named) -> str:
    """Former members have no handle any more."""
    return f"@{person.handle}" if person.handle else person.name

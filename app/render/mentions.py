"""Mentions in a text, and in the HTML that is made of it. There they hold the person's id: handles change hands, and
whoever was meant stays the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import NamedTuple, Protocol

from app.models import User

HANDLE = re.compile(r"""(?<![^\s(\[{"'«„“‘,*_~—–])@([A-Za-z0-9_]{1,20})(?![\w@]|\.\w)""")
"""Not within an address of mail or of the web, and not where a name of a host begins."""
SIGN = '<a class="mention" '
MENTION = re.compile(SIGN + r'data-person="(\d+)">(@\w+)</a>')
CALLS = ("all", "here")
"""What names many at once: everybody in the room, and those of them who are connected. No handle is one of these."""
CALL_SIGN = '<span class="mention">'
CALL = re.compile(CALL_SIGN + f"@({'|'.join(CALLS)})</span>")


class Named(Protocol):
    """A person as they are kept, or as the wire shows them."""

    @property
    def id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...


NOBODY: Mapping[str, Named] = MappingProxyType({})


class Meant(NamedTuple):
    """Whom a mention means, as they were called then."""

    id: int
    handle: str
    name: str = ""


class Call(NamedTuple):
    """Everybody whom a word of CALLS means; there is nobody with this id."""

    handle: str
    id: int = 0
    name: str = ""


def handles_in(text: str) -> Iterator[re.Match[str]]:
    """Where a text may name somebody by handle (group 1)."""
    return HANDLE.finditer(text)


def mention(person: Named) -> str:
    """As it is kept."""
    if isinstance(person, Call):
        return f"{CALL_SIGN}@{person.handle}</span>"
    return f'{SIGN}data-person="{person.id}">@{escape(person.handle)}</a>'


def mentioned_in(html: str) -> list[int]:
    """The ids of those whom a message mentions, each once. In what people wrote the sign is escaped."""
    if SIGN not in html:
        return []
    return list(dict.fromkeys(int(each[1]) for each in MENTION.finditer(html)))


def call_in(html: str) -> str | None:
    """The word of CALLS that a message calls by; where it has both, the one that tells more people."""
    found = {each[1] for each in CALL.finditer(html)} if CALL_SIGN in html else ()
    return next((word for word in CALLS if word in found), None)


def meant_in(html: str) -> dict[str, Named]:
    """Whom the handles in a message mean, by the folded handle: for its HTML to be made anew."""
    found = MENTION.finditer(html) if SIGN in html else ()
    people: dict[str, Named] = {each[2][1:].casefold(): Meant(int(each[1]), each[2][1:]) for each in found}
    calls = CALL.finditer(html) if CALL_SIGN in html else ()
    return people | {each[1]: Call(each[1]) for each in calls}


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

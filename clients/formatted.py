"""The HTML of a message (docs/protocol.md has the list of what it may hold) as lines of text, each piece with the names
of how it looks.

It is read as a browser reads it, so a message looks as the server's renderer meant it. Nothing in it is ever taken for
markup of a terminal or a toolkit: every piece goes through `safe_text`, and the names of looks are ours alone."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from clients.safe_text import safe_text

QUOTE, BULLET = "▎ ", "• "
TAB = 4
BLOCKS = {"blockquote", "ul", "ol", "li", "pre"}
INLINE = {"strong": "strong", "em": "em", "del": "del", "code": "code", "mark": "mark"}
SPANS = {"mention": "mention", "k": "keyword", "s": "string", "f": "function", "n": "number", "c": "comment"}
"""By their class."""


class Piece(NamedTuple):
    """`link` is where it leads, as it was written. `person` is who is mentioned, by words that may be old. The look
    "address" is that of a piece which says where the link before it leads, if its words do not."""

    text: str
    looks: tuple[str, ...] = ()
    link: str | None = None
    person: int | None = None


@dataclass(slots=True)
class Line:
    """`pieces` behind `first`; where it is too long, what follows stands behind `rest`. `language` is that of the code
    that begins here."""

    pieces: list[Piece]
    first: list[Piece] = field(default_factory=list)
    rest: list[Piece] = field(default_factory=list)
    is_code: bool = False
    language: str = ""


@dataclass(slots=True)
class Container:
    """A quote, or an item of a list, whose `marker` stands before its first line alone."""

    marker: str
    again: str
    look: str
    is_used: bool = False

    @property
    def prefix(self) -> Piece:
        return Piece(self.again if self.is_used else self.marker, (self.look,))


def lines_of(html: str) -> list[Line]:
    reading = _Reading()
    reading.feed(html)
    reading.close()
    reading.end_line()
    return reading.lines


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._line: list[Piece] = []
        self._inline: list[tuple[str, str]] = []
        self._containers: list[Container] = []
        self._lists: list[int | None] = []
        self._in_code = False
        self._language = ""
        self._link: str | None = None
        self._link_text = ""
        self._person: int | None = None

    # What HTMLParser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._put_line()
        elif tag in BLOCKS:
            self.end_line()
            self._begin(tag, given)
        elif tag == "a":
            self._begin_link(given)
        else:
            look = SPANS.get(given.get("class", ""), "") if tag == "span" else INLINE.get(tag, "")
            self._inline.append((tag, look))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end(tag)
        elif self._inline and self._inline[-1][0] == tag:
            self._inline.pop()
            if tag == "a":
                self._end_link()

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link_text += data
        if not self._in_code:
            self._write(data.replace("\n", " "))
            return
        for place, piece in enumerate(data.split("\n")):
            if place:
                self._put_line()
            self._write(piece)

    # Blocks

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "blockquote":
            self._containers.append(Container(QUOTE, QUOTE, "edge"))
            self._inline.append((tag, "quote"))
        elif tag == "li":
            self._containers.append(self._item())
        elif tag == "pre":
            self._in_code, self._language = True, safe_text(given.get("data-language", ""))
            self._inline.append((tag, "block"))
        else:
            start = given.get("start", "")
            self._lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)

    def _item(self) -> Container:
        number = self._lists[-1] if self._lists else None
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        marker = BULLET if number is None else f"{number}. "
        return Container(marker, " " * len(marker), "quiet")

    def _end(self, tag: str) -> None:
        if tag == "pre":
            self._put_line()
            self._in_code = False
        else:
            self.end_line()
        if tag in {"ul", "ol"}:
            del self._lists[-1:]
        elif tag in {"blockquote", "li"} and self._containers:
            if not self._containers[-1].is_used:
                self._put_line()
            self._containers.pop()
        if self._inline and self._inline[-1][0] == tag:
            self._inline.pop()

    def end_line(self) -> None:
        """Unless it is empty: a block begins on a line of its own."""
        if self._line:
            self._put_line()

    def _put_line(self) -> None:
        first = self._prefixes()
        for container in self._containers:
            container.is_used = True
        self.lines.append(Line(self._line, first, self._prefixes(), self._in_code, self._language))
        self._line, self._language = [], ""

    def _prefixes(self) -> list[Piece]:
        return [container.prefix for container in self._containers]

    # Words

    def _write(self, text: str) -> None:
        shown = safe_text(text.expandtabs(TAB))
        if shown:
            self._line.append(Piece(shown, self._looks(), self._link or None, self._person))

    def _looks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(look for _, look in self._inline if look))

    def _begin_link(self, given: dict[str, str]) -> None:
        person = given.get("data-person", "")
        if person.isdecimal():
            self._person = int(person)
        else:
            self._link, self._link_text = given.get("href", ""), ""
        self._inline.append(("a", "link" if self._person is None else "mention"))

    def _end_link(self) -> None:
        address, self._link, self._person = self._link, None, None
        if address and bare(address) != bare(self._link_text):
            self._line.append(Piece(f" ({safe_text(address)})", ("address",)))


def bare(address: str) -> str:
    """As people write it."""
    for scheme in ("https://", "http://", "mailto:"):
        address = address.removeprefix(scheme)
    return address.removesuffix("/")

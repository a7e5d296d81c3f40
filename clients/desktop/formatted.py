"""The HTML of a message (docs/protocol.md has the list of what it may hold) as pieces of text, each with the names of
how it looks. Those names are ours alone: nothing of the message becomes one."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple

from clients.safe_text import safe_text

QUOTE, BULLET = "▎ ", "• "
TAB = 4
INLINE = {"strong": "strong", "em": "em", "del": "del", "code": "code", "mark": "mark"}
BLOCKS = {"blockquote", "ul", "ol", "li", "pre"}


class Piece(NamedTuple):
    """`link` is where it leads, as it was written."""

    text: str
    looks: tuple[str, ...] = ()
    link: str | None = None


@dataclass(slots=True)
class Container:
    """A quote, or an item of a list, whose `marker` stands before its first line alone."""

    marker: str
    again: str
    look: str
    is_used: bool = False

    def prefix(self) -> Piece:
        text = self.again if self.is_used else self.marker
        self.is_used = True
        return Piece(text, (self.look,))


def formatted(html: str, reader: int) -> list[Piece]:
    """In lines, without an end behind the last one."""
    reading = _Reading(reader)
    reading.feed(html)
    reading.close()
    while reading.pieces and not reading.pieces[-1].text.strip("\n"):
        reading.pieces.pop()
    return reading.pieces


class _Reading(HTMLParser):
    def __init__(self, reader: int) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._reader = reader
        self._inline: list[tuple[str, str]] = []
        self._containers: list[Container] = []
        self._lists: list[int | None] = []
        self._in_code = False
        self._at_start = True
        self._link: str | None = None

    # What HTMLParser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._end_line()
        elif tag in BLOCKS:
            self._leave_line()
            self._begin(tag, given)
        elif tag == "a":
            self._begin_link(given)
        else:
            self._inline.append((tag, INLINE.get(tag, "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._leave_line()
            self._end(tag)
        elif self._inline and self._inline[-1][0] == tag:
            self._inline.pop()
            if tag == "a":
                self._link = None

    def handle_data(self, data: str) -> None:
        if not self._in_code:
            self._write(data.replace("\n", " "))
            return
        for place, line in enumerate(data.split("\n")):
            if place:
                self._end_line()
            self._write(line)

    # Blocks

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "blockquote":
            self._containers.append(Container(QUOTE, QUOTE, "edge"))
            self._inline.append((tag, "quote"))
        elif tag == "li":
            self._containers.append(self._item())
        elif tag == "pre":
            self._in_code = True
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
        if tag in {"ul", "ol"}:
            del self._lists[-1:]
        elif tag == "pre":
            self._in_code = False
        else:
            del self._containers[-1:]
        if self._inline and self._inline[-1][0] == tag:
            self._inline.pop()

    def _leave_line(self) -> None:
        if not self._at_start:
            self._end_line()

    def _end_line(self) -> None:
        if self._at_start:
            self._write_prefixes()
        self.pieces.append(Piece("\n", self._looks() if self._in_code else ()))
        self._at_start = True

    # Words

    def _write(self, text: str) -> None:
        shown = safe_text(text.expandtabs(TAB))
        if shown:
            self._write_prefixes()
            self.pieces.append(Piece(shown, self._looks(), self._link))

    def _write_prefixes(self) -> None:
        if self._at_start:
            self.pieces += [container.prefix() for container in self._containers]
            self._at_start = False

    def _looks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(look for _, look in self._inline if look))

    def _begin_link(self, given: dict[str, str]) -> None:
        person = given.get("data-person", "")
        if person.isdecimal():
            self._inline.append(("a", "mention_me" if int(person) == self._reader else "mention"))
        else:
            self._link = given.get("href") or None
            self._inline.append(("a", "link"))

"""The HTML of a message (docs/protocol.md has the list of what it may hold) as lines of a terminal.

It is read as a browser reads it, so a message looks here as the server's renderer meant it. Nothing in it is ever taken
for markup of the terminal: every piece goes through `safe_text`."""

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

from rich.style import Style
from rich.text import Text

from clients.safe_text import safe_text
from clients.terminal.palette import Styles

QUOTE, BULLET = "▎ ", "• "
TAB = 4
BOLD, ITALIC, STRUCK = Style(bold=True), Style(italic=True), Style(strike=True)
NOTHING = Style()


@dataclass(slots=True)
class Line:
    """`text` behind `first`; where it is too long for the terminal, what follows stands behind `rest`."""

    text: Text
    first: Text
    rest: Text
    is_code: bool = False


@dataclass(slots=True)
class Container:
    """A quote or an item of a list, whose `marker` stands before its first line alone."""

    marker: str
    again: str
    style: Style
    is_used: bool = False

    def prefix(self) -> str:
        return self.again if self.is_used else self.marker


def formatted(html: str, styles: Styles, mention: Callable[[int, str], Text]) -> list[Line]:
    """`mention` draws the one of a person's id, whose words may be old."""
    reading = _Reading(styles, mention)
    reading.feed(html)
    reading.close()
    reading.end_line()
    return reading.lines


class _Reading(HTMLParser):
    def __init__(self, styles: Styles, mention: Callable[[int, str], Text]) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._styles = styles
        self._mention = mention
        self._line = Text()
        self._inline: list[tuple[str, Style]] = []
        self._containers: list[Container] = []
        self._lists: list[int | None] = []
        self._in_code = False
        self._link: str | None = None
        self._link_text = ""
        self._person: int | None = None

    # What HTMLParser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._put_line()
        elif tag in {"blockquote", "ul", "ol", "li", "pre"}:
            self.end_line()
            self._begin(tag, given)
        elif tag == "a":
            self._begin_link(given)
        else:
            self._inline.append((tag, self._style_of(tag, given)))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"blockquote", "ul", "ol", "li", "pre"}:
            self._end(tag)
        elif tag == "a":
            self._end_link()
        elif self._inline and self._inline[-1][0] == tag:
            self._inline.pop()

    def handle_data(self, data: str) -> None:
        if self._person is not None:
            self._line.append_text(self._mention(self._person, data))
            return
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
            self._containers.append(Container(QUOTE, QUOTE, self._styles.edge))
        elif tag == "li":
            self._containers.append(self._item())
        elif tag == "pre":
            self._begin_code(given.get("data-language", ""))
        else:
            start = given.get("start", "")
            self._lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)

    def _item(self) -> Container:
        number = self._lists[-1] if self._lists else None
        marker = BULLET if number is None else f"{number}. "
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        return Container(marker, " " * len(marker), self._styles.quiet)

    def _begin_code(self, language: str) -> None:
        if language:
            self._line.append(safe_text(language), self._styles.hint)
            self._put_line()
        self._in_code = True

    def _end(self, tag: str) -> None:
        if tag == "pre":
            self._put_line()
            self._in_code = False
            return
        self.end_line()
        if tag in {"ul", "ol"}:
            if self._lists:
                self._lists.pop()
        elif self._containers:
            if not self._containers[-1].is_used:
                self._put_line()
            self._containers.pop()

    def end_line(self) -> None:
        """Unless it is empty: a block begins on a line of its own."""
        if self._line:
            self._put_line()

    def _put_line(self) -> None:
        first = self._prefix()
        for container in self._containers:
            container.is_used = True
        self.lines.append(Line(self._line, first, self._prefix(), self._in_code))
        self._line = Text()

    def _prefix(self) -> Text:
        return Text.assemble(*((container.prefix(), container.style) for container in self._containers))

    # Words

    def _write(self, text: str) -> None:
        shown = safe_text(text.expandtabs(TAB))
        if shown:
            self._line.append(shown, self._style())

    def _style(self) -> Style:
        base = self._styles.code if self._in_code else NOTHING
        link = self._styles.link if self._link is not None else NOTHING
        return Style.combine([base, *(style for _, style in self._inline), link])

    def _style_of(self, tag: str, given: dict[str, str]) -> Style:
        known = {"strong": BOLD, "em": ITALIC, "del": STRUCK, "mark": self._styles.mark, "code": self._styles.code}
        if tag == "span":
            kind = given.get("class", "")
            return self._styles.mention if kind == "mention" else self._styles.colours.get(kind, NOTHING)
        return known.get(tag, NOTHING)

    def _begin_link(self, given: dict[str, str]) -> None:
        person = given.get("data-person", "")
        if person.isdecimal():
            self._person = int(person)
        else:
            self._link, self._link_text = given.get("href", ""), ""

    def _end_link(self) -> None:
        """Where a link leads is told, unless its words do."""
        address, self._link = self._link, None
        if self._person is not None:
            self._person = None
        elif address and bare(address) != bare(self._link_text):
            self._line.append(f" ({safe_text(address)})", self._styles.hint)


def bare(address: str) -> str:
    """As people write it."""
    for scheme in ("https://", "http://", "mailto:"):
        address = address.removeprefix(scheme)
    return address.removesuffix("/")

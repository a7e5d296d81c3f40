"""The HTML of a message as lines of a terminal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from clients import formatted as html
from clients.terminal.palette import Styles

NOTHING = Style()


@dataclass(slots=True)
class Line:
    """`text` behind `first`; where it is too long for the terminal, what follows stands behind `rest`."""

    text: Text
    first: Text
    rest: Text
    is_code: bool = False


def formatted(message: str, styles: Styles, mention: Callable[[int, str], Text]) -> Iterator[Line]:
    """`mention` draws the one of a person's id, whose words may be old."""
    looks = styles.looks

    def drawn(pieces: list[html.Piece]) -> Text:
        text = Text()
        for piece in pieces:
            if piece.person is not None:
                text.append_text(mention(piece.person, piece.text))
            else:
                text.append(piece.text, style_of(piece, looks))
        return text

    for line in html.lines_of(message):
        first, rest = drawn(line.first), drawn(line.rest)
        if line.language:
            yield Line(Text.assemble((line.language, styles.hint)), first, rest)
            first = rest
        yield Line(drawn(line.pieces), first, rest, line.is_code)


def style_of(piece: html.Piece, looks: dict[str, Style]) -> Style:
    # A link stands out whatever it is written in.
    in_order = sorted(piece.looks, key=lambda look: look == "link")
    return Style.combine([NOTHING, *(looks.get(look, NOTHING) for look in in_order)])

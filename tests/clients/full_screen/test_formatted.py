"""The HTML of messages as lines of a terminal: what a browser shows of it, and nothing that a terminal would obey."""

from html.parser import HTMLParser

import pytest
from rich.style import Style
from rich.text import Text

from clients.formatted import BULLET
from clients.palette import DUSK
from clients.safe_text import safe_text
from clients.terminal.formatted import Line, formatted
from clients.terminal.palette import styles_of
from tests.clients.test_safe_text import HOSTILE
from tests.render.reading import read_cases

CASES = read_cases("conformance.json")
STYLES = styles_of(DUSK)
SHOWN_AS = {"strong": "bold", "em": "italic", "del": "strike"}


def drawn(html: str) -> list[Line]:
    return [*formatted(html, STYLES, lambda _, old: Text(old, STYLES.mention))]


class Letters(HTMLParser):
    """Each letter of a text with the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, frozenset[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.found += [(letter, frozenset(self.open)) for letter in safe_text("".join(data.split()))]


def styled(lines: list[Line]) -> list[tuple[str, Style]]:
    """The letters, without what is added: languages and addresses, which are hints."""
    found = []
    for line in lines:
        for place, letter in enumerate(line.text.plain):
            spans = [span.style for span in line.text.spans if span.start <= place < span.end]
            style = Style.combine([Style(), *(each for each in spans if isinstance(each, Style))])
            if not letter.isspace() and style != STYLES.hint:
                found.append((letter, style))
    return found


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number, _ in enumerate(CASES)])
def test_every_case_shows_each_letter_as_it_was_meant(case: dict[str, str]) -> None:
    letters, shown = Letters(case["html"]).found, styled(drawn(case["html"]))
    assert [letter for letter, _ in shown] == [letter for letter, _ in letters]
    for (_, style), (_, tags) in zip(shown, letters, strict=True):
        for tag, attribute in SHOWN_AS.items():
            assert bool(getattr(style, attribute)) == (tag in tags)
        assert (style.bgcolor == STYLES.code.bgcolor) == ("code" in tags)
        assert bool(style.underline) == ("a" in tags and style.color == STYLES.link.color)


def test_what_does_not_fit_a_line_goes_on_below_its_words_and_code_is_below_its_language() -> None:
    item, language, code = drawn('<ul><li>a<pre data-language="x"><code>b</code></pre></li></ul>')
    assert (item.first.plain, item.rest.plain, item.text.plain) == (BULLET, "  ", "a")
    assert (language.first.plain, language.text.plain, language.is_code) == ("  ", "x", False)
    assert (code.first.plain, code.text.plain, code.is_code) == ("  ", "b", True)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_others_moves_the_terminal(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    for html in (
        escaped,
        f"<pre><code>{escaped}</code></pre>",
        f'<a href="https://x.org/{escaped}">y</a>',
        f'<pre data-language="{escaped}"><code>z</code></pre>',
        f"<strong>[bold red]{escaped}[/]</strong>",
    ):
        for line in drawn(html):
            assert line.text.plain.isprintable()
            assert "[bold red]" in line.text.plain or "[/]" not in line.text.plain

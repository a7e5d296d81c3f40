"""The HTML of messages as lines of a terminal: what a browser shows of it, and nothing that a terminal would obey."""

from html.parser import HTMLParser

import pytest
from rich.style import Style
from rich.text import Text

from clients.formatted import BULLET, QUOTE
from clients.safe_text import safe_text
from clients.terminal.formatted import Line, formatted
from clients.terminal.palette import DUSK
from tests.clients.test_safe_text import HOSTILE
from tests.render.reading import Reading, read_cases

CASES = read_cases("conformance.json")
STYLES = DUSK.styles()
SHOWN_AS = {"strong": "bold", "em": "italic", "del": "strike"}


def drawn(html: str) -> list[Line]:
    return [*formatted(html, STYLES, lambda _, old: Text(old, STYLES.mention))]


def words(lines: list[Line]) -> str:
    return "".join(line.text.plain for line in lines)


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


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number, _ in enumerate(CASES)])
def test_every_case_tells_where_its_links_lead_and_has_its_quotes_and_items(case: dict[str, str]) -> None:
    lines = drawn(case["html"])
    reading = Reading(case["html"])
    text = "".join(words(lines).split())
    for address in reading.links:
        assert address.removeprefix("https://").removeprefix("http://").removeprefix("mailto:").rstrip("/") in text
    tags = [tag for tag, _ in reading.tags]
    assert any(QUOTE in line.first.plain for line in lines) == ("blockquote" in tags)
    markers = sum(line.first.plain.count(BULLET) for line in lines)
    assert markers == case["html"].count("<ul><li>") + in_lists(case["html"])


def in_lists(html: str) -> int:
    """Items of lists without numbers, besides the first ones."""
    lists: list[str] = []
    count = 0
    for tag in html.replace("<ul><li>", "<ul>").split("<"):
        if tag.startswith(("ul", "ol")):
            lists.append(tag[:2])
        elif tag.startswith(("/ul", "/ol")):
            lists.pop()
        elif tag.startswith("li") and lists[-1] == "ul":
            count += 1
    return count


def test_lines_are_those_of_the_text() -> None:
    html = 'a<br><br>b<blockquote>c<br>d</blockquote>e<pre data-language="x"><code>f\n\ng</code></pre>h'
    assert [f"{line.first.plain}{line.text.plain}" for line in drawn(html)] == [
        "a", "", "b", f"{QUOTE}c", f"{QUOTE}d", "e", "x", "f", "", "g", "h",
    ]  # fmt: skip


def test_lists_are_numbered_and_stand_in_each_other() -> None:
    lines = drawn('<ol start="3"><li>a<ul><li>b</li><li>c<br>d</li></ul></li><li>e</li></ol>')
    assert [f"{line.first.plain}{line.text.plain}" for line in lines] == ["3. a", "   • b", "   • c", "     d", "4. e"]
    assert lines[0].rest.plain == "   "


def test_a_link_tells_its_address_unless_it_says_it() -> None:
    assert words(drawn('<a href="https://example.org/">example.org</a>')) == "example.org"
    assert words(drawn('<a href="https://example.org/tides">the tides</a>')) == "the tides (https://example.org/tides)"


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

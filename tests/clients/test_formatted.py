"""The HTML of messages as lines: what a browser shows of it."""

import pytest

from clients.formatted import BULLET, QUOTE, Line, Piece, lines_of
from tests.clients.test_safe_text import HOSTILE
from tests.render.reading import Reading, read_cases

CASES = read_cases("conformance.json")


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def words(lines: list[Line]) -> str:
    return "".join(text_of(line.pieces) for line in lines)


def whole(lines: list[Line]) -> list[str]:
    return [text_of([*line.first, *line.pieces]) for line in lines]


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number, _ in enumerate(CASES)])
def test_every_case_tells_where_its_links_lead_and_has_its_quotes_and_items(case: dict[str, str]) -> None:
    lines = lines_of(case["html"])
    reading = Reading(case["html"])
    text = "".join(words(lines).split())
    for address in reading.links:
        assert address.removeprefix("https://").removeprefix("http://").removeprefix("mailto:").rstrip("/") in text
    tags = [tag for tag, _ in reading.tags]
    assert any(QUOTE in text_of(line.first) for line in lines) == ("blockquote" in tags)
    markers = sum(text_of(line.first).count(BULLET) for line in lines)
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
    lines = lines_of(html)
    assert whole(lines) == ["a", "", "b", f"{QUOTE}c", f"{QUOTE}d", "e", "f", "", "g", "h"]
    assert [line.language for line in lines if line.is_code] == ["x", "", ""]


def test_lists_are_numbered_and_stand_in_each_other() -> None:
    lines = lines_of('<ol start="3"><li>a<ul><li>b</li><li>c<br>d</li></ul></li><li>e</li></ol>')
    assert whole(lines) == ["3. a", "   • b", "   • c", "     d", "4. e"]
    assert text_of(lines[0].rest) == "   "


def test_a_link_tells_its_address_unless_it_says_it() -> None:
    assert words(lines_of('<a href="https://example.org/">example.org</a>')) == "example.org"
    link, address = lines_of('<a href="https://example.org/tides">the tides</a>')[0].pieces
    assert link == Piece("the tides", ("link",), "https://example.org/tides")
    assert address == Piece(" (https://example.org/tides)", ("address",))


def test_each_piece_tells_all_that_it_looks_like_and_whom_it_mentions() -> None:
    html = '<strong>a <em>b</em></strong><a data-person="7">@ada</a><span class="k">if</span><span class="x">y</span>'
    assert lines_of(html)[0].pieces == [
        Piece("a ", ("strong",)),
        Piece("b", ("strong", "em")),
        Piece("@ada", ("mention",), person=7),
        Piece("if", ("keyword",)),
        Piece("y"),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_others_is_more_than_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    for html in (escaped, f"<pre><code>{escaped}</code></pre>", f'<a href="https://x.org/{escaped}">y</a>'):
        assert words(lines_of(html)).isprintable()
    assert lines_of(f'<pre data-language="{escaped}"><code>z</code></pre>')[0].language.isprintable()

"""The HTML of messages as what a Text of Tk is given."""

import pytest

from clients.desktop.formatted import formatted
from clients.formatted import Piece
from tests.clients.full_screen.test_formatted import CASES, Letters


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number, _ in enumerate(CASES)])
def test_every_case_shows_each_letter_in_its_order(case: dict[str, str]) -> None:
    """Among them stand the marks of quotes and of items."""
    shown = iter("".join(piece.text for piece in formatted(case["html"], 1)))
    assert [letter for letter, _ in Letters(case["html"]).found if letter not in shown] == []


def test_a_mention_of_the_reader_stands_out() -> None:
    html = '<a data-person="1">@ada</a><a data-person="2">@bo</a>'
    assert formatted(html, 1) == [Piece("@ada", ("mention_me",), person=1), Piece("@bo", ("mention",), person=2)]


def test_a_link_leads_somewhere_and_does_not_say_where() -> None:
    assert formatted('<a href="https://example.org/a">b</a>', 1) == [Piece("b", ("link",), "https://example.org/a")]


def test_the_colour_of_code_goes_on_to_the_edge_and_nothing_ends_the_last_line() -> None:
    assert formatted("a<br><pre><code>b</code></pre><br><br>", 1) == [
        Piece("a"),
        Piece("\n"),
        Piece("b", ("block", "code")),
    ]

"""A message as one line of plain text."""

import pytest

from app.render.line import line_of
from app.render.text import render_text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain & simple <b>", "plain & simple <b>"),
        ("one\ntwo\n\nthree", "one two three"),
        ("**bold** and `code` and [a link](https://example.org/a?b=c&d=e)", "bold and code and a link"),
        ("before\n- one\n- two", "before one two"),
        ("look\n> said > before\nafter", "look said > before after"),
        ('```a>b"c\nx < y\n```', "x < y"),
        ("", ""),
    ],
)
def test_a_line_has_the_words_and_nothing_of_the_markup(text: str, line: str) -> None:
    assert line_of(render_text(text, "http://localhost")) == line

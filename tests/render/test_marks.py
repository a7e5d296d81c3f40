"""Marks around what was searched for."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.search_query import parse
from app.folding import composed, term_of
from app.render.marks import marked
from app.render.text import render_text


def shown(html: str, asked: str) -> str:
    return marked(html, parse(asked).terms)


@pytest.mark.parametrize(
    ("html", "asked", "found"),
    [
        ("A cold start", "cold", "A <mark>cold</mark> start"),
        ("A cold start", '"cold start"', "A <mark>cold start</mark>"),
        ("Crème, cremes", "crem", "<mark>Crème</mark>, <mark>cremes</mark>"),
        ("colder cold", '"cold"', "colder <mark>cold</mark>"),
        ("北京大学在", "大学", "北京<mark>大学</mark>在"),
        ("<strong>cold</strong> &lt;cold&gt;", "cold", "<strong><mark>cold</mark></strong> &lt;<mark>cold</mark>&gt;"),
        ('<a href="https://cold.example">x</a>', "cold", '<a href="https://cold.example">x</a>'),
        ('<a class="mention" data-person="3">@cold</a>', "cold", '<a class="mention" data-person="3">@cold</a>'),
        ("nothing here", "cold", "nothing here"),
    ],
)
def test_words_are_marked_where_they_stand(html: str, asked: str, found: str) -> None:
    assert shown(html, asked) == found


MARKUP = ("<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "&lt;b&gt;", "mark strong br a")


@pytest.mark.parametrize("asked", MARKUP)
def test_what_is_asked_for_is_never_markup(asked: str) -> None:
    html = render_text(f"**so** {asked}", "https://roost.example")
    assert without_marks(shown(html, asked)) == unescape(html)


@given(st.text(), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_marks_change_nothing_but_themselves(text: str, asked: list[str]) -> None:
    terms = [term for each in asked if (term := term_of(each, whole=False)) is not None]
    assert without_marks(marked(escape(text), terms)) == composed(text)


def without_marks(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html))

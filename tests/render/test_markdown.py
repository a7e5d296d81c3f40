"""The small Markdown, case by case: tests/render/conformance.json is what other renderers can be measured by, too."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.emoji import with_emoji
from app.render.markdown import has_markup, html_of, parser
from app.render.text import render_text
from tests.render.reading import HERE, Reading, is_allowed, read_cases

CASES = read_cases("conformance.json")


@pytest.mark.parametrize("case", CASES, ids=[f"{number} {case['source']}" for number, case in enumerate(CASES)])
def test_every_case_is_rendered_as_it_says(case: dict[str, str]) -> None:
    html = render_text(case["text"], HERE)
    assert html == case["html"]
    is_allowed(html)


def test_several_threads_do_not_get_in_each_others_way() -> None:
    parser.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(lambda case: render_text(case["text"], HERE), CASES))
    finally:
        sys.setswitchinterval(before)
    assert made == [case["html"] for case in CASES]


def test_no_case_is_there_twice() -> None:
    texts = [case["text"] for case in CASES]
    assert len(texts) == len(set(texts)) > 500


@given(st.text(st.sampled_from("ab .,:()-+>12\n\t"), max_size=60).map(str.strip))
def test_what_looks_like_no_markup_is_none(text: str) -> None:
    if not has_markup(text):
        by_parser = Reading(html_of(text, HERE))
        assert {tag for tag, _ in by_parser.tags} <= {"br", "a"}, "1.bb is an address"
        assert words_of(by_parser.text) == words_of(with_emoji(text))


def words_of(text: str) -> list[list[str]]:
    """Line by line; a browser draws spaces as one."""
    return [line.split() for line in text.split("\n")]


@given(st.text(st.sampled_from("*_~`[]()>-1.a \\\n!:#<&"), max_size=60))
def test_any_markup_is_well_formed(text: str) -> None:
    is_allowed(render_text(text, HERE))


def test_every_line_end_is_kept() -> None:
    for lines in range(1, 6):
        assert render_text("a" + "\n" * lines + "**b**", HERE) == "a" + "<br>" * lines + "<strong>b</strong>"


def test_a_hundred_links_are_links() -> None:
    text = "\n".join(f"- [ ] [page {n}](http://a.org/{n})" for n in range(100))
    assert len(text) < 4_000
    assert len(Reading(render_text(text, HERE)).links) == 100

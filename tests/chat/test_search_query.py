"""What somebody types to search, as it is understood."""

from datetime import date

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from app.chat.search_query import MOST, OPERATORS, Chip, parse
from app.errors import BadDate, BadRequest, RoostError
from app.folding import Term


def words(*texts: str, whole: bool = False) -> list[Term]:
    return [Term(tuple(text.split()), whole) for text in texts]


def test_words_phrases_and_what_is_not_wanted() -> None:
    query = parse('Cold "Tide Sensors" -rain -"small boat" pre* v2.0')
    assert query.terms == [*words("cold"), *words("tide sensors", whole=True), *words("pre", "v2 0")]
    assert query.without == [*words("rain"), *words("small boat", whole=True)]
    assert query.chips == []


def test_operators() -> None:
    query = parse('from:@Ada FROM:me in:#tea in:"Tide Sensors" has:link HAS:File mentions:me on:2026-01-31')
    assert (query.authors, query.rooms, query.mentioned, query.has) == (
        ["Ada", "me"],
        ["tea", "Tide Sensors"],
        ["me"],
        ["link", "file"],
    )
    assert (query.since, query.until) == (date(2026, 1, 31), date(2026, 2, 1))
    assert query.chips[3] == Chip("in", "Tide Sensors", 'in:"Tide Sensors"')
    assert query.terms == []


def test_days_leave_themselves_out() -> None:
    query = parse("after:2026-1-30 before:2026-02-05 after:2026-01-01")
    assert (query.since, query.until) == (date(2026, 1, 31), date(2026, 2, 5))
    assert parse("after:9999-12-31").since == date.max


@pytest.mark.parametrize(
    "text", ["foo:bar", "has:cat", "https://example.com", "-from:@ada", "to:", "in: tea", '""', "from:"]
)
def test_what_is_no_operator_is_words(text: str) -> None:
    assert parse(text).chips == []


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "2026-02-30", "31.1.2026", "0000-01-01", "٢٠٢٦-٠١-٣٢"])
def test_what_is_no_date_says_so(day: str) -> None:
    with pytest.raises(BadDate) as problem:
        parse(f"cold before:{day}")
    assert day in problem.value.message


def test_there_is_an_end_to_what_one_search_takes() -> None:
    assert len(parse("a " * MOST).terms) == MOST
    with pytest.raises(BadRequest, match="20"):
        parse("a " * (MOST + 1))


PARTS = st.one_of(
    st.sampled_from([f"{name}:" for name in OPERATORS]),
    st.sampled_from(['"', "-", " ", ":", "@", "*"]),
    st.text(max_size=6),
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_any_text_is_understood_or_says_why_not(text: str) -> None:
    try:
        query = parse(text)
    except RoostError as problem:
        event(problem.code)
    else:
        assert all(chip.text in text for chip in query.chips)

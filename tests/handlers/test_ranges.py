"""Parts of a file (RFC 9110 section 14); tests/handlers/test_files.py asks for them over a socket."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers, text

from app.handlers.ranges import Span, span_of

WHOLE = Span(0, 100, is_part=False)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", WHOLE),
        ("bytes=0-", Span(0, 100, is_part=True)),
        ("bytes=0-0", Span(0, 1, is_part=True)),
        ("bytes=99-99", Span(99, 100, is_part=True)),
        ("bytes=50-1000", Span(50, 100, is_part=True)),
        ("bytes=-1", Span(99, 100, is_part=True)),
        ("bytes=-1000", Span(0, 100, is_part=True)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=-", WHOLE),
        ("bytes=5-4", WHOLE),
        ("bytes=0-1,3-4", WHOLE),
        ("bytes=a-b", WHOLE),
        ("pages=1-2", WHOLE),
        ("bytes=" + "9" * 40 + "-", WHOLE),
    ],
)
def test_what_is_asked_for_is_a_part_the_whole_or_nothing(header: str, span: Span | None) -> None:
    assert span_of(header, 100) == span


@given(text(), integers(0, 1000))
def test_nothing_outside_of_the_file_is_ever_a_part_of_it(header: str, size: int) -> None:
    span = span_of(f"bytes={header}", size)
    assert span is None or 0 <= span.start <= span.end <= size

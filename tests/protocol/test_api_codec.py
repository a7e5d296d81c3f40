"""What is given to the HTTP API is read strictly, or refused with a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from app.errors import BadRequest
from app.protocol.api import HistoryAsked, NewMessage, RoomChange, SearchAsked
from app.protocol.api_codec import decode_body, read_query


def test_a_body_is_read_as_what_belongs_there() -> None:
    assert decode_body(b'{"text": "hello", "reply_to": 3}', NewMessage) == NewMessage(text="hello", reply_to=3)


def test_what_is_left_out_is_not_null() -> None:
    assert decode_body(b"{}", RoomChange).topic is UNSET
    assert decode_body(b'{"topic": ""}', RoomChange).topic == ""
    with pytest.raises(BadRequest, match="topic"):
        decode_body(b'{"topic": null}', RoomChange)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"text": "a"} {}',
        b'{"text": "a", "seq": 1}',
        b'{"text": "a", "text": "a"}',
        b'{"text": "\\u0000"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b'{"reply_to": 9007199254740992}',
        b'{"reply_to": 1e400}',
        b'{"reply_to": ' + b"1" * 5_000 + b"}",
        b'{"text": "a", "n": ' + b"1" * 5_000 + b"}",
        b'{"files": ["x"]}',
    ],
)
def test_a_body_that_is_something_else_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        decode_body(body, NewMessage)


@given(st.binary(max_size=60))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with suppress(BadRequest):
        assert isinstance(decode_body(body, NewMessage), NewMessage)


def test_a_question_is_read_as_what_belongs_there() -> None:
    assert read_query({"before": [b"5"], "limit": [b"2"]}, HistoryAsked) == HistoryAsked(before=5, limit=2)
    assert read_query({"q": ["café".encode()]}, SearchAsked).q == "café"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": [b"a", b"b"]},
        {"q": [b"\xff"]},
        {"q": [b"a\0"]},
        {"q": [b"a" * 501]},
        {"q": [b"a"], "limit": [b"x"]},
        {"q": [b"a"], "limit": [b"1" * 5_000]},
        {"q": [b"a"], "who": [b"me"]},
    ],
)
def test_a_question_that_is_something_else_is_refused(query: dict[str, list[bytes]]) -> None:
    with pytest.raises(BadRequest):
        read_query(query, SearchAsked)

"""What is said over TCP alone: the first frame and the last."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCommand
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_auth, encode_closed
from app.protocol.gateway import Auth


def test_the_first_words_are_a_token() -> None:
    assert decode_auth(b'{"type":"auth","token":"roost_abc"}') == Auth("roost_abc", "auth")
    assert decode_auth(b' {"token": "", "type": "auth"} ') == Auth("", "auth")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"type":"auth"}',
        b'{"token":"roost_abc"}',
        b'{"type":"auth","token":5}',
        b'{"type":"auth","token":null}',
        b'{"type":"auth","token":"roost_abc","later":1}',
        b'{"type":"auth","token":"roost_abc","later":' + b"1" * 5_000 + b"}",
        b'{"type":"ping","ref":1}',
        b'{"type":"auth","token":"\xff"}',
        b'{"type":"auth","token":"roost_abc"} x',
        b"[" * 4_000,
    ],
)
def test_anything_else_is_refused_with_what_is_expected(body: bytes) -> None:
    with pytest.raises(BadCommand, match="The first command has to be auth"):
        decode_auth(body)


def test_a_frame_that_can_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(BadCommand, match="a key is there twice"):
        decode_auth(b'{"type":"auth","token":"roost_abc","token":"roost_def"}')


MEMBERS = st.one_of(
    st.sampled_from(['"type":"auth"', ' "type" : "auth"', '"type":null', '"token":1', '"later":1', "", " "]),
    st.text(max_size=8).map(lambda token: f'"token":{json.dumps(token)}'),
    st.text(st.sampled_from('\\u0d8fn/"'), max_size=8).map(lambda token: f'"token":"{token}"'),
)
GOOD = ['"type":"auth"', '"token":"roost_abc"']
OBJECTS = st.builds(
    lambda good, more: f"{{{','.join([*good, *more])}}}".encode(),
    st.sampled_from([GOOD, GOOD[:1], []]),
    st.lists(MEMBERS, max_size=2),
)


@given(st.binary(max_size=40) | OBJECTS)
def test_whatever_comes_first_is_refused_or_read_as_others_read_it(body: bytes) -> None:
    try:
        auth = decode_auth(body)
    except BadCommand:
        return
    assert json.loads(body) == {"type": auth.type, "token": auth.token}


@pytest.mark.parametrize("code", CloseCode)
def test_the_last_words_are_a_code_and_its_sentence(code: CloseCode) -> None:
    assert encode_closed(code) == f'{{"type":"closed","code":{code.value},"reason":"{code.sentence}"}}'.encode()

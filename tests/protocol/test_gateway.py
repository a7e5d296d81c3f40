"""What is said over TCP alone: the first frame and the last."""

import pytest

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


@pytest.mark.parametrize("code", CloseCode)
def test_the_last_words_are_a_code_and_its_sentence(code: CloseCode) -> None:
    assert encode_closed(code) == f'{{"type":"closed","code":{code.value},"reason":"{code.sentence}"}}'.encode()

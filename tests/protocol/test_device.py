import pytest

from app.errors import BadRequest
from app.protocol.device import CodeWanted, EndWanted, TokenWanted, decode


def test_a_request_is_an_object_with_its_field_and_others_are_ignored() -> None:
    assert decode(b'{"name": "terminal", "client_id": "x"}', CodeWanted) == CodeWanted("terminal")
    assert decode(b'{"device_code": "abc"}', TokenWanted) == TokenWanted("abc")
    assert decode(b'{"token": "roost_abc", "token_type_hint": "access_token"}', EndWanted) == EndWanted("roost_abc")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name=terminal",
        b"[]",
        b"null",
        b"{}",
        b'{"name": 5}',
        b'{"name": null}',
        b'{"name": "a", "scope": null}',
        b'{"name": "\xff"}',
        b'{"name": "a", "name": "b"}',
        b"[" * 100_000,
        b'{"name": "a"} x',
    ],
)
def test_anything_else_is_refused_with_what_is_taken(body: bytes) -> None:
    with pytest.raises(BadRequest) as refusal:
        decode(body, CodeWanted)
    assert refusal.value.message == "This address takes a JSON object with: name, scope."

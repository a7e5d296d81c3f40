"""What a client makes of the bytes of a server."""

import pytest

from clients.failures import Ended, Incompatible
from clients.wire import decode


def test_an_event_of_a_later_server_is_passed_over() -> None:
    assert decode(b'{"type":"weather.changed"}') is None


@pytest.mark.parametrize("body", [b"", b"{", b'{"type":"\xff"}'])
def test_what_is_no_event_ends_the_connection(body: bytes) -> None:
    with pytest.raises(Ended):
        decode(body)


@pytest.mark.parametrize(
    ("body", "named"), [(b'{"type":"done","ref":"x"}', "done"), (b'{"kind":"done"}', "no event"), (b"[]", "no event")]
)
def test_what_has_other_fields_than_it_should_is_named(body: bytes, named: str) -> None:
    with pytest.raises(Incompatible, match=named):
        decode(body)

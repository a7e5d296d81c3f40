from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.close_codes import CloseCode
from app.protocol.fields import FRAME_LIMIT
from app.protocol.framing import LENGTH_BYTES, LENGTH_PREFIXED
from app.protocol.length_prefix import BadLength, LengthPrefixReader

bodies = st.lists(st.binary(min_size=1, max_size=300), max_size=8)


def pieces(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    return (data[start:end] for start, end in pairwise(places))


def announcing(length: int) -> bytes:
    return length.to_bytes(LENGTH_BYTES, "big")


def read(data: Iterable[bytes], limit: int = 10) -> tuple[list[bytes], CloseCode | None]:
    reader = LengthPrefixReader(limit)
    bodies: list[bytes] = []
    try:
        for piece in data:
            for body in reader.feed(piece):
                assert 0 < len(body) <= limit
                bodies.append(body)
            assert reader.kept < LENGTH_BYTES + limit
    except BadLength as bad:
        return bodies, bad.code
    return bodies, None


@given(bodies, st.lists(st.integers(0, 2_500), max_size=20))
def test_bodies_come_whole_and_in_order_however_the_bytes_are_cut(sent: list[bytes], cuts: list[int]) -> None:
    reader = LengthPrefixReader()
    data = b"".join(LENGTH_PREFIXED.frame(body) for body in sent)
    assert [body for piece in pieces(data, cuts) for body in reader.feed(piece)] == sent
    assert reader.kept == 0


@given(bodies)
def test_byte_by_byte_is_enough(sent: list[bytes]) -> None:
    reader = LengthPrefixReader()
    data = b"".join(LENGTH_PREFIXED.frame(body) for body in sent)
    assert [body for byte in data for body in reader.feed(bytes((byte,)))] == sent


@given(bodies, st.integers(1, 299))
def test_half_a_frame_is_kept_and_no_more(sent: list[bytes], part: int) -> None:
    reader = LengthPrefixReader()
    whole = b"".join(LENGTH_PREFIXED.frame(body) for body in sent)
    half = LENGTH_PREFIXED.frame(b"x" * 300)[:part]
    assert list(reader.feed(whole + half)) == sent
    assert reader.kept == part


NOISE = st.one_of(
    st.binary(max_size=40), st.binary(max_size=40).map(LENGTH_PREFIXED.frame), st.integers(0, 40).map(announcing)
)


@given(st.lists(NOISE, max_size=8).map(b"".join), st.lists(st.integers(0, 400), max_size=20))
def test_noise_ends_alike_however_it_is_cut_and_little_of_it_is_kept(data: bytes, cuts: list[int]) -> None:
    assert read(pieces(data, cuts)) == read([data]) == read(bytes((byte,)) for byte in data)


def test_the_longest_command_comes_through() -> None:
    body = b"x" * FRAME_LIMIT
    assert list(LengthPrefixReader().feed(LENGTH_PREFIXED.frame(body))) == [body]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"\x00\x00\x00\x00", CloseCode.PROTOCOL_ERROR),
        (b"\x00\x01\x00\x01", CloseCode.TOO_BIG),
        (b"\x7f\xff\xff\xff", CloseCode.TOO_BIG),
        (b"\xff\xff\xff\xff", CloseCode.TOO_BIG),
        (b"GET ", CloseCode.TOO_BIG),
    ],
)
def test_a_length_that_nobody_may_announce_ends_it_before_anything_is_kept(head: bytes, code: CloseCode) -> None:
    reader = LengthPrefixReader()
    heard = reader.feed(LENGTH_PREFIXED.frame(b"before") + head + b"more" * 100_000)
    assert next(heard) == b"before"
    with pytest.raises(BadLength) as bad:
        next(heard)
    assert (bad.value.code, reader.kept) == (code, 0)


def test_the_limit_may_be_lower() -> None:
    with pytest.raises(BadLength):
        list(LengthPrefixReader(limit=10).feed(LENGTH_PREFIXED.frame(b"x" * 11)))

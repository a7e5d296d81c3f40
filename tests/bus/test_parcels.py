import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bus.base import Event
from app.bus.parcels import pack, sender, unpack

BODIES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=300).map(str.encode)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["room:1", "user:12", "everyone"]), st.integers(1, 2**63), st.none() | BODIES),
    max_size=30,
)


@given(EVENTS)
def test_what_is_packed_is_unpacked(events: list[Event]) -> None:
    parcels = list(pack("me", events))
    assert len(parcels) == bool(events)
    assert [event for parcel in parcels for event in unpack(parcel)] == events
    assert all(sender(parcel) == "me" for parcel in parcels)


@given(EVENTS, st.integers(50, 1_000))
def test_no_parcel_is_longer_than_the_limit_and_no_number_is_lost(events: list[Event], limit: int) -> None:
    parcels = list(pack("me", events, limit))
    assert all(len(parcel) <= limit for parcel in parcels)
    arrived = [event for parcel in parcels for event in unpack(parcel)]
    assert [event[:2] for event in arrived] == [event[:2] for event in events]
    for (_, _, after), (_, _, before) in zip(arrived, events, strict=True):
        assert after in (None, before)
        assert after == before or len(before or b"") > limit - 50


def test_few_small_events_share_a_parcel() -> None:
    events: list[Event] = [("room:1", seq, b"{}") for seq in range(100)]
    assert len(list(pack("me", events, 7_900))) == 1


def test_a_hint_that_does_not_fit_is_left_out() -> None:
    events: list[Event] = [("room:1", 0, b"x" * 100), ("room:1", 0, b"y"), ("room:1", 0, None)]
    (parcel,) = pack("me", events, 50)
    assert list(unpack(parcel)) == [("room:1", 0, b"y")]


@pytest.mark.parametrize("parcel", [b"me\nroom:1", b"me\nroom:1 seven {}", b"me\n"])
def test_what_is_no_parcel_is_refused(parcel: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever it is, it is logged
        list(unpack(parcel))

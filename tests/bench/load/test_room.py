"""That the books find every way in which a server can lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.framing import websocket_ping_frame, websocket_text_frame
from bench.dialects.base import Unexpected
from bench.dialects.websocket import PONG, PlainWebSocket, client_frame
from bench.load.room import Place, Room
from bench.text import text_of

MESSAGES = 5


def frame(sender: int, nth: int) -> bytes:
    return websocket_text_frame(text_of(sender, nth).encode())


def talked() -> Room:
    """A room in which each of two people has said MESSAGES things."""
    room = Room(PlainWebSocket(), senders=2)
    for sender in (0, 1) * MESSAGES:
        room.say(sender)
    return room


def said() -> list[bytes]:
    return [frame(sender, nth) for nth in range(MESSAGES) for sender in (0, 1)]


def take(room: Room, data: bytes, place: Place | None = None) -> Place:
    place = place or room.place(timed=True)
    room.take(place, data, lambda _: None)
    return place


def test_who_gets_everything_in_order_has_heard_all() -> None:
    room = talked()
    first, second = room.place(timed=True), room.place(timed=False)
    for place in (first, second):
        take(room, b"".join(said()), place)
        assert room.heard_all(place)
        assert room.messages_at(place) == 2 * MESSAGES
    assert len(room.latencies) == 2 * MESSAGES  # of the timed member alone
    assert room.order() == [(sender, nth) for nth in range(MESSAGES) for sender in (0, 1)]


def test_the_messages_of_some_senders_alone_are_timed() -> None:
    room = talked()
    room.timed = {1}
    take(room, b"".join(said()))
    assert len(room.latencies) == MESSAGES


@given(st.lists(st.integers(1, 400), max_size=30), st.lists(st.integers(1, 400), max_size=30))
def test_it_does_not_matter_how_the_bytes_are_cut(first_cuts: list[int], second_cuts: list[int]) -> None:
    room = talked()
    places = room.place(timed=True), room.place(timed=True)
    for place, cuts in zip(places, (first_cuts, second_cuts), strict=True):
        data = b"".join(said())
        for cut in cuts:
            take(room, data[:cut], place)
            data = data[cut:]
        take(room, data, place)
    assert all(map(room.heard_all, places))


@given(st.integers(0, 2 * MESSAGES), st.integers(0, 2 * MESSAGES))
def test_noise_between_messages_is_no_message(before: int, cut: int) -> None:
    room = talked()
    take(room, b"".join(said()))
    answers: list[bytes] = []
    place = Place()
    noisy = said()
    noisy.insert(before, websocket_ping_frame(b"there?"))
    data = b"".join(noisy)
    room.take(place, data[: cut * 37], answers.append)
    room.take(place, data[cut * 37 :], answers.append)
    assert room.heard_all(place)
    assert answers == [client_frame(b"there?", PONG)]


@pytest.mark.parametrize(
    "lie",
    [
        lambda frames: [*frames[:3], *frames[4:]],
        lambda frames: [*frames[:3], frames[3], *frames[3:]],
        lambda frames: [*frames[:3], frames[5], frames[4], frames[3], *frames[6:]],
        lambda frames: [*frames[:3], frames[3].replace(b"rope", b"ripe"), *frames[4:], frame(0, MESSAGES)],
        lambda frames: [*frames, frames[-1]],
        lambda frames: [*frames, frame(1, MESSAGES)],
    ],
    ids=["left out", "doubled", "swapped", "altered", "last one doubled", "made up"],
)
@pytest.mark.parametrize("others_heard_first", [True, False])
def test_a_lie_is_found(lie: "object", others_heard_first: bool) -> None:
    assert callable(lie)
    room = talked()
    if others_heard_first:
        take(room, b"".join(said()))
    with pytest.raises((Unexpected, ValueError)):
        take(room, b"".join(lie(said())), Place())


def test_what_is_lost_at_the_end_is_seen() -> None:
    room = talked()
    assert not room.heard_all(take(room, b"".join(said()[:-1])))
    assert not room.heard_all(take(room, b"".join(said())[:-1], Place()))


def test_two_orders_are_one_too_many() -> None:
    room = talked()
    take(room, b"".join(said()))
    turned = [frame(sender, nth) for nth in range(MESSAGES) for sender in (1, 0)]
    with pytest.raises(Unexpected):
        take(room, b"".join(turned), Place())


def test_who_comes_later_hears_what_is_said_from_then_on() -> None:
    room = talked()
    take(room, b"".join(said()[:4]))
    assert room.heard_all(take(room, b"".join(said()[4:])))

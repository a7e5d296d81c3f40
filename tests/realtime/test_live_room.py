"""A room's audiences and its numbers, without a hub."""

from typing import Any

import pytest

from app.protocol.codec import encode_event
from app.protocol.events import MemberJoined, Message, MessagePosted, Person
from app.realtime.live_room import LiveRoom
from app.realtime.outgoing import WriteQueue
from tests.support.house import RecordingTransport
from tests.support.waiting import until

ANA = Person(1, "ana", "Ana")


class Listener:
    """Stands where a connection stands: only its transport is used."""

    def __init__(self) -> None:
        self.transport = RecordingTransport()


def connection() -> Any:
    return Listener()


def heard(listener: Any) -> list[bytes]:
    return listener.transport.bodies  # type: ignore[no-any-return]


@pytest.fixture
def live() -> LiveRoom:
    return LiveRoom(1, 10, WriteQueue())


async def test_changes_during_the_opening_follow_the_reply_and_those_it_holds_are_left_out(live: LiveRoom) -> None:
    ana = connection()
    live.begin_opening(ana)
    live.hand_out(11, b"eleven")
    live.hand_out(12, b"twelve")
    assert heard(ana) == []
    live.finish_opening(ana, 11, b"state as of 11")
    live.hand_out(13, b"thirteen")
    await until(lambda: not live.open_here.waiting)
    assert heard(ana) == [b"state as of 11", b"twelve", b"thirteen"]


async def test_a_state_newer_than_what_was_handed_out_is_not_told_once_more(live: LiveRoom) -> None:
    ana, bo = connection(), connection()
    live.begin_opening(bo)
    live.finish_opening(bo, 10, b"state as of 10")
    live.begin_opening(ana)
    live.finish_opening(ana, 12, b"state as of 12")
    for seq, body in ((11, b"eleven"), (12, b"twelve"), (13, b"thirteen")):
        live.hand_out(seq, body)
    await until(lambda: not live.open_here.waiting)
    assert heard(ana) == [b"state as of 12", b"thirteen"]
    assert heard(bo) == [b"state as of 10", b"eleven", b"twelve", b"thirteen"]


async def test_what_waits_to_be_written_is_not_for_a_newcomer(live: LiveRoom) -> None:
    ana, bo = connection(), connection()
    live.begin_opening(bo)
    live.finish_opening(bo, 10, b"state as of 10")
    live.hand_out(11, b"eleven")
    live.begin_opening(ana)
    live.finish_opening(ana, 11, b"state as of 11")
    await until(lambda: not live.open_here.waiting)
    assert heard(ana) == [b"state as of 11"]
    assert heard(bo) == [b"state as of 10", b"eleven"]


async def test_opening_again_hears_of_no_change_twice(live: LiveRoom) -> None:
    ana = connection()
    live.begin_opening(ana)
    live.finish_opening(ana, 10, b"state as of 10")
    live.begin_opening(ana)
    live.hand_out(11, b"eleven")
    live.finish_opening(ana, 11, b"state as of 11")
    live.hand_out(12, b"twelve")
    await until(lambda: not live.open_here.waiting)
    assert heard(ana) == [b"state as of 10", b"state as of 11", b"twelve"]


async def test_an_opening_that_failed_leaves_activity_alone(live: LiveRoom) -> None:
    ana = connection()
    live.watch(ana)
    live.begin_opening(ana)
    live.abandon_opening(ana)
    live.hand_out(11, b"eleven")
    live.elsewhere.add(b"activity")
    await until(lambda: not live.elsewhere.waiting)
    assert heard(ana) == [b"activity"]


async def test_who_has_the_room_open_hears_no_activity_of_it(live: LiveRoom) -> None:
    ana = connection()
    live.watch(ana)
    live.begin_opening(ana)
    live.finish_opening(ana, 10, b"state")
    live.elsewhere.add(b"activity")
    live.open_here.add(b"hint")
    await until(lambda: not live.elsewhere.waiting and not live.open_here.waiting)
    assert heard(ana) == [b"state", b"hint"]
    live.watch(ana)
    live.open_here.add(b"hint")
    live.elsewhere.add(b"activity")
    await until(lambda: not live.elsewhere.waiting and not live.open_here.waiting)
    assert heard(ana) == [b"state", b"hint", b"activity"]


@pytest.mark.parametrize("step", ["watch", "begin", "arrive", "finish"])
async def test_a_connection_that_leaves_at_any_step_deserts_the_room(live: LiveRoom, step: str) -> None:
    ana = connection()
    live.watch(ana)
    if step != "watch":
        live.begin_opening(ana)
    if step in {"arrive", "finish"}:
        live.finish_opening(ana, 11 if step == "arrive" else 10, b"state")
    seen = [live.deserted]
    live.leave(ana)
    seen.append(live.deserted)
    live.finish_opening(ana, 10, b"late")
    live.abandon_opening(ana)
    seen.append(live.deserted)
    assert seen == [False, True, True], "an opening that ends after the connection brings nobody back"
    assert b"late" not in heard(ana)


def test_early_changes_come_out_in_order_up_to_the_next_hole(live: LiveRoom) -> None:
    live.ahead = {14: b"14", 12: b"12", 11: b"11"}
    out = []
    for seq, body in live.next_ahead():
        live.hand_out(seq, body)
        out.append(body)
    assert out == [b"11", b"12"]
    assert live.ahead == {14: b"14"}


def test_the_latest_post_is_kept_and_other_changes_are_not_taken_for_one(live: LiveRoom) -> None:
    message = Message(number=3, seq=11, author=1, at=0, html="hi", text="hi", nonce="n" * 16)
    post = encode_event(MessagePosted(room=1, seq=11, message=message, person=ANA))
    joined = encode_event(MemberJoined(room=1, seq=12, person=ANA))
    live.hand_out(11, post)
    live.hand_out(12, joined)
    assert live.latest_post == post

"""What each event makes of what is known."""

from app.protocol import events
from clients.known_room import KnownRoom
from clients.room_events import RoomEvent, RoomReset
from clients.state import Change, State
from clients.timeline import MOST, NEWEST, Timeline, brought_up
from tests.clients.rows import ADA, BO, changed, message, opened, posted, reacted, row, started


def open_state(count: int = 3, **values: int) -> tuple[State, KnownRoom]:
    """A room with so many messages, open."""
    state = State()
    head = row(number=count, seq=count, **values)
    state.apply(started(head))
    state.apply(opened(head, *(message(number) for number in range(1, count + 1)), reset=True, first=True))
    return state, state.rooms[1]


def told(room: KnownRoom) -> list[tuple[str, int]]:
    """What readers heard: its kind, and the number of the message."""
    found = []
    for event in room.changes:
        if isinstance(event, RoomReset):
            found.append(("reset", event.after or 0))
        elif isinstance(event, events.MessagePosted | events.MessageChanged):
            found.append((type(event).__name__, event.message.number))
    return found


def held(room: KnownRoom) -> list[str]:
    return [each.text for each in room.timeline]


def test_the_next_change_is_taken_an_old_one_dropped_and_a_hole_noticed() -> None:
    state, room = open_state()
    assert Change("messages", 1) in state.apply(posted(4))
    assert state.apply(posted(4)) == []
    assert state.apply(posted(6)) == [Change("behind", 1)]
    assert held(room) == ["word 1", "word 2", "word 3", "word 4"]
    state.apply(opened(row(number=6, seq=6), message(5), message(6)))
    assert held(room)[-2:] == ["word 5", "word 6"]
    assert not room.behind
    assert told(room) == [("MessagePosted", 4), ("MessagePosted", 5), ("MessagePosted", 6)]


def test_a_heartbeat_tells_of_what_never_came() -> None:
    state, room = open_state()
    assert state.apply(events.Heartbeat({"1": 3})) == []
    assert state.apply(events.Heartbeat({"1": 4, "9": 1})) == [Change("behind", 1)]
    assert room.behind


def test_what_was_missed_is_told_once_in_parts_too() -> None:
    state, room = open_state()
    # 4 was edited after 5 came, so its state comes later; the line breaks between the parts.
    state.apply(opened(row(number=6, seq=5), message(5, 5), more=True))
    state.apply(opened(row(number=6, seq=7), message(6, 6), message(4, 7, edited=9)))
    state.apply(opened(row(number=6, seq=7), message(6, 6), message(4, 7, edited=9)))
    assert told(room) == [("MessagePosted", 5), ("MessagePosted", 6), ("MessagePosted", 4)]
    state.apply(changed(4, 8, text="again"))
    assert told(room)[-1] == ("MessageChanged", 4)
    assert held(room) == ["word 1", "word 2", "word 3", "again", "word 5", "word 6"]


def test_too_much_was_missed() -> None:
    state, room = open_state()
    page = [message(number) for number in range(2_000, 2_050)]
    state.apply(opened(row(number=2_049, seq=2_049), *page, reset=True))
    assert told(room)[0] == ("reset", 3)
    assert told(room)[1:] == [("MessagePosted", number) for number in range(2_000, 2_050)]
    assert room.timeline.first == 2_000
    state.apply(changed(500, 2_050))
    assert told(room)[-1] == ("MessageChanged", 500)


def test_another_database_begins_anew() -> None:
    state, room = open_state(count=30)
    state.apply(started(row(number=2, seq=2), epoch="two"))
    assert room.position is not None
    assert room.position.epoch == "one"
    assert room.row.number == 2
    state.apply(opened(row(number=2, seq=2), message(1), message(2), reset=True, first=True))
    assert told(room) == [("reset", 0), ("MessagePosted", 1), ("MessagePosted", 2)]
    assert held(room) == ["word 1", "word 2"]
    assert room.position == ("two", 2)
    assert not room.behind


def test_unread_counts_what_is_behind_the_marker() -> None:
    state, room = open_state(read=1)
    assert room.unread == 2
    state.apply(posted(4, mentions=[ADA.id]))
    state.apply(posted(5, told="all", author=ADA.id))
    state.apply(events.RoomActivity(1, 6, 6))
    assert (room.unread, room.mentions) == (5, 1)
    state.apply(changed(4, 6, mentions=[]))
    assert room.mentions == 0
    state.apply(events.MentionPosted(1, 6))
    state.apply(events.MentionPosted(1, 6, by=ADA.id))
    assert room.mentions == 1
    state.apply(events.RoomRead(1, 6))
    assert (room.unread, room.mentions) == (0, 0)
    state.apply(events.RoomUnread(1, 4, [6]))
    assert (room.unread, room.mentions) == (2, 1)


def test_an_answer_to_ones_own_message_is_for_one() -> None:
    state, room = open_state()
    state.apply(posted(4, author=ADA.id))
    state.apply(posted(5, reply_to=4))
    assert room.row.mentions == [5]
    state.apply(events.PersonBlocked(BO, blocked=True))
    state.apply(posted(6, reply_to=4))
    assert room.row.mentions == [5]


def test_rules_and_names_of_a_room() -> None:
    state, room = open_state()
    state.apply(events.RoomChanged(1, 4, "lounge", "Lounge", "soft chairs", "public"))
    assert (room.row.slug, room.row.topic, room.position) == ("lounge", "soft chairs", ("one", 4))
    # An answer that was read before.
    state.apply(opened(row(number=3, seq=3)))
    assert room.row.slug == "lounge"
    assert state.room_called("lounge") is room


def test_who_is_writing_is_forgotten() -> None:
    now = [0.0]
    state = State(lambda: now[0])
    state.apply(started(row()))
    state.apply(events.TypingStarted(1, BO))
    state.apply(events.TypingStarted(1, ADA))
    assert state.typists(1) == [BO]
    now[0] = 6.0
    assert state.typists(1) == []


def test_a_room_that_one_is_not_in_any_more() -> None:
    state, room = open_state()
    thread = row(id=7, kind="thread", parent=1, root=2)
    state.apply(events.RoomJoined(thread))
    assert list(state.threads) == [7]
    state.apply(events.RoomRemoved(1, 4))
    assert (state.rooms, state.threads) == ({}, {})
    assert room.changes.over is not None


def test_drafts_and_people() -> None:
    state, _ = open_state()
    state.apply(events.DraftChanged(events.Draft(1, "newer", 5)))
    state.apply(events.DraftChanged(events.Draft(1, "older", 4)))
    assert state.drafts[1].text == "newer"
    state.apply(events.PersonChanged(events.Person(1, "countess", "Ada")))
    assert state.person is not None
    assert (state.person.handle, state.people[1].handle) == ("countess", "countess")


def test_presence_of_a_direct_room() -> None:
    state = State()
    state.apply(started(row(kind="direct", people=[ADA, BO], here=[1])))
    state.apply(events.PresenceChanged(1, 2, came=[2]))
    assert state.rooms[1].row.here == [1, 2]
    state.apply(events.PresenceChanged(1, 2, idle=[2]))
    assert state.rooms[1].row.idle == [2]
    state.apply(events.PresenceChanged(1, 1, went=[2]))
    assert (state.rooms[1].row.here, state.rooms[1].row.idle) == ([1], [])


def test_reactions_are_applied_once() -> None:
    state, room = open_state()
    state.apply(reacted(2, 4, "👍", 1))
    state.apply(reacted(2, 5, "👍", 2))
    state.apply(reacted(2, 6, "👍", 1, on=False))
    state.apply(reacted(2, 6, "🎉", 1))
    found = room.timeline.message(2)
    assert found is not None
    assert [(each.emoji, each.people) for each in found.reactions] == [("👍", [2])]


def test_a_page_that_is_older_than_what_was_heard() -> None:
    later: list[RoomEvent] = [reacted(2, 4, "👍", 1), changed(1, 5, text="edited")]
    assert brought_up(message(2), later).reactions[0].people == [1]
    assert brought_up(message(1), later).text == "edited"
    assert brought_up(message(2, 9), later).reactions == []


def test_a_timeline_is_bounded() -> None:
    timeline = Timeline()
    for number in range(1_000, 3_000):
        timeline.put([message(number)])
    assert (len(timeline), timeline.first) == (NEWEST, 2_700)
    timeline.put_older([message(number) for number in range(2_600, 2_700)])
    assert (len(timeline), timeline.first) == (NEWEST + 100, 2_600)
    timeline.put([message(3_000)])
    assert timeline.first == 2_601
    for first in range(2_500, 1_000, -100):
        timeline.put_older([message(number) for number in range(first, timeline.first)])
    assert len(timeline) == MOST
    assert [each.number for each in timeline] == sorted(each.number for each in timeline)
    timeline.forget_older()
    assert len(timeline) == NEWEST


def test_what_is_answered_can_be_quoted_when_it_is_not_held() -> None:
    timeline = Timeline()
    timeline.put([message(1), message(2, reply_to=1)])
    timeline.keep_quoted([message(0, 3, text="before")])
    for number in range(3, NEWEST + 2):
        timeline.put([message(number)])
    assert timeline.message(1) is None
    assert timeline.quote(1) is not None
    assert timeline.quote(0) is None

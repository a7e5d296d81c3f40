"""What is known, as the window is told of it."""

from app.protocol.events import Message
from clients.desktop.changes import Line, RoomRow, Rooms, Talk, Typing
from clients.known_room import KnownRoom
from clients.room_lists import count_in, for_reader_in, is_new, is_talk, lists_of, others_in, title_of
from clients.state import State


def line_of(state: State) -> Line:
    return Line(state.status, state.restarting)


def rooms_of(state: State, opened: int | None) -> Rooms:
    assert state.person is not None
    theme = state.preferences.theme if state.preferences is not None else "system"
    rows = tuple(row_of(state, room) for room in lists_of(state, opened).all)
    return Rooms(rows, state.person, theme, state.edit_minutes)


def row_of(state: State, room: KnownRoom) -> RoomRow:
    return RoomRow(
        room.row.id,
        title_of(state, room),
        room.row.slug or ",".join(sorted(f"@{person.handle}" for person in others_in(state, room))),
        room.row.topic,
        is_talk(room),
        room.row.favourite,
        is_new(state, room),
        count_in(state, room),
        for_reader_in(state, room),
        room.row.number,
        room.row.read,
    )


def talk_of(state: State, room: KnownRoom) -> Talk:
    messages = tuple(room.timeline)
    answered = {message.reply_to for message in messages if message.reply_to is not None}
    found = {number: room.timeline.quote(number) for number in answered}
    quoted = {number: message for number, message in found.items() if message is not None}
    people = {id: state.people[id] for id in _writers(messages, quoted) if id in state.people}  # noqa: A001
    return Talk(room.row.id, messages, quoted, people, frozenset(state.blocked), room.members, room.online)


def typing_of(state: State, room: KnownRoom) -> Typing:
    return Typing(room.row.id, tuple(state.typists(room.row.id)))


def _writers(messages: tuple[Message, ...], quoted: dict[int, Message]) -> set[int]:
    return {message.author for message in (*messages, *quoted.values())}

"""What a client knows, changed by one reducer: `State.apply`."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from app.protocol import events
from app.protocol.events import Draft, Event, Message, Person, Preferences, Room
from clients.failures import RoomGone
from clients.known_room import KnownRoom
from clients.room_events import Durable
from clients.timeline import is_for

Status = Literal["live", "reconnecting", "offline"]
What = Literal[
    "status", "rooms", "messages", "typing", "presence", "people", "drafts", "preferences", "mention", "behind"
]

TYPING = 5.0
"""Seconds for which somebody is writing, unless they say so again."""


class Change(NamedTuple):
    """Look at it again: "status"; "rooms": the list, a count or a marker; "messages" of a room; who is "typing" there;
    how many are there ("presence"); "people": a name, or who is blocked; "drafts"; "preferences"; "mention": a message
    of the room mentions the person; "behind": something of the room was not heard, and is being fetched."""

    what: What
    room: int | None = None


class State:
    """`status` is "reconnecting" from the beginning until the line is there, and "offline" when it does not come back;
    while `restarting` the server is expected back within seconds. `threads` are those that were heard of."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.status: Status = "offline"
        self.restarting = False
        self.epoch: str | None = None
        self.person: Person | None = None
        self.preferences: Preferences | None = None
        self.rooms: dict[int, KnownRoom] = {}
        self.threads: dict[int, KnownRoom] = {}
        self.people: dict[int, Person] = {}
        self.drafts: dict[int, Draft] = {}
        self.blocked: set[int] = set()
        self.text_limit = 4_000
        self.edit_minutes = 0
        self.file_limit = 0
        self._now = now
        self._typing: dict[int, dict[int, float]] = {}

    def room(self, id: int) -> KnownRoom | None:  # noqa: A002  what the wire calls it
        """A room or a thread."""
        return self.rooms.get(id) or self.threads.get(id)

    def room_called(self, slug: str) -> KnownRoom | None:
        return next((room for room in self.rooms.values() if room.row.slug == slug), None)

    def typists(self, room: int) -> list[Person]:
        """Who is writing there, without those whom the person has blocked."""
        typing = self._typing.get(room, {})
        writing = [person for person, until in typing.items() if until > self._now()]
        return [self.people[person] for person in writing if person not in self.blocked]

    def apply(self, event: Event) -> list[Change]:
        """What is to be looked at again."""
        return list(REDUCERS.get(type(event), _nothing)(self, event))

    def keep(self, people: Iterable[Person]) -> None:
        self.people.update((person.id, person) for person in people)

    def see(self, row: Room) -> KnownRoom:
        self.keep(row.people)
        rooms = self.rooms if row.parent is None else self.threads
        room = rooms.get(row.id)
        if room is None:
            room = rooms[row.id] = KnownRoom(row)
        else:
            room.update(row)
        return room

    def forget(self, id: int) -> None:  # noqa: A002
        """A room goes with its threads. Who reads it is told."""
        gone = [each.row.id for each in self.threads.values() if each.row.parent == id]
        for room in [self.rooms.pop(id, None), *(self.threads.pop(each, None) for each in [*gone, id])]:
            if room is not None:
                room.changes.finish(RoomGone())

    def start_typing(self, room: int, person: Person) -> None:
        self._typing.setdefault(room, {})[person.id] = self._now() + TYPING

    def stop_typing(self, room: int, person: int) -> bool:
        return self._typing.get(room, {}).pop(person, None) is not None

    def note_mention(self, room: KnownRoom, message: Message) -> bool:
        """The server tells of each as well; on a line between its processes that can be lost, what is posted cannot.
        One that was removed, or edited, may mention the person no longer."""
        if self.person is None or message.author == self.person.id or message.author in self.blocked:
            return False
        answered = room.timeline.quote(message.reply_to) if message.reply_to is not None else None
        means = is_for(self.person.id, message, answered)
        room.mention(message.number, on=means)
        return means


def _nothing(state: State, event: Any) -> Iterable[Change]:
    return ()


def _started(state: State, event: events.SessionStarted) -> Iterable[Change]:
    fresh = state.epoch in {None, event.epoch}
    state.epoch, state.person, state.preferences = event.epoch, event.person, event.preferences
    state.text_limit, state.edit_minutes, state.file_limit = event.text_limit, event.edit_minutes, event.file_limit
    state.blocked = set(event.blocked)
    state.drafts = {draft.room: draft for draft in event.drafts}
    state.keep([event.person])
    rows = [*event.rooms, *event.threads]
    here = {row.id for row in rows}
    for gone in [room for room in state.rooms if room not in here]:
        state.forget(gone)
    for row in rows:
        room = state.see(row)
        if fresh:
            room.meet(row)
        else:
            room.replace(row)
    _read_elsewhere(state, here)
    return Change("status"), Change("rooms"), Change("people"), Change("drafts"), Change("preferences")


def _read_elsewhere(state: State, told: set[int]) -> None:
    """Of the threads that are known those that are told have something new; what was said in the others was read."""
    for thread in state.threads.values():
        if thread.row.id not in told:
            thread.mark_read(thread.row.number)


def _durable(state: State, event: Durable) -> Iterable[Change]:
    room = state.room(event.room)
    if room is None:
        return ()
    if room.take(event):
        return _DURABLE[type(event)](state, room, event)
    return (Change("behind", event.room),) if room.behind else ()


def _posted(state: State, room: KnownRoom, event: events.MessagePosted) -> Iterable[Change]:
    state.keep([*event.people, event.person])
    mentions = state.note_mention(room, event.message)
    typed = state.stop_typing(event.room, event.person.id)
    yield from (Change("messages", event.room), Change("rooms"))
    if mentions:
        yield Change("mention", event.room)
    if typed:
        yield Change("typing", event.room)


def _amended(state: State, room: KnownRoom, event: events.MessageChanged) -> Iterable[Change]:
    state.keep(event.people)
    state.note_mention(room, event.message)
    return Change("messages", event.room), Change("rooms")


def _reacted(state: State, room: KnownRoom, event: events.ReactionsChanged) -> Iterable[Change]:
    state.keep(event.people)
    return (Change("messages", event.room),)


def _moved(state: State, room: KnownRoom, event: events.MemberJoined | events.MemberLeft) -> Iterable[Change]:
    state.keep([event.person])
    room.members += 1 if isinstance(event, events.MemberJoined) else -1
    return (Change("presence", event.room),)


def _ruled(state: State, event: events.RoomChanged) -> Iterable[Change]:
    """All of it comes, so it holds at once; in the order of changes it has its turn nonetheless."""
    room = state.room(event.room)
    if room is not None:
        room.become(event)
        yield Change("rooms")
        if not room.take(event) and room.behind:
            yield Change("behind", event.room)


def _opened(state: State, event: events.RoomOpened) -> Iterable[Change]:
    room = state.room(event.room.id)
    if room is None or state.epoch is None:
        return ()
    state.keep([*event.people, *event.room.people])
    room.open(event, state.epoch)
    for message in event.messages:
        state.note_mention(room, message)
    return Change("messages", event.room.id), Change("presence", event.room.id), Change("rooms")


def _joined(state: State, event: events.RoomJoined | events.RoomShown) -> Iterable[Change]:
    state.see(event.room)
    return (Change("rooms"),)


def _removed(state: State, event: events.RoomRemoved) -> Iterable[Change]:
    state.forget(event.room)
    return (Change("rooms"),)


def _active(state: State, event: events.RoomActivity) -> Iterable[Change]:
    room = state.room(event.room)
    if room is None:
        return ()
    room.heads(event.number, event.seq)
    return (Change("behind", event.room),) if room.behind else (Change("rooms"),)


def _read(state: State, event: events.RoomRead) -> Iterable[Change]:
    room = state.room(event.room)
    if room is not None:
        room.mark_read(event.number)
    return (Change("rooms"),)


def _unread(state: State, event: events.RoomUnread) -> Iterable[Change]:
    room = state.room(event.room)
    if room is not None:
        room.mark_unread(event.number, event.mentions)
    return (Change("rooms"),)


def _preferred(state: State, event: events.RoomPreferred) -> Iterable[Change]:
    room = state.room(event.room)
    if room is not None:
        room.prefer(event)
    return (Change("rooms"),)


def _mentioned(state: State, event: events.MentionPosted) -> Iterable[Change]:
    room = state.room(event.room)
    me = state.person.id if state.person is not None else None
    if room is None or (event.by is not None and (event.by == me or event.by in state.blocked)):
        return ()
    room.mention(event.number)
    return Change("mention", event.room), Change("rooms")


def _drafted(state: State, event: events.DraftChanged) -> Iterable[Change]:
    known = state.drafts.get(event.draft.room)
    if known is None or known.at <= event.draft.at:
        state.drafts[event.draft.room] = event.draft
    return (Change("drafts", event.draft.room),)


def _chosen(state: State, event: events.PreferencesChanged) -> Iterable[Change]:
    state.preferences = event.preferences
    return (Change("preferences"),)


def _typed(state: State, event: events.TypingStarted) -> Iterable[Change]:
    state.keep([event.person])
    if state.person is None or event.person.id == state.person.id:
        return ()
    state.start_typing(event.room, event.person)
    return (Change("typing", event.room),)


def _counted(state: State, event: events.PresenceChanged) -> Iterable[Change]:
    room = state.room(event.room)
    if room is not None:
        room.count(event)
    return (Change("presence", event.room),)


def _renamed(state: State, event: events.PersonChanged) -> Iterable[Change]:
    state.keep([event.person])
    if state.person is not None and event.person.id == state.person.id:
        state.person = event.person
    return (Change("people"),)


def _blocked(state: State, event: events.PersonBlocked) -> Iterable[Change]:
    state.keep([event.person])
    (state.blocked.add if event.blocked else state.blocked.discard)(event.person.id)
    return Change("people"), Change("rooms")


def _heads(state: State, event: events.Heartbeat) -> Iterable[Change]:
    """A head above the last change that was heard of: something is missing (docs/protocol.md, D6)."""
    for text, seq in event.heads.items():
        room = state.room(int(text))
        if room is not None and seq > room.row.seq:
            room.heads(0, seq)
            yield Change("behind", room.row.id)


def _restarts(state: State, event: events.ServerRestarting) -> Iterable[Change]:
    state.restarting = True
    return (Change("status"),)


def _with_people(state: State, event: Any) -> Iterable[Change]:
    """An answer that brings people."""
    state.keep(event.people)
    return ()


_DURABLE: dict[type[Event], Callable[[State, KnownRoom, Any], Iterable[Change]]] = {
    events.MessagePosted: _posted,
    events.MessageChanged: _amended,
    events.ReactionsChanged: _reacted,
    events.MemberJoined: _moved,
    events.MemberLeft: _moved,
}

REDUCERS: dict[type[Event], Callable[[State, Any], Iterable[Change]]] = {
    events.SessionStarted: _started,
    **dict.fromkeys(_DURABLE, _durable),
    events.RoomChanged: _ruled,
    events.RoomOpened: _opened,
    events.RoomJoined: _joined,
    events.RoomShown: _joined,
    events.RoomRemoved: _removed,
    events.RoomActivity: _active,
    events.RoomRead: _read,
    events.RoomUnread: _unread,
    events.RoomPreferred: _preferred,
    events.MentionPosted: _mentioned,
    events.DraftChanged: _drafted,
    events.PreferencesChanged: _chosen,
    events.TypingStarted: _typed,
    events.PresenceChanged: _counted,
    events.PersonChanged: _renamed,
    events.PersonBlocked: _blocked,
    events.Heartbeat: _heads,
    events.ServerRestarting: _restarts,
    **dict.fromkeys((events.Members, events.Page, events.Reactors, events.Mentions, events.Pins), _with_people),
}

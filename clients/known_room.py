"""A room of the person, as a client knows it."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from app.protocol.events import (
    Message,
    MessageChanged,
    MessagePosted,
    Person,
    PresenceChanged,
    ReactionsChanged,
    Room,
    RoomChanged,
    RoomOpened,
    RoomPreferred,
)
from clients.failures import RoomClosed
from clients.feed import Feed
from clients.room_events import Durable, RoomEvent, RoomReset
from clients.timeline import Timeline

KEPT = 1_000
"""Changes, for readers who are behind."""
RULES = tuple(name for name in RoomChanged.__struct_fields__ if name not in {"room", "seq"})


class Position(NamedTuple):
    """Of a database, a change of the room."""

    epoch: str
    seq: int


class KnownRoom:
    """`row` is the room as the wire shows it, kept up to date. Of an open one there are `timeline`, `members`,
    `online`, and `position`, up to which changes were taken in their turn; None: it is not open."""

    def __init__(self, row: Room) -> None:
        self.row = row
        self.position: Position | None = None
        self.timeline = Timeline()
        self.changes: Feed[RoomEvent] = Feed(KEPT)
        self.members = 0
        self.online = 0
        self._ruled_at = row.seq
        self._tail = 0
        self._missing: set[int] = set()

    @property
    def unread(self) -> int:
        return max(0, self.row.number - self.row.read)

    @property
    def mentions(self) -> int:
        """How many unread messages mention the person, as far as they were heard of."""
        return len(self.row.mentions)

    @property
    def behind(self) -> bool:
        """Whether changes are known to exist that were not taken."""
        return self.position is not None and self.position.seq < self.row.seq

    # The row

    def update(self, row: Room) -> None:
        """It may have been read before what was heard meanwhile, so nothing moves backwards."""
        old = self.row
        newer = row if row.seq >= self._ruled_at else replace(row, **{name: getattr(old, name) for name in RULES})
        self._ruled_at = max(self._ruled_at, row.seq)
        number, seq, read = max(old.number, row.number), max(old.seq, row.seq), max(old.read, row.read)
        self.row = replace(newer, number=number, seq=seq, read=read, at=max(old.at, row.at), mentions=old.mentions)

    def meet(self, row: Room) -> None:
        """As a new connection tells it: the marker may have been moved back elsewhere."""
        self.update(row)
        self.row = replace(self.row, read=row.read, mentions=row.mentions)

    def replace(self, row: Room) -> None:
        """As another database has it: nothing of before says anything."""
        self.row = row
        self._ruled_at = row.seq

    def become(self, event: RoomChanged) -> None:
        """Called so, with these rules: all of them."""
        if event.seq >= self._ruled_at:
            self._ruled_at = event.seq
            self.row = replace(self.row, **{name: getattr(event, name) for name in RULES})

    def prefer(self, event: RoomPreferred) -> None:
        wishes = {"favourite": event.favourite, "muted": event.muted, "hidden": event.hidden, "level": event.level}
        self.row = replace(self.row, **wishes)

    def heads(self, number: int, seq: int) -> None:
        self.row = replace(self.row, number=max(self.row.number, number), seq=max(self.row.seq, seq))

    def mark_read(self, number: int) -> None:
        self._mark(max(self.row.read, number))

    def mark_unread(self, number: int, mentions: Iterable[int]) -> None:
        self.row = replace(self.row, mentions=sorted({*self.row.mentions, *mentions}))
        self._mark(number)

    def mention(self, number: int, *, on: bool = True) -> None:
        known = set(self.row.mentions) - {number}
        self.row = replace(
            self.row, mentions=sorted(known | {number}) if on and number > self.row.read else sorted(known)
        )

    def _mark(self, read: int) -> None:
        self.row = replace(self.row, read=read, mentions=[each for each in self.row.mentions if each > read])

    def count(self, event: PresenceChanged) -> None:
        """How many are connected; of a direct room also who."""
        self.online = event.online
        if self.row.kind == "direct":
            here = {*self.row.here, *event.came, *event.idle} - {*event.went}
            idle = ({*self.row.idle, *event.idle} - {*event.came}) & here
            self.row = replace(self.row, here=sorted(here), idle=sorted(idle))

    # What is held of an open one

    def take(self, event: Durable) -> bool:
        """A live change: whether it is the next. An old one is dropped, and one too far ahead shows that some are
        missing (docs/protocol.md, D5)."""
        self.heads(0, event.seq)
        if self.position is None or event.seq != self.position.seq + 1:
            return False
        self.position = self.position._replace(seq=event.seq)
        self._apply(event)
        self.changes.append(event)
        return True

    def _apply(self, event: Durable) -> None:
        if isinstance(event, ReactionsChanged):
            self.timeline.react(event)
        elif isinstance(event, MessagePosted | MessageChanged):
            self.timeline.keep_quoted(event.quoted)
            self.timeline.put([event.message])
        if isinstance(event, MessagePosted):
            self._tail = max(self._tail, event.message.number)
            self.row = replace(self.row, at=max(self.row.at, event.message.at))
            self.heads(event.message.number, event.seq)

    def open(self, answer: RoomOpened, epoch: str) -> None:
        """An answer to room.open, or a part of one, by the database `epoch`. What was closed meanwhile stays closed."""
        before = self.position
        if answer.reset:
            known = before.seq if before is not None and before.epoch == epoch else 0
            self._begin_anew(answer, before, epoch)
        elif before is None or answer.room.seq <= before.seq:
            return
        else:
            known = before.seq
            self.update(answer.room)
        self.members, self.online = answer.members, answer.online
        messages = sorted(answer.messages, key=lambda message: message.seq)
        self.timeline.keep_quoted(answer.quoted)
        self.timeline.put(messages)
        if before is not None:
            self._tell([message for message in messages if message.seq > known], answer)
        self.position = Position(epoch, answer.room.seq)

    def close(self) -> None:
        """Hold nothing of it but its row."""
        self.position = None
        self.timeline = Timeline()
        self.changes.finish(RoomClosed())
        self.changes = Feed(KEPT)
        self._missing.clear()

    def _begin_anew(self, answer: RoomOpened, before: Position | None, epoch: str) -> None:
        self.timeline.clear()
        self._missing.clear()
        if before is None or before.epoch == epoch:
            self.update(answer.room)
        else:
            self.replace(answer.room)
        if before is not None:
            after = self._tail if before.epoch == epoch else None
            self.changes.append(RoomReset(self.row.id, after))
        oldest = min((message.number for message in answer.messages), default=answer.room.number + 1)
        fresh = before is None or before.epoch != epoch
        self._tail = (answer.room.number if before is None else oldest - 1) if fresh else max(self._tail, oldest - 1)

    def _tell(self, messages: list[Message], answer: RoomOpened) -> None:
        """As if it had come live: what is new was posted, everything else changed."""
        newest = max([self._tail, *(message.number for message in messages)])
        self._missing.update(range(self._tail + 1, newest + 1))
        self._tail = newest
        people = {person.id: person for person in answer.people}
        for message in messages:
            self.changes.append(self._told(message, people, answer.quoted))

    def _told(self, message: Message, people: dict[int, Person], quoted: list[Message]) -> RoomEvent:
        named = [people[person] for person in message.mentions if person in people]
        answered = [each for each in quoted if each.number == message.reply_to]
        if message.number not in self._missing:
            return MessageChanged(self.row.id, message.seq, message, named, answered)
        self._missing.discard(message.number)
        return MessagePosted(self.row.id, message.seq, message, people[message.author], named, answered)

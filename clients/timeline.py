"""The messages of an open room, each as its last change left it."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from app.protocol.events import Message, MessageChanged, MessagePosted, Reaction, ReactionsChanged
from clients.room_events import RoomEvent

NEWEST = 300
"""Messages that are held, and more where somebody has asked for older ones, up to MOST."""
MOST = 1_500


class Timeline:
    """Message numbers have no holes, and what is held has none: from `first` to the newest."""

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}
        self._quoted: dict[int, Message] = {}
        self._limit = NEWEST

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        """Oldest first."""
        return iter(self._messages.values())

    @property
    def first(self) -> int:
        """The number of the oldest message held; 0: none is."""
        return next(iter(self._messages), 0)

    @property
    def last(self) -> int:
        return next(reversed(self._messages), 0)

    def message(self, number: int) -> Message | None:
        return self._messages.get(number)

    def quote(self, number: int) -> Message | None:
        """What there is to quote of a message, as it is now; None: it is not known here."""
        held, quoted = self._messages.get(number), self._quoted.get(number)
        if held is None or (quoted is not None and quoted.seq > held.seq):
            return quoted
        return held

    def clear(self) -> None:
        self._messages.clear()
        self._quoted.clear()

    def put(self, messages: Iterable[Message]) -> None:
        """Of two states of a message the one with the higher seq holds. One older than all others is not kept."""
        first, last = self.first, self.last
        in_order = True
        for message in messages:
            known = self._messages.get(message.number)
            if message.number >= first and (known is None or known.seq < message.seq):
                self._messages[message.number] = message
                in_order = in_order and (known is not None or message.number > last)
                last = max(last, message.number)
        if not in_order:
            self._sort()
        self._trim()

    def put_older(self, page: list[Message]) -> None:
        """A page that ends where this begins."""
        older = [message for message in page if message.number < self.first]
        self._limit = min(MOST, max(self._limit, len(self) + len(older)))
        self._messages = {message.number: message for message in older} | self._messages
        self._sort()
        self._trim()

    def forget_older(self) -> None:
        """Hold no more than the newest."""
        self._limit = NEWEST
        self._trim()

    def react(self, event: ReactionsChanged) -> None:
        known = self._messages.get(event.number)
        if known is not None and known.seq < event.seq:
            self._messages[event.number] = reacted(known, event)

    def keep_quoted(self, messages: Iterable[Message]) -> None:
        for message in messages:
            known = self.quote(message.number)
            if known is None or known.seq < message.seq:
                self._quoted[message.number] = message

    def _sort(self) -> None:
        self._messages = dict(sorted(self._messages.items()))

    def _trim(self) -> None:
        if len(self._messages) <= self._limit:
            return
        while len(self._messages) > self._limit:
            number = self.first
            self._quoted[number] = self._messages.pop(number)
        answered = {message.reply_to for message in self._messages.values()}
        self._quoted = {number: each for number, each in self._quoted.items() if number in answered}


def reacted(message: Message, event: ReactionsChanged) -> Message:
    """Reactions stand in the order of their first use, and what nobody has any more is gone."""
    people = {each.emoji: each.people for each in message.reactions}
    for change in event.changes:
        others = [person for person in people.get(change.emoji, []) if person != change.person]
        people[change.emoji] = [*others, change.person] if change.on else others
        if not people[change.emoji]:
            del people[change.emoji]
    reactions = [Reaction(emoji, ids) for emoji, ids in people.items()]
    return replace(message, seq=event.seq, reactions=reactions)


def is_for(person: int, message: Message, answered: Message | None) -> bool:
    """Whether it mentions them, by name or together with others, or answers them."""
    told = message.told == "all" or (message.told is not None and person in message.told)
    return told or person in message.mentions or (answered is not None and answered.author == person)


def brought_up(message: Message, later: Iterable[RoomEvent]) -> Message:
    """A message of an answer that may be older than the events that came before it."""
    for event in later:
        if isinstance(event, MessageChanged | MessagePosted) and event.message.number == message.number:
            message = max(message, event.message, key=lambda each: each.seq)
        elif isinstance(event, ReactionsChanged) and event.number == message.number and event.seq > message.seq:
            message = reacted(message, event)
    return message

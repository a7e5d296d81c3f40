"""A program that reads along in rooms and answers, and waits for whatever it does (docs/bots.md)."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from app.protocol import api, events
from app.protocol.close_codes import should_come_back
from app.protocol.events import AnyEvent, Message, Person, Room
from app.protocol.fields import PAGE_LIMIT
from clients.api import Api
from clients.bot_memory import BotMemory
from clients.failures import BROKEN, Ended, Refused, RoomGone, for_good
from clients.listening import events_of
from clients.nonce import new_nonce
from clients.returning import Returning

KEY_BYTES = 24


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What somebody said. `message` has everything that the protocol tells of it."""

    room: Room
    author: Person
    message: Message
    answers: "itertools.count[int]" = field(default_factory=itertools.count, repr=False)
    """How many were given. What is asked again after a break-down is answered by the same ones."""

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def number(self) -> int:
        return self.message.number


class Bot:
    """Acts for the person whose `token` it has. With a `memory`, the path of a file, it goes on where it was when it
    ended; without, it begins with what is said from then on.

    Whatever it does is tried again over breaks and restarts of the server, and whenever the server says "later". All of
    it raises Refused where the server says no, and SignedOut once the token has ended."""

    def __init__(self, server: str, token: str, memory: str | Path | None = None, patience: float = 30.0) -> None:
        """Raises BadAddress and BrokenMemory. The first request raises Unreachable, after `patience` seconds."""
        self.api = Api(server, token, patience)
        self._memory = BotMemory(None if memory is None else Path(memory))
        self._rooms: dict[int, Room] = {}

    @cached_property
    def person(self) -> Person:
        """Whom it acts for."""
        return self.api.ask("GET", "/me", api.Me).person

    def messages(self, *rooms: str | int) -> Iterator[Heard]:
        """What others say in these rooms, by their slugs or ids, without end: each message once, and in each room in
        its order. One is done with when the next is asked for; what was not is heard again when the program begins
        anew. Raises RoomGone when the person is taken out of one, and Ended when the server lets nobody come back."""
        ids = [self.room(room).id for room in rooms]
        returning = Returning()
        while True:
            try:
                for event in events_of(self.api, ids):
                    self._notice(event, ids, returning)
                    yield from self._messages_of(event, ids)
            except Ended as ended:
                if not should_come_back(ended.code):
                    raise for_good(ended) from ended
                sleep(returning.wait(monotonic(), ended.retry_after or 0.0))

    def send(self, room: str | int, text: str, *, reply_to: int | None = None, once: str | None = None) -> Message:
        """The message, once it is stored for ever. What is called `once` by a name of its own (the address of an
        article) is posted in that room by this person a single time, however often it is sent: later the first one
        comes back."""
        there = self.room(room).id
        return self._post(there, text, reply_to, new_nonce() if once is None else key_of("once", there, once))

    def reply(self, heard: Heard, text: str) -> Message:
        """An answer to a message. One that is heard again after the program broke off is not answered twice."""
        key = key_of(self._memory.seed, heard.room.id, heard.message.nonce, next(heard.answers))
        return self._post(heard.room.id, text, heard.number, key)

    def react(self, heard: Heard, emoji: str) -> None:
        """Once more is harmless."""
        self.api.do("PUT", f"/rooms/{heard.room.id}/messages/{heard.number}/reactions/{quote(emoji, safe='')}")

    def room(self, room: str | int) -> Room:
        """One of the person's rooms. Raises Refused."""
        if self._found(room) is None:
            self._rooms = {each.id: each for each in self.api.ask("GET", "/rooms", api.Rooms).rooms}
        found = self._found(room)
        if found is None:
            raise Refused(events.Problem(code="not_found", message=f"There is no room {room} among yours."))
        return found

    def _found(self, room: str | int) -> Room | None:
        if isinstance(room, int):
            return self._rooms.get(room)
        return next((each for each in self._rooms.values() if each.slug == room), None)

    def _post(self, room: int, text: str, reply_to: int | None, key: str) -> Message:
        new = api.NewMessage(text) if reply_to is None else api.NewMessage(text, reply_to=reply_to)
        return self.api.ask("POST", f"/rooms/{room}/messages", api.Posted, new, key).message

    # Hearing

    def _notice(self, event: AnyEvent, rooms: list[int], returning: Returning) -> None:
        """What an event tells of the line. Raises RoomGone, Refused or Ended."""
        if isinstance(event, events.SessionStarted):
            returning.worked()
        elif isinstance(event, events.ServerRestarting):
            returning.announced(monotonic() + event.after)
        elif isinstance(event, events.RoomRemoved) and event.room in rooms:
            raise RoomGone
        elif isinstance(event, events.Failed):
            problem = event.error
            raise Ended(BROKEN, problem.message, problem.retry_after) if problem.temporary else Refused(problem)

    def _messages_of(self, event: AnyEvent, rooms: list[int]) -> Iterator[Heard]:
        """What is to be heard now that there was this event."""
        if isinstance(event, events.RoomOpened):
            yield from self._missed(event.room)
        elif isinstance(event, events.MessagePosted) and event.room in rooms:
            yield from self._posted(event)
        elif isinstance(event, events.Heartbeat):
            for room in [room for room in rooms if str(room) in event.heads]:
                yield from self._after(room)

    def _missed(self, room: Room) -> Iterator[Heard]:
        """From where the bot was up to now. Above the last message it is where a backup was put back."""
        self._rooms[room.id] = room
        done = self._memory.done(room.id)
        self._memory.note(room.id, room.number if done is None else min(done, room.number))
        yield from self._after(room.id)

    def _posted(self, event: events.MessagePosted) -> Iterator[Heard]:
        """The numbers of a room have no hole: where there seems to be one, something was not told (DELIVERY D5)."""
        done = self._memory.done(event.room) or 0
        if event.message.number == done + 1:
            yield from self._said(event.room, event.message, event.person)
        elif event.message.number > done:
            yield from self._after(event.room)

    def _after(self, room: int) -> Iterator[Heard]:
        """All that was said and is not done."""
        while True:
            done = self._memory.done(room) or 0
            page = self.api.ask("GET", f"/rooms/{room}/messages?after={done}&limit={PAGE_LIMIT}", api.History)
            people = {person.id: person for person in page.people}
            for message in page.messages:
                yield from self._said(room, message, people.get(message.author))
            if page.next is None:
                return

    def _said(self, room: int, message: Message, author: Person | None) -> Iterator[Heard]:
        # Two bots that answer each other would never end.
        if author is not None and author.id != self.person.id and not author.bot and not message.removed:
            yield Heard(self._rooms[room], author, message)
        self._memory.note(room, message.number)


def key_of(*parts: str | int) -> str:
    """The same for the same, and for nothing else (docs/api.md, "Once, however often it is sent")."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=KEY_BYTES).hexdigest()

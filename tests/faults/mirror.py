"""A client that holds each message as its last change left it, as a page does."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from tests.faults.client import Client, Event

SOON = 0.05
"""Seconds."""


class State(NamedTuple):
    """What there is to see of a message. What was removed has no text, and `edited` says nothing."""

    seq: int
    author: int
    text: str
    is_removed: bool
    was_edited: bool
    is_pinned: bool
    has_card: bool
    reply_to: int | None
    was_answered: bool
    files: tuple[str, ...] = ()
    reactions: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @classmethod
    def of(cls, message: Event) -> "State":
        """Of a message on the wire."""
        removed = message.get("removed", False)
        return cls(
            message["seq"],
            message["author"],
            message.get("text", ""),
            removed,
            "edited" in message,
            "pinned" in message,
            "card" in message,
            message.get("reply_to"),
            message.get("answered", False),
            tuple(each["id"] for each in message.get("files", ())),
            tuple((each["emoji"], tuple(each["people"])) for each in message.get("reactions", ())),
        )

    def after(self, event: Event) -> "State":
        """What it is when people have reacted to it."""
        people = dict(self.reactions)
        for change in event["changes"]:
            others = tuple(each for each in people.get(change["emoji"], ()) if each != change["person"])
            people[change["emoji"]] = (*others, change["person"]) if change.get("on") else others
            people = {emoji: each for emoji, each in people.items() if each}
        return self._replace(seq=event["seq"], reactions=tuple(people.items()))


def take(known: dict[int, State], message: Event) -> None:
    """Of two states of a message the later one holds."""
    state, before = State.of(message), known.get(message["number"])
    if before is None or before.seq < state.seq:
        known[message["number"]] = state


class Mirror(Client):
    """`held` are the messages of each room by number, `quoted` those that it would know if it kept nothing but what it
    is told of quotes and of changes. It returns at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.held: dict[int, dict[int, State]] = {room: {} for room in self.history.rooms}
        self.quoted: dict[int, dict[int, State]] = {room: {} for room in self.history.rooms}
        self._back = asyncio.Event()
        self._back.set()

    def own(self, room: int, newest: int) -> list[int]:
        """The numbers of the person's own messages among the newest, as far as they are not removed."""
        states = [(number, self.held[room][number]) for number in sorted(self.held[room])[-newest:]]
        return [number for number, state in states if state.author == self.person.id and not state.is_removed]

    def living(self, room: int, newest: int) -> list[int]:
        """The numbers of the newest messages, whoever wrote them, as far as they are not removed."""
        return [number for number in sorted(self.held[room])[-newest:] if not self.held[room][number].is_removed]

    def go_away(self) -> None:
        """Lose the line, and make no other until `come_back`."""
        self._back.clear()
        self.drop()

    def come_back(self) -> None:
        self._back.set()

    async def _wait(self, failures: int) -> None:
        await self._back.wait()
        await asyncio.sleep(random.uniform(0, SOON))

    def _opened(self, room: int, since: int | None, answer: Event) -> None:
        if answer.get("reset"):
            self.held[room].clear()
            self.quoted[room].clear()
        for message in answer.get("messages", ()):
            take(self.held[room], message)
            take(self.quoted[room], message)
        for message in answer.get("quoted", ()):
            take(self.quoted[room], message)
        super()._opened(room, since, answer)

    def _changed(self, event: Event) -> None:
        if self._is_next(event):
            take(self.held[event["room"]], event["message"])
            changed = [event["message"]] if event["type"] == "message.changed" else []
            for message in changed + event.get("quoted", []):
                take(self.quoted[event["room"]], message)
        self._posted(event)

    def _reacted(self, event: Event) -> None:
        held, number = self.held[event["room"]], event["number"]
        if self._is_next(event) and number in held and held[number].seq < event["seq"]:
            held[number] = held[number].after(event)
        self._altered(event)

    def _is_next(self, event: Event) -> bool:
        return bool(event["seq"] == (self.last(event["room"]) or 0) + 1)

    _HANDLERS: ClassVar[dict[str, Callable[[Any, Event], None]]] = {
        **Client._HANDLERS,
        "message.posted": _changed,
        "message.changed": _changed,
        "reactions.changed": _reacted,
    }

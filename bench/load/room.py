"""What is said in one room, and whether every member hears exactly that.

All members receive the same bytes. So the first to receive a message has it read and checked in full (who said it,
that it is that sender's next, its text to the last byte, its number) and appended to `heard`; for everybody else it is
enough that what comes equals `heard` from where they are: one comparison in C for a read of any length. Count, order
and content of every delivery are verified, and the generator stays far cheaper than the server.
"""

import time
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

from bench.dialects.base import Acknowledgement, Delivery, Dialect, Reply, Unexpected

Write = Callable[[bytes], None]


class Place:
    """How far one member has followed: `at` counts bytes of `heard`, `held` begins a frame whose end has not come.

    Of a timed member the time of each delivery is taken; `done` counts those."""

    __slots__ = ("at", "done", "held", "timed")

    def __init__(self, at: int = 0, done: int = 0, *, timed: bool = False) -> None:
        self.at = at
        self.done = done
        self.held = b""
        self.timed = timed


class Room:
    """One room of one server. Times are seconds of `time.perf_counter`."""

    def __init__(self, dialect: Dialect, senders: int = 1) -> None:
        self.dialect = dialect
        self.senders = senders
        self.latencies: list[float] = []
        """From sending to receiving, of timed members."""
        self.acknowledged_after: list[float] = []
        """From sending to the sender's answer."""
        self.timed = set(range(senders))
        """Senders whose messages are timed."""
        self._heard = bytearray()
        self._ends: list[int] = []
        self._said_at: list[float | None] = []  # of each message heard that is timed
        self._said: list[list[float]] = [[] for _ in range(senders)]
        self._heard_of = [0] * senders
        self._acknowledged_of = [0] * senders
        self._number: int | None = None
        self.said = self.acknowledged = 0

    def say(self, sender: int) -> bytes:
        """The bytes of a sender's next message, which count as sent now."""
        times = self._said[sender]
        data = self.dialect.send(sender, len(times))
        times.append(time.perf_counter())
        self.said += 1
        return data

    def place(self, *, timed: bool) -> Place:
        """For a member who comes now: everything from here on is theirs."""
        return Place(len(self._heard), len(self._ends), timed=timed)

    def messages_at(self, place: Place) -> int:
        """How many messages lie wholly before this place."""
        return bisect_right(self._ends, place.at)

    def heard_all(self, place: Place) -> bool:
        return len(self._ends) == self.said and place.at == len(self._heard) and not place.held

    def order(self) -> list[tuple[int, int]]:
        """(sender, nth) of the messages that were heard, in their order. A generator's own books, for a check of what
        somebody else gives out later."""
        ends = [0, *self._ends]
        frames = (bytes(self._heard[start:end]) for start, end in pairwise(ends))
        words = map(self.dialect.read, frames)
        return [(word.sender, word.nth) for word in words if isinstance(word, Delivery)]

    def take(self, place: Place, data: bytes, write: Write) -> None:
        """What a member received. Raises Unexpected when it is not what the others got, or is wrong for all."""
        if not place.held and self._heard.startswith(data, place.at):
            place.at += len(data)
        else:
            self._take_by_frame(place, place.held + data, write)
        if place.timed:
            self._take_time(place)

    def _take_by_frame(self, place: Place, data: bytes, write: Write) -> None:
        start = self._finish_frame(place, data)
        while (end := self.dialect.end_of_frame(data, start)) > 0:
            frame = data[start:end]
            if self._heard.startswith(frame, place.at):
                place.at += len(frame)
            else:
                self._take_new(place, frame, write)
            start = end
        place.held = data[start:]

    def _finish_frame(self, place: Place, data: bytes) -> int:
        """A read may end within a frame that is known: the next one brings its rest. Returns how much that is."""
        index = bisect_right(self._ends, place.at)
        begun = self._ends[index - 1] if index else 0
        if begun == place.at:
            return 0
        rest = bytes(self._heard[place.at : min(self._ends[index], place.at + len(data))])
        if not data.startswith(rest):
            raise Unexpected(f"others got {rest[:200]!r}, this member {data[:200]!r}")
        place.at += len(rest)
        return len(rest)

    def _take_new(self, place: Place, frame: bytes, write: Write) -> None:
        word = self.dialect.read(frame)
        if isinstance(word, Delivery):
            if place.at != len(self._heard):
                raise Unexpected(f"others got another message here than {frame[:200]!r}")
            self._check_order(word)
            self._append(frame, word)
            place.at = len(self._heard)
        elif isinstance(word, Acknowledgement):
            self._take_acknowledgement(word)
        elif isinstance(word, Reply):
            write(word.data)

    def _check_order(self, word: Delivery) -> None:
        if word.nth != self._heard_of[word.sender] or word.nth >= len(self._said[word.sender]):
            raise Unexpected(f"{word} where message {self._heard_of[word.sender]} of that sender comes next")
        if word.place is not None and self._number is not None and word.place != self._number + 1:
            raise Unexpected(f"{word} after number {self._number}")

    def _append(self, frame: bytes, word: Delivery) -> None:
        self._heard_of[word.sender] += 1
        self._number = word.place
        self._heard += frame
        self._ends.append(len(self._heard))
        self._said_at.append(self._said[word.sender][word.nth] if word.sender in self.timed else None)

    def _take_acknowledgement(self, word: Acknowledgement) -> None:
        if word.nth != self._acknowledged_of[word.sender]:
            raise Unexpected(f"{word} where {self._acknowledged_of[word.sender]} comes next")
        self._acknowledged_of[word.sender] += 1
        self.acknowledged += 1
        self.acknowledged_after.append(time.perf_counter() - self._said[word.sender][word.nth])

    def _take_time(self, place: Place) -> None:
        now = time.perf_counter()
        ends, done, at = self._ends, place.done, place.at
        while done < len(ends) and ends[done] <= at:
            if (said_at := self._said_at[done]) is not None:
                self.latencies.append(now - said_at)
            done += 1
        place.done = done

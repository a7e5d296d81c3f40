"""K: whether what the clients saw and were told agrees with the database and with each other (DELIVERY, "fault tests").

Seven checks after the list-append idea of Jepsen's Elle. Each violation is a sentence; none is what a fault has to
leave behind.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from tests.faults.history import History, Resume, Row, Seen, Send, Truth

MOST_SENTENCES = 20
"""Of one check: the first few tell what broke, the thousandth does not."""

Loaded = Mapping[int, Sequence[Seen]]
"""A room's messages as a fresh client loads them page by page, oldest first."""


def violations(truth: Truth, histories: Sequence[History], loaded: Loaded) -> list[str]:
    """All seven checks; an empty list is "K = 0"."""
    checks = (
        rooms_are_whole(truth),
        acked_is_stored(truth, histories),
        unacked_is_once_or_never(truth, histories),
        clients_hold_what_the_database_held(truth, histories),
        clients_agree(histories),
        senders_keep_their_order(truth, histories),
        built_equals_loaded(histories, loaded),
    )
    return [sentence for check in checks for sentence in _first(check)]


def rooms_are_whole(truth: Truth) -> Iterator[str]:
    """(1) Numbers are 1 to last_number; seqs are distinct and none exceeds the room's."""
    for room, rows in _by_room(truth).items():
        last, head = truth.heads[room]
        numbers = [row.number for row in rows]
        seqs = {row.seq for row in rows}
        if numbers != list(range(1, last + 1)):
            yield f"(1) room {room}: {len(rows)} messages are not numbered 1 to {last}"
        if len(seqs) != len(rows):
            yield f"(1) room {room}: two messages share a seq"
        if max(seqs, default=0) > head:
            yield f"(1) room {room}: a message has seq {max(seqs)}, the room only {head}"


def acked_is_stored(truth: Truth, histories: Sequence[History]) -> Iterator[str]:
    """(2) Every acknowledged nonce is there exactly once, with the acknowledged number and the text first sent."""
    stored, firsts = _by_nonce(truth), _firsts(histories)
    for history in histories:
        for send in history.sends:
            if send.number is None:
                continue
            rows = stored.get((history.author, send.nonce), [])
            if len(rows) != 1:
                yield f"(2) nonce {send.nonce} was acknowledged and is there {len(rows)} times"
            elif (rows[0].room, rows[0].number) != (send.room, send.number):
                yield (
                    f"(2) nonce {send.nonce} was acknowledged as {send.number} of room {send.room} and is "
                    f"{rows[0].number} of room {rows[0].room}"
                )
            elif rows[0].text != firsts[history.author, send.nonce].text:
                yield f"(2) nonce {send.nonce} was acknowledged and holds another text"


def unacked_is_once_or_never(truth: Truth, histories: Iterable[History]) -> Iterator[str]:
    """(3) A nonce without acknowledgement is there once or not at all, and nothing is there that nobody sent. (That its
    sender was told or shows it as pending is how `Send` is made: it is one of the three.)"""
    sent = {(history.author, send.nonce) for history in histories for send in history.sends}
    for key, rows in _by_nonce(truth).items():
        if len(rows) > 1:
            yield f"(3) nonce {key[1]} is there {len(rows)} times"
        if key not in sent:
            yield f"(3) message {rows[0].number} of room {rows[0].room} was sent by nobody"


def clients_hold_what_the_database_held(truth: Truth, histories: Iterable[History]) -> Iterator[str]:
    """(4) Between resumes the seqs are contiguous; after each resume the client holds what the database held."""
    by_room = _by_room(truth)
    for history in histories:
        for room, entries in history.rooms.items():
            yield from _walk(history.author, room, entries, by_room.get(room, []))


def _walk(author: int, room: int, entries: Sequence[Seen | Resume], rows: list[Row]) -> Iterator[str]:
    who = f"(4) person {author}, room {room}:"
    reader = _Reader(rows)
    for entry in entries:
        if isinstance(entry, Resume):
            wrong = reader.resume(entry)
        elif reader.last is None:
            wrong = f"change {entry.seq} came before the state of the room"
        else:
            wrong = reader.follow(entry)
        if wrong:
            yield f"{who} {wrong}"


class _Reader:
    """A client's state, rebuilt: `last` is its last seq, `number` its newest message."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self._ends = 0
        self.last: int | None = None
        self.number = 0

    def follow(self, seen: Seen) -> str | None:
        assert self.last is not None
        expected, self.last = self.last + 1, seen.seq
        if seen.seq != expected:
            return f"change {seen.seq} came where {expected} was due"
        return self._hold(seen) if seen.number else None

    def resume(self, resume: Resume) -> str | None:
        wrong = self._begin_again(resume) if resume.reset else self._go_on(resume)
        self.last = resume.head if resume.reset else max(self.last or 0, resume.head)
        held = self._stored_at(self.last)
        if wrong is None and self.number != held:
            wrong = f"after the resume to {resume.head} it holds message {self.number}, the database held {held}"
        return wrong

    def _begin_again(self, resume: Resume) -> str | None:
        if resume.messages:
            self.number = resume.messages[0].number - 1
        return next(filter(None, map(self._hold, resume.messages)), None)

    def _go_on(self, resume: Resume) -> str | None:
        if resume.since is None or self.last is None:
            return "it was given changes without having told what it holds"
        return next(
            (wrong for seen in resume.messages if seen.number > self.number and (wrong := self._hold(seen))), None
        )

    def _hold(self, seen: Seen) -> str | None:
        expected, self.number = self.number + 1, max(self.number, seen.number)
        if seen.number != expected:
            return f"message {seen.number} came where {expected} was due"
        row = self._rows[seen.number - 1] if seen.number <= len(self._rows) else None
        if row is None or (row.seq, row.number, row.author, row.nonce, row.at, row.text) != seen:
            return f"message {seen.number} is not what the database holds"
        return None

    def _stored_at(self, seq: int) -> int:
        """The newest message when the room's head was `seq`. It only grows, so each row is passed once."""
        while self._ends < len(self._rows) and self._rows[self._ends].seq <= seq:
            self._ends += 1
        return self._ends


def clients_agree(histories: Iterable[History]) -> Iterator[str]:
    """(5) What one change of a room is, is the same for everybody who saw it."""
    known: dict[tuple[int, int], Seen] = {}
    for history in histories:
        for room, entries in history.rooms.items():
            for seen in _all_seen(entries):
                if known.setdefault((room, seen.seq), seen) != seen:
                    yield f"(5) room {room}: person {history.author} saw change {seen.seq} as another one than others"


def senders_keep_their_order(truth: Truth, histories: Sequence[History]) -> Iterator[str]:
    """(6) The messages of one sender stand in a room in the order in which they were written."""
    numbers, firsts = {(row.author, row.nonce): row.number for row in truth.rows}, _firsts(histories)
    for history in histories:
        newest: dict[int, int] = {}
        for send in history.sends:
            key = history.author, send.nonce
            number = numbers.get(key)
            if number is None or firsts[key] is not send:
                continue
            if number < newest.get(send.room, 0):
                yield f"(6) person {history.author}: message {number} of room {send.room} stands before an earlier one"
            newest[send.room] = number


def built_equals_loaded(histories: Iterable[History], loaded: Loaded) -> Iterator[str]:
    """(7) What a client built from resumes and events is what a fresh client loads."""
    for history in histories:
        for room, entries in history.rooms.items():
            built = _built(entries)
            fresh = {seen.number: seen for seen in loaded[room]}
            first = min(built, default=0)
            expected = {number: seen for number, seen in fresh.items() if number >= first}
            if built != expected:
                wrong = sorted(set(built.items()) ^ set(expected.items()))[:3]
                yield f"(7) person {history.author}, room {room}: built differs from loaded at {[n for n, _ in wrong]}"


def falling_times(truth: Truth) -> list[str]:
    """Times of a room never fall (DELIVERY D14)."""
    return [
        f"room {room}: message {later.number} is older than message {earlier.number}"
        for room, rows in _by_room(truth).items()
        for earlier, later in pairwise(rows)
        if later.at < earlier.at
    ]


def _firsts(histories: Iterable[History]) -> dict[tuple[int, str], Send]:
    """The first send of each nonce; the others are repeats, perhaps on another connection of the same person."""
    found: dict[tuple[int, str], Send] = {}
    every = [(history.author, send) for history in histories for send in history.sends]
    for author, send in sorted(every, key=lambda each: each[1].begun_at):
        found.setdefault((author, send.nonce), send)
    return found


def _built(entries: Iterable[Seen | Resume]) -> dict[int, Seen]:
    """Messages by number, as a client that applies events by number holds them."""
    held: dict[int, Seen] = {}
    for entry in entries:
        if isinstance(entry, Resume):
            if entry.reset:
                held.clear()
            held.update((seen.number, seen) for seen in entry.messages)
        elif entry.number:
            held[entry.number] = entry
    return held


def _all_seen(entries: Iterable[Seen | Resume]) -> Iterator[Seen]:
    for entry in entries:
        if isinstance(entry, Resume):
            yield from entry.messages
        else:
            yield entry


def _by_room(truth: Truth) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {room: [] for room in truth.heads}
    for row in sorted(truth.rows):
        found[row.room].append(row)
    return found


def _by_nonce(truth: Truth) -> dict[tuple[int, str], list[Row]]:
    found: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in truth.rows:
        found[row.author, row.nonce].append(row)
    return found


def _first(sentences: Iterator[str]) -> list[str]:
    found = list(sentences)
    more = len(found) - MOST_SENTENCES
    return [*found[:MOST_SENTENCES], f"... and {more} more of this kind"] if more > 0 else found

"""Roost: a bearer token, session.started, room.open with what was missed, `sent` and `message.posted`."""

import time
from collections.abc import Generator, Sequence

import msgspec

from bench.dialects.base import Acknowledgement, Delivery, Joining, Unexpected, Word
from bench.dialects.websocket import TEXT, client_frame, control_word, end_of_frame, payload_of, upgrade
from bench.text import origin_of, text_of

_POSTED, _SENT = b'{"type":"message.posted"', b'{"type":"sent"'
_STARTED, _OPENED, _ERROR = b'{"type":"session.started"', b'{"type":"opened"', b'{"type":"error"'
_SENDERS = 100
"""More than ever send in one room: `ref` holds sender and nth."""


class Message(msgspec.Struct):
    number: int
    seq: int
    text: str
    nonce: str


class Posted(msgspec.Struct):
    seq: int
    message: Message


class Sent(msgspec.Struct):
    ref: int
    message: Message
    dup: bool = False


class RoomHead(msgspec.Struct):
    id: int
    slug: str
    seq: int


class Started(msgspec.Struct):
    epoch: str
    rooms: list[RoomHead]


class Opened(msgspec.Struct):
    room: RoomHead
    messages: list[Message]
    reset: bool = False


_posted, _sent = msgspec.json.Decoder(Posted), msgspec.json.Decoder(Sent)
_started, _opened = msgspec.json.Decoder(Started), msgspec.json.Decoder(Opened)


class Roost:
    """A room, by its slug, and the tokens of its members. `since` is the seq up to which they come back with all."""

    echoes = True
    one_order = True
    acknowledges = True

    def __init__(self, tokens: Sequence[str], slug: str = "general") -> None:
        self._tokens = tokens
        self._slug = slug
        self._run = f"{time.time_ns():x}"
        self._room = 0
        self.epoch = ""
        self.head = 0
        """The room's seq when it was last opened here."""
        self.since: int | None = None
        self.caught_up: list[tuple[int, int]] | None = None
        """What those who came back with `since` must have been given: (sender, nth) in order."""

    def join(self, member: int) -> Joining:
        data = yield from upgrade("/ws", self.authorization(member))
        data = yield from self.wait_until_started(data)
        return (yield from self.wait_until_opened(data, client_frame(self.open_room())))

    def send(self, sender: int, nth: int) -> bytes:
        return client_frame(self.command(sender, nth))

    def authorization(self, member: int) -> str:
        return f"Authorization: Bearer {self.token(member)}\r\n"

    def token(self, member: int) -> str:
        return self._tokens[member]

    def wait_until_started(self, data: bytes) -> Generator[bytes, bytes, bytes]:
        body, data = yield from self._wait_for(_STARTED, data, b"")
        started = _started.decode(body)
        self.epoch = started.epoch
        self._room = next(room.id for room in started.rooms if room.slug == self._slug)
        return data

    def wait_until_opened(self, data: bytes, to_send: bytes) -> Generator[bytes, bytes, bytes]:
        body, data = yield from self._wait_for(_OPENED, data, to_send)
        self._check_opened(_opened.decode(body))
        return data

    def open_room(self) -> bytes:
        """The command for it."""
        since = "" if self.since is None else f',"epoch":"{self.epoch}","since":{self.since}'
        return f'{{"type":"room.open","ref":0,"room":{self._room}{since}}}'.encode()

    def command(self, sender: int, nth: int) -> bytes:
        return (
            '{"type":"message.send","ref":%d,"room":%d,"nonce":"%s-%02d-%08d","text":"%s"}'  # noqa: UP031  twice as fast
            % (nth * _SENDERS + sender, self._room, self._run, sender, nth, text_of(sender, nth))
        ).encode()

    def end_of_frame(self, data: bytes, at: int) -> int:
        return end_of_frame(data, at)

    def read(self, frame: bytes) -> Word:
        return self.meaning_of(payload_of(frame)) if frame[0] == TEXT else control_word(frame)

    def body_of(self, frame: bytes) -> bytes:
        """The event in a frame; what is no event looks like none."""
        return payload_of(frame)

    def meaning_of(self, body: bytes) -> Word:
        if body.startswith(_POSTED):
            posted = _posted.decode(body)
            return Delivery(*self._origin(posted.message), place=posted.message.number)
        if body.startswith(_SENT):
            return self._acknowledgement(_sent.decode(body))
        if body.startswith(_ERROR):
            raise Unexpected(body.decode())
        return None

    def _check_opened(self, opened: Opened) -> None:
        self.head = opened.room.seq
        if self.caught_up is None:
            return
        got = [origin_of(message.text) for message in opened.messages]
        if opened.reset or got != self.caught_up:
            raise Unexpected(f"came back to {len(got)} messages (reset: {opened.reset}), missed {len(self.caught_up)}")

    def _acknowledgement(self, sent: Sent) -> Acknowledgement:
        nth, sender = divmod(sent.ref, _SENDERS)
        if self._origin(sent.message) != (sender, nth) or sent.dup:
            raise Unexpected(f"another message was acknowledged: {sent}")
        return Acknowledgement(sender, nth)

    def _origin(self, message: Message) -> tuple[int, int]:
        sender, nth = origin_of(message.text)
        if message.nonce != f"{self._run}-{sender:02d}-{nth:08d}":
            raise Unexpected(f"another nonce: {message}")
        return sender, nth

    def _wait_for(self, kind: bytes, data: bytes, to_send: bytes) -> Generator[bytes, bytes, tuple[bytes, bytes]]:
        """Send, then wait for an event of that kind; returns it, and what came after it. Others are noise."""
        while True:
            end = -1 if to_send else self.end_of_frame(data, 0)
            if end < 0:
                data += yield to_send
                to_send = b""
                continue
            frame, data = data[:end], data[end:]
            body = self.body_of(frame)
            if body.startswith(kind):
                return body, data
            self.read(frame)  # raises when it is a refusal

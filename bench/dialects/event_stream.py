"""Roost where WebSocket is blocked: server-sent events down, and commands up by POST on connections of their own."""

from bench.dialects.base import Joining, Unexpected, Word, until
from bench.dialects.roost import Roost
from bench.dialects.websocket import BROWSER, client_frame, upgrade

GENERAL = 1
"""The room that the first migration makes: its id has to be known before the server says anything."""
_HEAD, _LINE, _LENGTH = b"\r\n\r\n", b"\r\n", b"Content-Length: "
_PING = b'{"type":"ping","ref":0}'
_EVENT, _COMMENT = b"data: ", b":"


class EventStream(Roost):
    """What comes is a chunk with an event, or the answer to a POST: a frame of either kind shows which."""

    under_way_each = 1
    """Commands of one connection: it answers one before it reads the next."""

    def join(self, member: int) -> Joining:
        head = f"GET /stream?room={GENERAL} HTTP/1.1\r\nAccept: text/event-stream\r\n"
        request = f"{head}{BROWSER}{self.authorization(member)}\r\n"
        answer = yield from until((yield request.encode()), _HEAD)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise Unexpected(f"no stream: {answer[:300]!r}")
        data = yield from self.wait_until_started(answer.partition(_HEAD)[2])
        return (yield from self.wait_until_opened(data, b""))

    def join_to_speak(self, member: int) -> Joining:
        """On a connection that only sends: the first answer shows that it works."""
        data = yield self._post(member, _PING)
        while (end := self.end_of_frame(data, 0)) < 0:
            data += yield b""
        self.read(data[:end])
        return data[end:]

    def send(self, sender: int, nth: int) -> bytes:
        """Sender and member are the same number."""
        return self._post(sender, self.command(sender, nth))

    def end_of_frame(self, data: bytes, at: int) -> int:
        end = end_of_answer(data, at) if data.startswith(b"HTTP/", at) else end_of_chunk(data, at)
        return end if end <= len(data) else -1

    def read(self, frame: bytes) -> Word:
        if frame.startswith(b"HTTP/") and not frame.startswith(b"HTTP/1.1 200"):
            raise Unexpected(frame[:300].decode(errors="replace"))
        body = self.body_of(frame)
        if body or frame.partition(_LINE)[2].startswith(_COMMENT):
            return self.meaning_of(body)
        raise Unexpected(f"the stream ended, or holds what is no event: {frame[:130]!r}")

    def body_of(self, frame: bytes) -> bytes:
        if frame.startswith(b"HTTP/"):
            return frame.partition(_HEAD)[2]
        chunk = frame.partition(_LINE)[2]
        return chunk[len(_EVENT) : -len(b"\n\n\r\n")] if chunk.startswith(_EVENT) else b""

    def _post(self, member: int, command: bytes) -> bytes:
        head = (
            f"POST /command HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(command)}\r\n"
            f"{BROWSER}{self.authorization(member)}\r\n"
        )
        return head.encode() + command


class EventsDown(EventStream):
    """The same events, and commands over a WebSocket that opens no room: what a delivery costs without its POST."""

    under_way_each = 8

    def join_to_speak(self, member: int) -> Joining:
        data = yield from upgrade("/ws", self.authorization(member))
        return (yield from self.wait_until_started(data))

    def send(self, sender: int, nth: int) -> bytes:
        return client_frame(self.command(sender, nth))

    def end_of_frame(self, data: bytes, at: int) -> int:
        return Roost.end_of_frame(self, data, at) if is_websocket(data, at) else super().end_of_frame(data, at)

    def read(self, frame: bytes) -> Word:
        return Roost.read(self, frame) if is_websocket(frame, 0) else super().read(frame)

    def body_of(self, frame: bytes) -> bytes:
        return Roost.body_of(self, frame) if is_websocket(frame, 0) else super().body_of(frame)


def is_websocket(data: bytes, at: int) -> bool:
    """No chunk and no answer begins like this."""
    return data[at : at + 1] >= b"\x80"


def end_of_answer(data: bytes, at: int) -> int:
    """Where an answer to a POST ends, or would end; -1 while its head is not there."""
    head = data.find(_HEAD, at)
    if head < 0:
        return -1
    length = data.index(_LENGTH, at, head) + len(_LENGTH)
    return head + len(_HEAD) + int(data[length : data.index(_LINE, length)])


def end_of_chunk(data: bytes, at: int) -> int:
    """Where a chunk ends, or would end; -1 while its first line is not there."""
    line = data.find(_LINE, at)
    return -1 if line < 0 else line + len(_LINE) + int(data[at:line], 16) + len(_LINE)

"""Roost over TCP alone: a token, then the same commands and events, each with its length before it."""

from bench.dialects.base import Joining, Unexpected, Word
from bench.dialects.roost import Roost

_LENGTH = 4
"""Bytes of a frame's head."""
_CLOSED = b'{"type":"closed"'


class Gateway(Roost):
    def join(self, member: int) -> Joining:
        data = yield framed(b'{"type":"auth","token":"%b"}' % self.token(member).encode())
        data = yield from self.wait_until_started(data)
        return (yield from self.wait_until_opened(data, framed(self.open_room())))

    def send(self, sender: int, nth: int) -> bytes:
        return framed(self.command(sender, nth))

    def end_of_frame(self, data: bytes, at: int) -> int:
        if len(data) - at < _LENGTH:
            return -1
        end = at + _LENGTH + int.from_bytes(data[at : at + _LENGTH], "big")
        return end if end <= len(data) else -1

    def read(self, frame: bytes) -> Word:
        body = self.body_of(frame)
        if body.startswith(_CLOSED):
            raise Unexpected(body.decode())
        return self.meaning_of(body)

    def body_of(self, frame: bytes) -> bytes:
        return frame[_LENGTH:]


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(_LENGTH, "big") + body

"""The protocol of nats-server: lines, and a payload behind a MSG line."""

from bench.dialects.base import Delivery, Joining, Reply, Unexpected, Word, until
from bench.text import LENGTH, origin_of, text_of

_CONNECT = b'CONNECT {"verbose":false,"pedantic":false,"echo":true,"lang":"bench","version":"1"}\r\n'


class Nats:
    echoes = True
    one_order = False  # each client has a goroutine of its own: two senders' messages may change places
    acknowledges = False

    def __init__(self, subject: str = "room") -> None:
        self._subject = subject.encode()

    def join(self, member: int) -> Joining:
        yield from until((yield b""), b"\r\n")
        data = yield from until((yield _CONNECT + b"SUB %b 1\r\nPING\r\n" % self._subject), b"PONG\r\n")
        return data.partition(b"PONG\r\n")[2]

    def send(self, sender: int, nth: int) -> bytes:
        return b"PUB %b %d\r\n%b\r\n" % (self._subject, LENGTH, text_of(sender, nth).encode())

    def end_of_frame(self, data: bytes, at: int) -> int:
        line = data.find(b"\r\n", at)
        if line < 0:
            return -1
        end = line + 2
        if data.startswith(b"MSG ", at):
            end += int(data[data.rindex(b" ", at, line) : line]) + 2
        return end if end <= len(data) else -1

    def read(self, frame: bytes) -> Word:
        if frame.startswith(b"MSG "):
            return Delivery(*origin_of(frame[-LENGTH - 2 : -2].decode()))
        if frame.startswith(b"PING"):
            return Reply(b"PONG\r\n")
        if frame.startswith(b"-ERR"):
            raise Unexpected(frame.decode().strip())
        return None

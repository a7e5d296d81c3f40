"""IRC as ngircd speaks it (RFC 2812): lines; nobody hears themselves."""

from bench.dialects.base import Delivery, Joining, Reply, Unexpected, Word, until
from bench.text import origin_of, text_of

_END_OF_MOTD = (b" 376 ", b" 422 ")
_END_OF_NAMES = b" 366 "


class Irc:
    echoes = False
    one_order = True
    acknowledges = False

    def __init__(self, channel: str = "#room") -> None:
        self._channel = channel

    def join(self, member: int) -> Joining:
        data = yield f"NICK m{member}\r\nUSER m{member} 0 * :member\r\n".encode()
        while not any(code in data for code in _END_OF_MOTD):
            self._refuse_error(data)
            data += yield b""
        data = yield from until((yield f"JOIN {self._channel}\r\n".encode()), _END_OF_NAMES)
        while (end := data.find(b"\r\n", data.index(_END_OF_NAMES))) < 0:
            data += yield b""
        return data[end + 2 :]

    def send(self, sender: int, nth: int) -> bytes:
        return f"PRIVMSG {self._channel} :{text_of(sender, nth)}\r\n".encode()

    def end_of_frame(self, data: bytes, at: int) -> int:
        end = data.find(b"\r\n", at)
        return -1 if end < 0 else end + 2

    def read(self, frame: bytes) -> Word:
        if b" PRIVMSG " in frame:
            return Delivery(*origin_of(frame[frame.index(b" :") + 2 : -2].decode()))
        if frame.startswith(b"PING"):
            return Reply(b"PONG" + frame[4:])
        self._refuse_error(frame)
        return None

    def _refuse_error(self, data: bytes) -> None:
        if data.startswith(b"ERROR"):
            raise Unexpected(data[:200].decode(errors="replace"))

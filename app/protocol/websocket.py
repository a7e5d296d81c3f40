"""RFC 6455 frames, as a server reads them, from bytes: no extensions, no I/O.

`FrameReader.feed` turns what a socket gave into events. A text message is plain `bytes` and the rest are small objects,
so that the common case, one whole text frame in one read, makes nothing but its body and a list.
"""

from codecs import getincrementaldecoder
from typing import NamedTuple

from app.protocol.close_codes import CloseCode, may_be_sent
from app.protocol.fields import FRAME_LIMIT

_FINAL, _RESERVED, _OPCODE, _CONTROL, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x08, 0x80, 0x7F
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_OPCODES = frozenset((_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG))
_WHOLE_TEXT = _FINAL | _TEXT
_SHORTEST_HEAD = 2

# A length of up to 125 stands in the second byte; 126 and 127 there mean two or eight bytes more (section 5.2).
_SHORT, _IN_TWO_BYTES = 125, 126

_Utf8Decoder = getincrementaldecoder("utf-8")


class Ping(NamedTuple):
    """To be answered by a pong with the same payload (section 5.5.3)."""

    payload: bytes


class Pong(NamedTuple):
    """A sign of life, asked for or not."""

    payload: bytes


class Close(NamedTuple):
    """The client's close frame; `code` may be echoed (section 5.5.1) and is None when it sent none."""

    code: int | None
    reason: str


class ProtocolError(Exception):
    """A broken rule of RFC 6455 or of ours: close with `code`, believe nothing that follows (section 7.1.7)."""

    def __init__(self, code: CloseCode, rule: str) -> None:
        super().__init__(code, rule)
        self.code = code
        self.rule = rule


Event = bytes | Ping | Pong | Close | ProtocolError


class FrameReader:
    """Reads the frames of one client. It holds no buffer unless a frame or a message is half received."""

    __slots__ = ("_held", "_message", "closed")

    def __init__(self) -> None:
        self._held = b""
        self._message: _PartialMessage | None = None
        self.closed = False

    def feed(self, data: bytes) -> list[Event]:
        """The events that these bytes complete, in order.

        The last one ever is a `Close` or a `ProtocolError`: `closed` is true from then on and bytes are ignored. A
        violation is returned, not raised, so that the messages before it are not lost.
        """
        events: list[Event] = []
        if self.closed:
            return events
        try:
            self._read(self._held + data, events)
        except ProtocolError as violation:
            self._end()
            events.append(violation)
        return events

    def _read(self, data: bytes, events: list[Event]) -> None:
        at, end = 0, len(data)
        while at < end and not self.closed:
            if self._message is not None and self._message.missing:
                at = self._read_payload(self._message, data, at, events)
                continue
            head = self._read_head(data, at)
            if head is None:
                break
            first, start, length = head
            stop = start + length
            if first == _WHOLE_TEXT and stop <= end and length <= FRAME_LIMIT:
                events.append(_checked(_unmasked(data[start:stop], data[start - 4 : start])))
                at = stop
            elif not first & _CONTROL:
                message = self._begin_frame(first, length, data[start - 4 : start])
                at = self._read_payload(message, data, start, events)
            elif stop <= end:
                self._take_control(first & _OPCODE, _unmasked(data[start:stop], data[start - 4 : start]), events)
                at = stop
            else:
                break
        self._held = b"" if self.closed else data[at:]

    def _read_head(self, data: bytes, at: int) -> tuple[int, int, int] | None:
        """The first byte, where the payload starts and its length; None while the head is not all there.

        A rule is applied as soon as its bytes are there: a client that will be refused is not waited for.
        """
        here = len(data) - at
        if here < _SHORTEST_HEAD:
            return None
        first, second = data[at], data[at + 1]
        if first != _WHOLE_TEXT or second < _MASKED or self._message is not None:
            self._check_start(first, second)
        length, start = second & _LENGTH, at + 6
        if length > _SHORT:
            size, smallest = (2, 126) if length == _IN_TWO_BYTES else (8, 65_536)
            if here < 2 + size:
                return None
            length, start = _extended_length(data[at + 2 : at + 2 + size], smallest), start + size
        return (first, start, length) if start <= len(data) else None

    def _check_start(self, first: int, second: int) -> None:
        opcode = first & _OPCODE
        if first & _RESERVED:
            raise _error("reserved bits are zero: no extension was agreed on")  # section 5.2
        if opcode not in _OPCODES:
            raise _error("the opcode is unknown")  # section 5.2
        if second < _MASKED:
            raise _error("a client masks its frames")  # section 5.1
        if opcode & _CONTROL:
            if not first & _FINAL or second & _LENGTH > _SHORT:
                raise _error("a control frame is whole and short")  # section 5.5
        elif opcode == _BINARY:
            raise ProtocolError(CloseCode.UNSUPPORTED_DATA, "only text is understood")  # section 7.4.1
        elif (opcode == _CONTINUATION) != (self._message is not None):
            raise _error("a message ends before the next begins")  # section 5.4

    def _begin_frame(self, first: int, length: int, mask: bytes) -> "_PartialMessage":
        message = self._message or _PartialMessage()
        if len(message.text) + length > FRAME_LIMIT:
            raise ProtocolError(CloseCode.TOO_BIG, f"a message holds at most {FRAME_LIMIT} bytes")
        message.begin_frame(length, mask, final=first >= _FINAL)
        self._message = message
        return message

    def _read_payload(self, message: "_PartialMessage", data: bytes, at: int, events: list[Event]) -> int:
        stop = min(len(data), at + message.missing)
        message.take(data[at:stop])
        if message.whole:
            events.append(bytes(message.text))
            self._message = None
        return stop

    def _take_control(self, opcode: int, payload: bytes, events: list[Event]) -> None:
        if opcode == _PING:
            events.append(Ping(payload))
        elif opcode == _PONG:
            events.append(Pong(payload))
        else:
            events.append(_close(payload))
            self._end()

    def _end(self) -> None:
        self.closed = True
        self._held, self._message = b"", None


class _PartialMessage:
    """A text message of which not every byte is there. Its UTF-8 is checked as it comes (section 8.1)."""

    __slots__ = ("_decoder", "_final", "_mask", "missing", "text")

    def __init__(self) -> None:
        self.text = bytearray()
        self.missing = 0  # bytes of the frame under way
        self._decoder = _Utf8Decoder()
        self._mask = b""
        self._final = False

    @property
    def whole(self) -> bool:
        return self._final and not self.missing

    def begin_frame(self, length: int, mask: bytes, *, final: bool) -> None:
        self.missing, self._mask, self._final = length, mask, final

    def take(self, masked: bytes) -> None:
        self.missing -= len(masked)
        text = _unmasked(masked, self._mask)
        try:
            self._decoder.decode(text, self.whole)
        except UnicodeDecodeError:
            raise _bad_text() from None
        self.text += text
        turn = len(masked) % 4
        self._mask = self._mask[turn:] + self._mask[:turn]


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    """Section 5.3. One XOR of two big integers: the fastest of what pure Python offers up to some thousand bytes."""
    length = len(payload)
    repeats = (length + 3) // 4
    plain = int.from_bytes(payload, "little") ^ int.from_bytes(mask * repeats, "little")
    return plain.to_bytes(repeats * 4, "little")[:length]


def _checked(text: bytes) -> bytes:
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            raise _bad_text() from None
    return text


def _extended_length(field: bytes, smallest: int) -> int:
    length = int.from_bytes(field, "big")
    if length < smallest:
        raise _error("a length takes the fewest bytes")  # section 5.2
    if length >> 63:
        raise _error("a length has 63 bits")  # section 5.2
    return length


def _close(payload: bytes) -> Close:
    """Sections 5.5.1 and 7.4: what is not a code a client may send is refused, so that it is never echoed."""
    if not payload:
        return Close(None, "")
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not may_be_sent(code):
        raise _error("a close frame carries a code that may be sent")
    try:
        return Close(code, payload[2:].decode())
    except UnicodeDecodeError:
        raise _bad_text() from None


def _error(rule: str) -> ProtocolError:
    return ProtocolError(CloseCode.PROTOCOL_ERROR, rule)


def _bad_text() -> ProtocolError:
    return ProtocolError(CloseCode.BAD_DATA, "text is UTF-8")

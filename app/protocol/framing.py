"""One body as the bytes of one frame, made once and given to every connection that wants the same framing."""

from typing import Protocol

# What fits a head of two bytes and one of four (RFC 6455 section 5.2).
_SHORT, _MEDIUM = 125, 0xFFFF

_LAST_CHUNK = b"0\r\n\r\n"

LENGTH_BYTES = 4
"""Of a length-prefixed frame's head."""


class Framing(Protocol):
    """How one kind of transport tells bodies apart. `name` is unique, so that frames can be kept by it."""

    @property
    def name(self) -> str: ...

    def frame(self, body: bytes) -> bytes:
        """The body with what marks its beginning and end; never altered afterwards, so it may be shared."""
        ...


class WebSocketFraming:
    """Text frames of RFC 6455, unmasked as section 5.1 demands of a server."""

    __slots__ = ()
    name = "websocket"

    def frame(self, body: bytes) -> bytes:
        return websocket_text_frame(body)


class EventStreamFraming:
    """Server-sent events, each alone in a chunk of HTTP/1.1 (RFC 9112 section 7.1), so that chunks can be joined."""

    __slots__ = ()
    name = "event-stream"

    def frame(self, body: bytes) -> bytes:
        return event_stream_frame(body)


class EntryFraming:
    """Entries of a stream of server-sent events that are made already, in a chunk."""

    __slots__ = ()
    name = "entries"

    def frame(self, body: bytes) -> bytes:
        return _chunk(body)


class LengthPrefixedFraming:
    """The length in four bytes, then the body: what goes over TCP alone."""

    __slots__ = ()
    name = "length-prefixed"

    def frame(self, body: bytes) -> bytes:
        return length_prefixed_frame(body)


WEBSOCKET: Framing = WebSocketFraming()
EVENT_STREAM: Framing = EventStreamFraming()
ENTRIES: Framing = EntryFraming()
LENGTH_PREFIXED: Framing = LengthPrefixedFraming()


def websocket_text_frame(body: bytes) -> bytes:
    """A whole message of UTF-8 text in one unmasked frame."""
    return _head(0x81, len(body)) + body


def websocket_ping_frame(payload: bytes = b"") -> bytes:
    """Raises ValueError beyond 125 bytes (RFC 6455 section 5.5)."""
    return _control_frame(0x89, payload)


def websocket_pong_frame(payload: bytes) -> bytes:
    """The answer to a ping: the same payload (RFC 6455 section 5.5.3). Raises ValueError beyond 125 bytes."""
    return _control_frame(0x8A, payload)


def websocket_close_frame(code: int | None, reason: str = "") -> bytes:
    """None sends no code, as in answer to a close frame without one (RFC 6455 section 5.5.1).

    Raises ValueError for a reason beyond 123 bytes.
    """
    return _control_frame(0x88, b"" if code is None else code.to_bytes(2, "big") + reason.encode())


def event_stream_frame(body: bytes) -> bytes:
    """A message event. The body has no line break: JSON writes those inside its texts as escapes."""
    return _chunk(b"data: " + body + b"\n\n")


def event_stream_entry(seq: int | None, body: bytes) -> bytes:
    """A message event by which a browser knows how far it has come: its Last-Event-ID is `seq`."""
    return b"data: %b\n\n" % body if seq is None else b"id: %d\ndata: %b\n\n" % (seq, body)


def event_stream_pause(milliseconds: int) -> bytes:
    """An entry that says how long a browser waits before it comes back."""
    return b"retry: %d\n\n" % milliseconds


def event_stream_comment() -> bytes:
    """A line that says nothing and shows everybody on the way that the stream lives."""
    return _chunk(b":\n")


def event_stream_close(code: int) -> bytes:
    """The end, with the reason as an event of its own: a browser tells its page only that a stream ended."""
    return _chunk(b"event: close\ndata: %d\n\n" % code) + _LAST_CHUNK


def length_prefixed_frame(body: bytes) -> bytes:
    """The number of its bytes, unsigned and big-endian, then the body."""
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _control_frame(first: int, payload: bytes) -> bytes:
    if len(payload) > _SHORT:
        raise ValueError(f"a control frame holds at most {_SHORT} bytes, not {len(payload)}")
    return bytes((first, len(payload))) + payload


def _head(first: int, length: int) -> bytes:
    if length <= _SHORT:
        return bytes((first, length))
    if length <= _MEDIUM:
        return bytes((first, 126)) + length.to_bytes(2, "big")
    return bytes((first, 127)) + length.to_bytes(8, "big")

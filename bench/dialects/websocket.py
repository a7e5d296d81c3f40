"""RFC 6455 as a client, and the plain dialect: a text is sent, the same text is what everybody receives."""

from collections.abc import Generator

from bench.dialects.base import Delivery, Joining, Reply, Unexpected, Word, until
from bench.text import origin_of, text_of

TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A
_SHORT, _MEDIUM = 125, 0xFFFF
_NO_MASK = b"\0\0\0\0"
"""A mask of zeros is a mask: it saves the generator the work of masking and the server none of it."""

BROWSER = (
    "Host: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Safari/537.36\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en-US;q=0.9,en;q=0.8\r\n"
)
"""The headers that a browser sends with everything."""
UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
"""None of Sec-WebSocket-Extensions: nobody shall compress."""


def upgrade(path: str = "/ws", extra: str = "") -> Generator[bytes, bytes, bytes]:
    """The handshake; returns the bytes after it."""
    request = f"GET {path} HTTP/1.1\r\n{BROWSER}{UPGRADE}{extra}\r\n"
    answer = yield from until((yield request.encode()), b"\r\n\r\n")
    head, _, rest = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 101"):
        raise Unexpected(f"no upgrade: {answer[:300]!r}")
    return rest


def client_frame(payload: bytes, first: int = TEXT) -> bytes:
    """One masked frame."""
    length = len(payload)
    if length <= _SHORT:
        return bytes((first, 0x80 | length)) + _NO_MASK + payload
    if length <= _MEDIUM:
        return bytes((first, 0x80 | 126)) + length.to_bytes(2, "big") + _NO_MASK + payload
    return bytes((first, 0x80 | 127)) + length.to_bytes(8, "big") + _NO_MASK + payload


def end_of_frame(data: bytes, at: int) -> int:
    """Where a server's frame ends; -1 while its end is not there."""
    have = len(data) - at
    if have < 2:
        return -1
    length = data[at + 1]
    end = at + 2 + length
    if length > _SHORT:
        size = 2 if length == 126 else 8
        if have < 2 + size:
            return -1
        end = at + 2 + size + int.from_bytes(data[at + 2 : at + 2 + size], "big")
    return end if end <= len(data) else -1


def payload_of(frame: bytes) -> bytes:
    length = frame[1]
    return frame[2:] if length <= _SHORT else frame[4:] if length == 126 else frame[10:]


def control_word(frame: bytes) -> Word:
    """What a frame that is no text means."""
    if frame[0] == PING:
        return Reply(client_frame(payload_of(frame), PONG))
    if frame[0] == PONG:
        return None
    raise Unexpected(f"the server closed, or sent what is no text: {frame[:130]!r}")


class PlainWebSocket:
    """What the small peers speak."""

    echoes = True
    one_order = True
    acknowledges = False

    def join(self, member: int) -> Joining:
        return (yield from upgrade())

    def send(self, sender: int, nth: int) -> bytes:
        return client_frame(text_of(sender, nth).encode())

    def end_of_frame(self, data: bytes, at: int) -> int:
        return end_of_frame(data, at)

    def read(self, frame: bytes) -> Word:
        if frame[0] != TEXT:
            return control_word(frame)
        return Delivery(*origin_of(payload_of(frame).decode()))

"""What clients send after the handshake, right and wrong, and what RFC 6455 wants to come of it.

Every rule of sections 5, 7 and 8 that binds a server has its case; those of section 4 are in handshake_cases.py.
"""

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from app.protocol.fields import FRAME_LIMIT
from app.protocol.websocket import Close, Event, Ping, Pong
from tests.support.frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, client_frame, close, more, text


class Case(NamedTuple):
    """The rule's section, what a client sends, what comes of it; with which code a broken rule closes, or None."""

    section: str
    name: str
    data: bytes
    events: list[Event]
    violation: int | None = None


SNOW = "☃"
FULL = b"x" * FRAME_LIMIT
HALF = b"x" * (FRAME_LIMIT // 2)

CASES = [
    # 5.2 lengths
    Case("5.2", "an empty text", text(""), [b""]),
    Case("5.2", "125 bytes", text("x" * 125), [b"x" * 125]),
    Case("5.2", "126 bytes", text("x" * 126), [b"x" * 126]),
    Case("5.2", "65,535 bytes", text("x" * 65_535), [b"x" * 65_535]),
    Case("5.2", "as many bytes as a message may hold", text(FULL), [FULL]),
    Case("5.2", "one byte more", text(FULL + b"x"), [], 1009),
    Case("5.2", "a length said in 2 bytes that fits the head", client_frame(TEXT, b"hi", length_bytes=2), [], 1002),
    Case("5.2", "a length said in 8 bytes that fits the head", client_frame(TEXT, b"hi", length_bytes=8), [], 1002),
    Case("5.2", "a length said in 8 bytes that fits 2", client_frame(TEXT, b"x" * 126, length_bytes=8), [], 1002),
    Case("5.2", "a length of 64 bits", client_frame(TEXT, announced=1 << 63), [], 1002),
    Case("5.2", "a length of 63 bits", client_frame(TEXT, announced=(1 << 63) - 1), [], 1009),
    # 5.2 reserved bits, 5.8: no extension was agreed on
    *(
        Case("5.2", f"reserved bits {bits} on a text", client_frame(TEXT, b"hi", reserved=bits), [], 1002)
        for bits in (1, 2, 4)
    ),
    Case("5.2", "a reserved bit on a ping", client_frame(PING, reserved=4), [], 1002),
    Case("5.2", "a reserved bit on a close", client_frame(CLOSE, reserved=4), [], 1002),
    # 5.2 opcodes
    *(
        Case("5.2", f"opcode {code}", client_frame(code, b"hi"), [], 1002)
        for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    ),
    # 5.1, 5.3 masks
    Case("5.1", "an unmasked text", client_frame(TEXT, b"hi", mask=None), [], 1002),
    Case("5.1", "an unmasked ping", client_frame(PING, b"hi", mask=None), [], 1002),
    Case("5.1", "an unmasked close", client_frame(CLOSE, mask=None), [], 1002),
    Case("5.1", "an unmasked close with a code", client_frame(CLOSE, b"\x03\xe8", mask=None), [], 1002),
    Case("5.1", "an unmasked pong", client_frame(PONG, mask=None), [], 1002),
    Case("5.1", "an unmasked binary message", client_frame(BINARY, b"hi", mask=None), [], 1002),
    Case("5.1", "an unmasked text after a masked one", text("hi") + client_frame(TEXT, mask=None), [b"hi"], 1002),
    Case(
        "5.1",
        "an unmasked continuation",
        text("a", final=False) + client_frame(CONTINUATION, b"b", mask=None),
        [],
        1002,
    ),
    Case("5.3", "a mask of zeros", client_frame(TEXT, b"hi", mask=bytes(4)), [b"hi"]),
    Case("5.3", "another mask", client_frame(TEXT, b"hello", mask=b"\xff\x00\x80\x01"), [b"hello"]),
    Case("5.3", "a mask for each frame", client_frame(TEXT, b"hi", mask=b"abcd") + text("ho"), [b"hi", b"ho"]),
    Case("5.7", "the masked Hello of section 5.7", bytes.fromhex("818537fa213d7f9f4d5158"), [b"Hello"]),
    # 5.4 fragments
    Case("5.4", "three fragments", text("a", final=False) + more("b", final=False) + more("c"), [b"abc"]),
    Case("5.4", "empty fragments", text("", final=False) + more("", final=False) + more(""), [b""]),
    Case("5.4", "a message after fragments", text("a", final=False) + more("b") + text("c"), [b"ab", b"c"]),
    Case("5.4", "a continuation of nothing", more("a"), [], 1002),
    Case("5.4", "a continuation after the last", text("a", final=False) + more("b") + more("c"), [b"ab"], 1002),
    Case("5.4", "a text between fragments", text("a", final=False) + text("b"), [], 1002),
    Case("5.4", "a first fragment between fragments", text("a", final=False) + text("b", final=False), [], 1002),
    Case("5.4", "fragments of the full size", text(HALF, final=False) + more(HALF), [FULL]),
    Case("5.4", "fragments of more", text(HALF, final=False) + more(HALF + b"x"), [], 1009),
    Case("5.4", "more by small fragments", text(FULL, final=False) + more("x" * 10), [], 1009),
    Case(
        "5.4",
        "a ping after a full fragment",
        text(FULL, final=False) + client_frame(PING) + more(""),
        [Ping(b""), FULL],
    ),
    # 5.5 control frames
    Case("5.5", "an empty ping", client_frame(PING), [Ping(b"")]),
    Case("5.5", "a ping of 125 bytes", client_frame(PING, b"\xff" * 125), [Ping(b"\xff" * 125)]),
    Case("5.5.2", "two pings", client_frame(PING, b"1") + client_frame(PING, b"2"), [Ping(b"1"), Ping(b"2")]),
    Case("5.5", "a ping of 126 bytes", client_frame(PING, b"x" * 126), [], 1002),
    Case("5.5", "a ping with a long length", client_frame(PING, b"x" * 65_536), [], 1002),
    Case("5.5", "a fragmented ping", client_frame(PING, b"x", final=False), [], 1002),
    Case("5.5", "a fragmented close", client_frame(CLOSE, final=False), [], 1002),
    Case("5.5", "a pong nobody asked for", client_frame(PONG, b"x"), [Pong(b"x")]),
    Case(
        "5.5",
        "control frames among fragments",
        text("a", final=False)
        + client_frame(PING, b"1")
        + more("b", final=False)
        + client_frame(PONG, b"2")
        + more("c"),
        [Ping(b"1"), Pong(b"2"), b"abc"],
    ),
    Case("5.5", "a close among fragments", text("a", final=False) + close() + more("b"), [Close(1000, "")]),
    # 5.6 data frames
    Case("5.6", "a binary message", client_frame(BINARY, b"hi"), [], 1003),
    Case("5.6", "a message before a binary one", text("hi") + client_frame(BINARY, b"hi"), [b"hi"], 1003),
    # 7.1.5, 7.1.6, 7.4 close
    Case("7.4", "a close without a code", close(None), [Close(None, "")]),
    *(
        Case("7.4", f"a close with {code}", close(code), [Close(code, "")])
        for code in (*range(1000, 1004), *range(1007, 1015), 3000, 3999, 4000, 4999)
    ),
    *(
        Case("7.4", f"a close with {code}", close(code), [], 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    ),
    Case("7.4", "a close with half a code", client_frame(CLOSE, b"\x03"), [], 1002),
    Case("7.4", "a close with a reason", close(1000, SNOW.encode()), [Close(1000, SNOW)]),
    Case("7.4", "a close with the longest reason", close(1000, b"x" * 123), [Close(1000, "x" * 123)]),
    Case("7.4", "a close with too long a reason", close(1000, b"x" * 124), [], 1002),
    Case("7.4", "a close whose reason is not UTF-8", close(1000, b"\xff"), [], 1007),
    Case("7.4", "a message before a close", text("bye") + close(), [b"bye", Close(1000, "")]),
    Case("5.5.1", "a message after a close", close() + text("still here"), [Close(1000, "")]),
    Case("5.5.2", "a ping after a close", close() + client_frame(PING, b"x"), [Close(1000, "")]),
    Case("5.5.1", "a second close", close() + close(), [Close(1000, "")]),
    Case("5.5.1", "nonsense after a close", close() + b"\xff" * 20, [Close(1000, "")]),
    # 7.1.7 fail the connection
    Case("7.1.7", "a message after a violation", more("?") + text("hi"), [], 1002),
    Case("7.1.7", "a message before a violation", text("hi") + client_frame(TEXT, b"x", reserved=1), [b"hi"], 1002),
    # 8.1 UTF-8
    Case("8.1", "characters of every length", text("aß水🍉"), ["aß水🍉".encode()]),
    Case("8.1", "the last character", text("\U0010ffff"), ["\U0010ffff".encode()]),
    Case("8.1", "a character that is none", text("\ufffe"), ["\ufffe".encode()]),
    Case("8.1", "a null", text("\0"), [b"\0"]),
    Case(
        "8.1",
        "a character cut by fragments",
        text(SNOW.encode()[:1], final=False) + more(SNOW.encode()[1:2], final=False) + more(SNOW.encode()[2:]),
        [SNOW.encode()],
    ),
    Case("8.1", "a character not finished", text(SNOW.encode()[:2]), [], 1007),
    Case(
        "8.1",
        "a character not finished by the last fragment",
        text("a", final=False) + more(SNOW.encode()[:2]),
        [],
        1007,
    ),
    Case("8.1", "bad text in a fragment that is not the last", text(b"\xff", final=False), [], 1007),
    Case("8.1", "bad text in the second fragment", text("a", final=False) + more(b"\xff", final=False), [], 1007),
    *(
        Case("8.1", f"the bytes {bad.hex(' ')}", text(b"a" + bad + b"b"), [], 1007)
        for bad in (
            b"\x80",
            b"\xc0\xaf",
            b"\xe0\x80\xaf",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xf8\x88\x80\x80\x80",
            b"\xfe",
        )
    ),
]


def in_random_pieces(data: bytes, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    cuts = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(1, 12)))
    return (data[start:stop] for start, stop in pairwise([0, *cuts, len(data)]))

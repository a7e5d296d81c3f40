"""The pictures of the stand-in's people: a sunset each, in colours of their own, drawn here so that none lies about."""

import hashlib
import math
import struct
import zlib
from colorsys import hls_to_rgb
from functools import cache

SIDE = 96
HORIZON = 0.68
Colour = tuple[int, int, int]


@cache
def picture_of(person_id: str) -> bytes:
    """A PNG, the same after every restart."""
    hue, sun_at, swell, *_ = (byte / 255 for byte in hashlib.sha256(person_id.encode()).digest())
    rows = [row(y / SIDE, hue, 0.25 + sun_at / 2, swell) for y in range(SIDE)]
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + line for line in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def row(y: float, hue: float, sun_at: float, swell: float) -> bytes:
    return b"".join(bytes(colour(x / SIDE, y, hue, sun_at, swell)) for x in range(SIDE))


def colour(x: float, y: float, hue: float, sun_at: float, swell: float) -> Colour:
    if y > HORIZON + 0.06 * math.sin(7 * x + 6 * swell):
        return rgb(hue + 0.5, 0.32)
    if math.hypot(x - sun_at, y - 0.42) < 0.16:  # noqa: PLR2004
        return rgb(hue + 0.12, 0.88)
    return rgb(hue + 0.1 * y, 0.55 + 0.3 * y)


def rgb(hue: float, lightness: float) -> Colour:
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue % 1, lightness, 0.55))
    return red, green, blue


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

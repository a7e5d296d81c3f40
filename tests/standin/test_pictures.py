import struct
import zlib

from app.standin.pictures import SIDE, picture_of
from tests.standin.client import Client


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The chunks of a PNG whose checksums are right."""
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        found[kind] = body
        at += 12 + length
    return found


def test_a_picture_is_a_whole_png() -> None:
    png = picture_of("1")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    parts = chunks(png)
    assert list(parts) == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(parts[b"IDAT"])) == SIDE * (1 + 3 * SIDE)


def test_two_people_have_two_pictures() -> None:
    assert picture_of("1") != picture_of("2")


async def test_a_picture_is_served_in_the_sizes_of_x(client: Client) -> None:
    for size in ("normal", "bigger", "400x400"):
        answer = await client.get(f"/pictures/1_{size}.png")
        assert (answer.code, answer.headers["Content-Type"], answer.body) == (200, "image/png", picture_of("1"))
    assert (await client.get("/pictures/1_huge.png")).code == 404

"""Files at their addresses: to whom they are given, and as what."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from app.chat import accounts, memberships, public_reading, removal
from app.models import TwitterProfile, Visitor
from app.services import Services
from app.storage import tokens
from tests.files.test_drawing import SECRET, exif
from tests.support.bucket import some_bucket
from tests.support.door import Door, running
from tests.support.files import TEXT, Sender, photo
from tests.support.house import GENERAL

BYTES = bytes(range(256)) * 2_000


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {}) as door:
        yield door


@pytest.fixture
def sender(door: Door) -> Sender:
    return Sender(door)


@pytest.fixture
def services(door: Door) -> Services:
    return door.server.application.services


async def other(services: Services) -> tuple[Visitor, dict[str, str]]:
    """Bob, who has come after what ada did, and what his program sends."""
    signed_in = await accounts.sign_in_with_twitter(services, TwitterProfile("2", "bob"), "a browser")
    bearer = accounts.new_token()
    now = services.clock.now()
    await services.store.write(tokens.create, signed_in.user.id, "his", accounts.token_hash(bearer), now, "manage")
    return Visitor(signed_in.user), {"Authorization": f"Bearer {bearer}"}


async def sent(sender: Sender, body: bytes, name: str = "a.bin") -> str:
    """The address of a file that a message has."""
    _, file = await sender.send(body, name)
    await sender.post(files=[file["id"]])
    return str(file["url"])


async def test_a_file_comes_back_as_it_was_sent(sender: Sender) -> None:
    status, _, body = await sender.get(await sent(sender, BYTES))
    assert (status, body) == (200, BYTES)


async def test_it_may_do_nothing_and_is_asked_for_each_time(sender: Sender) -> None:
    _, headers, _ = await sender.get(await sent(sender, TEXT))
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["x-robots-tag"] == "noindex"


async def test_what_a_browser_has_already_is_not_sent_again(sender: Sender) -> None:
    address = await sent(sender, TEXT)
    _, headers, _ = await sender.get(address)
    status, _, body = await sender.get(address, **{"If-None-Match": headers["etag"]})
    assert (status, body) == (304, b"")


async def test_the_head_alone_tells_the_size(sender: Sender) -> None:
    status, headers = await sender.head(await sent(sender, BYTES))
    assert (status, headers["content-length"]) == (200, str(len(BYTES)))


@pytest.mark.parametrize(
    ("asked", "status", "told", "start", "end"),
    [
        ("bytes=0-99", 206, "bytes 0-99/512000", 0, 100),
        ("bytes=511990-", 206, "bytes 511990-511999/512000", 511_990, 512_000),
        ("bytes=-10", 206, "bytes 511990-511999/512000", 511_990, 512_000),
        ("bytes=500000-999999", 206, "bytes 500000-511999/512000", 500_000, 512_000),
        ("bytes=512000-", 416, "bytes */512000", 0, 0),
        ("bytes=9-1", 200, None, 0, 512_000),
        ("bytes=0-1,5-6", 200, None, 0, 512_000),
        ("lines=1-2", 200, None, 0, 512_000),
    ],
)
async def test_a_player_asks_for_parts(
    sender: Sender, asked: str, status: int, told: str | None, start: int, end: int
) -> None:
    answered, headers, body = await sender.get(await sent(sender, BYTES), Range=asked)
    assert (answered, headers.get("content-range"), body) == (status, told, BYTES[start:end])


async def test_a_part_of_another_file_is_the_whole(sender: Sender) -> None:
    status, _, body = await sender.get(await sent(sender, BYTES), Range="bytes=0-9", **{"If-Range": '"another"'})
    assert (status, body) == (200, BYTES)


@pytest.mark.parametrize(
    ("body", "shown", "content_type"),
    [
        (photo(10, 10, "PNG"), "inline", "image/png"),
        (b"\0\0\0\x18ftypmp42" + bytes(100), "inline", "video/mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "attachment", "text/plain"),
        (b"<!doctype html><script>alert(1)</script>", "attachment", "text/plain"),
        (b"%PDF-1.7\n" + bytes(100), "attachment", "application/pdf"),
        (b"MZ" + bytes(100), "attachment", "application/octet-stream"),
    ],
)
async def test_nothing_is_shown_in_place_but_what_is_on_the_list(
    sender: Sender, body: bytes, shown: str, content_type: str
) -> None:
    _, headers, _ = await sender.get(await sent(sender, body, "innocent.png"))
    assert headers["content-disposition"].startswith(f"{shown}; ")
    assert headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("name", "plain", "told"),
    [
        ("notes.txt", "notes.txt", "notes.txt"),
        ('a"; filename="b.exe', "a__ filename=_b.exe", 'a"; filename="b.exe'),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\temp\\x.doc", "x.doc", "x.doc"),
        ("a\r\nSet-Cookie: a=b", "aSet-Cookie_ a_b", "aSet-Cookie: a=b"),
        ("photo\u202egpj.exe", "photogpj.exe", "photogpj.exe"),
        ("Übung.pdf", "_bung.pdf", "Übung.pdf"),
        ("...", "file", "file"),
    ],
)
async def test_a_name_is_one_name_however_hostile(sender: Sender, name: str, plain: str, told: str) -> None:
    _, headers, _ = await sender.get(await sent(sender, TEXT, quote(name)))
    expected = f"attachment; filename=\"{plain.replace('=', '_')}\"; filename*=UTF-8''{quote(told, safe='')}"
    assert headers["content-disposition"] == expected


async def test_of_a_photo_nothing_but_its_pixels_is_given_out(sender: Sender) -> None:
    page = b"<html><script>alert(1)</script>"
    body = photo(1000, 500, exif=exif(), comment=page) + page
    assert SECRET in body
    address = await sent(sender, body, "photo.jpg")
    for path in (address, f"{address}/thumb"):
        _, headers, given = await sender.get(path)
        assert headers["content-type"] in {"image/jpeg", "image/webp"}
        assert not [each for each in (SECRET, b"Exif", page) if each in given]


async def test_what_lies_in_a_bucket_is_given_out_like_all_else(tmp_path: Path) -> None:
    with some_bucket() as url:
        async with running(tmp_path, {"FILES_URL": url}) as door:
            sender = Sender(door)
            address = await sent(sender, photo(1000, 500), "photo.jpg")
            assert (await sender.get(f"{address}/thumb"))[2][8:12] == b"WEBP"
            address = await sent(sender, BYTES)
            assert (await sender.get(address, Range="bytes=1000-1999"))[2] == BYTES[1000:2000]
            assert (await sender.get(address, Authorization=""))[0] == 404


async def test_a_thumbnail_is_webp_and_there_for_pictures_alone(sender: Sender) -> None:
    picture, text = await sent(sender, photo(1000, 500)), await sent(sender, TEXT)
    status, headers, body = await sender.get(f"{picture}/thumb")
    assert (status, headers["content-type"], body[8:12]) == (200, "image/webp", b"WEBP")
    assert headers["content-disposition"].startswith("inline; ")
    assert (await sender.get(f"{text}/thumb"))[0] == 404


# To whom


async def test_what_is_not_sent_yet_is_seen_by_who_brought_it(sender: Sender, services: Services) -> None:
    _, file = await sender.send(TEXT)
    _, bob = await other(services)
    assert (await sender.get(file["url"]))[0] == 200
    assert (await sender.get(file["url"], **bob))[0] == 404


async def test_whoever_is_in_the_room_reads_its_files_until_they_are_out(sender: Sender, services: Services) -> None:
    address = await sent(sender, TEXT)
    visitor, bob = await other(services)
    assert (await sender.get(address, **bob))[0] == 200
    await memberships.leave(services, visitor, GENERAL)
    assert (await sender.get(address, **bob))[0] == 404


async def test_a_stranger_gets_nothing_unless_the_room_is_read_from_outside(sender: Sender, services: Services) -> None:
    address = await sent(sender, TEXT)
    stranger = {"Authorization": ""}
    assert (await sender.get(address, **stranger))[0] == 404
    await public_reading.change_by_operator(services, on=True)
    assert (await sender.get(address, **stranger))[0] == 404
    await make_readable(services)
    assert (await sender.get(address, **stranger))[0] == 200
    await public_reading.change_by_operator(services, on=False)
    assert (await sender.get(address, **stranger))[0] == 404


async def test_a_removed_message_takes_its_files_along(sender: Sender, services: Services) -> None:
    address = await sent(sender, photo(10, 10))
    _, ada = await whoami(sender, services)
    await removal.remove(services, ada, GENERAL, 1)
    for path in (address, f"{address}/thumb"):
        assert (await sender.get(path))[0] == 404


async def test_a_file_that_is_not_there_is_not_found(sender: Sender) -> None:
    assert (await sender.get(f"/files/{32 * 'a'}"))[0] == 404
    assert (await sender.get("/files/../../etc/passwd"))[0] == 404


async def whoami(sender: Sender, services: Services) -> tuple[int, Visitor]:
    visitor = await accounts.resume_bearer(services, sender.door.bearer)
    assert visitor is not None
    return visitor.user.id, visitor


async def make_readable(services: Services) -> None:
    await services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE rooms SET is_readable = 1 WHERE id = 1")
    )

"""POST /files over real sockets to the real server: who may send what, and what comes of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app.handlers import uploads
from app.storage.tables import files
from tests.files.test_drawing import bomb
from tests.support.door import Door, running
from tests.support.files import TEXT, Sender, files_in, is_empty, photo
from tests.support.house import new_nonce
from tests.support.waiting import PATIENCE, until


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000", "MAX_FILE_MB": "1"}) as door:
        yield door


@pytest.fixture
def sender(door: Door) -> Sender:
    return Sender(door)


async def test_a_file_is_taken_in_and_described(sender: Sender) -> None:
    status, file = await sender.send(TEXT, "notes.txt")
    assert status == 200
    assert file == {
        "id": file["id"],
        "url": f"/files/{file['id']}",
        "name": "notes.txt",
        "type": "text/plain",
        "size": len(TEXT),
    }
    assert re.fullmatch("[0-9a-f]{32}", file["id"])


async def test_a_picture_comes_with_its_measures_and_those_of_its_thumbnail(sender: Sender) -> None:
    _, file = await sender.send(photo(1000, 500), "beach.jpg")
    assert (file["kind"], file["type"]) == ("image", "image/jpeg")
    assert (file["width"], file["height"]) == (1000, 500)
    assert (file["thumb"], file["thumb_width"], file["thumb_height"]) == (f"/files/{file['id']}/thumb", 800, 400)


async def test_the_same_nonce_again_gives_the_same_file(sender: Sender) -> None:
    nonce = new_nonce()
    first = await sender.send(TEXT, nonce=nonce)
    assert await sender.send(TEXT, nonce=nonce) == first
    assert len(await ids(sender)) == 1


async def test_two_tries_with_one_nonce_at_once_leave_one_file(sender: Sender) -> None:
    nonce = new_nonce()
    both = await asyncio.gather(*[sender.send(TEXT, nonce=nonce) for _ in range(2)])
    (file,) = [file for status, file in both if status == 200][:1]
    assert (await sender.send(TEXT, nonce=nonce))[1] == file


async def test_a_file_that_breaks_off_can_be_sent_again(door: Door, sender: Sender) -> None:
    nonce = new_nonce()
    reader, writer = await door._send("POST /files?room=1 HTTP/1.1", sender.headers(500_000, "a.bin", nonce))
    writer.write(b"x" * 100_000)
    await writer.drain()
    folder = Path(door.server.settings.files_url) / "incoming"
    await until(lambda: folder.exists() and not is_empty(folder))
    writer.close()
    await until(lambda: is_empty(folder))
    assert (await sender.send(TEXT, nonce=nonce))[0] == 200
    assert await reader.read() == b""


async def test_a_file_that_comes_too_slowly_is_cut_off(
    door: Door, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.1)
    monkeypatch.setattr(uploads, "PACE", 500_000_000)
    reader, writer = await door._send("POST /files?room=1 HTTP/1.1", sender.headers(500_000, "a.bin", new_nonce()))
    writer.write(b"x" * 100_000)
    async with asyncio.timeout(PATIENCE):
        assert await reader.read() == b""
    await until(lambda: is_empty(Path(door.server.settings.files_url) / "incoming"))
    writer.close()


@pytest.mark.parametrize(
    ("size", "headers", "status", "code"),
    [
        (0, {}, 400, "file_empty"),
        (1_000_001, {}, 413, "file_too_large"),
        (3_999_999, {}, 413, "file_too_large"),
        (10, {"Idempotency-Key": "short"}, 400, "bad_request"),
        (10, {"X-File-Name": "%ff"}, 400, "bad_request"),
        (10, {"room": "999"}, 404, "not_found"),
        (10, {"room": "x"}, 400, "bad_request"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_sentence(
    sender: Sender, size: int, headers: dict[str, str], status: int, code: str
) -> None:
    answered, answer = await sender.send(b"x" * size, **headers)
    assert (answered, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"]
    assert await ids(sender) == []


async def test_a_body_without_its_length_is_refused(door: Door, sender: Sender) -> None:
    headers = sender.headers(0, "a", new_nonce()) | {"Content-Length": "", "Transfer-Encoding": "chunked"}
    status, answer = await sender.answer(headers, b"5\r\nhello\r\n0\r\n\r\n")
    assert (status, answer["error"]["code"]) == (400, "bad_request")


async def test_a_bomb_of_a_hundred_megapixels_is_refused_with_a_sentence(sender: Sender) -> None:
    status, answer = await sender.send(bomb(), "small.png")
    assert (status, answer["error"]["code"]) == (400, "picture_too_large")
    assert "40 million pixels" in answer["error"]["message"]


async def test_what_begins_like_a_picture_and_is_none_is_refused_and_leaves_nothing(door: Door, sender: Sender) -> None:
    status, answer = await sender.send(b"GIF89a/*<script>alert(1)</script>*/=1", "a.gif")
    assert (status, answer["error"]["code"]) == (400, "picture_broken")
    assert files_in(Path(door.server.settings.files_url)) == []


async def test_a_page_of_another_site_sends_nothing(sender: Sender) -> None:
    assert (await sender.send(TEXT, Origin="https://evil.example"))[0] == 403


async def test_a_page_needs_its_token(sender: Sender, door: Door) -> None:
    program = {"Authorization": ""} | door.signed_in
    assert (await sender.send(TEXT, **program))[0] == 403


async def test_a_page_sends_with_its_token(sender: Sender, door: Door) -> None:
    head, body = await door.get("/chat/general", {"Host": "127.0.0.1:5000", "Cookie": door.cookie})
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', body)
    assert boot is not None
    cookies = SimpleCookie(re.findall(r"(?i)set-cookie: (.*)", head)[0])
    page = {"Authorization": "", "Cookie": f"{door.cookie}; xsrf={cookies['xsrf'].value}", "Origin": door.origin}
    status, _ = await sender.send(TEXT, **page, **{"X-Xsrftoken": msgspec.json.decode(boot[1])["xsrf"]})
    assert status == 200


async def test_the_address_takes_files_and_gives_none(door: Door) -> None:
    assert (await door.ask("GET /files HTTP/1.1", {"Host": "127.0.0.1"} | door.signed_in))[0] == 405


async def test_who_is_not_signed_in_sends_nothing(sender: Sender) -> None:
    assert (await sender.send(TEXT, Authorization="Bearer wrong"))[0] == 401


@pytest.mark.parametrize("environ", [{"MAX_FILE_MB": "0"}])
async def test_a_server_that_takes_no_files_says_so(tmp_path: Path, environ: dict[str, str]) -> None:
    async with running(tmp_path, environ) as door:
        status, answer = await Sender(door).send(TEXT)
        assert (status, answer["error"]["code"]) == (403, "files_off")


async def test_files_have_a_pace(tmp_path: Path) -> None:
    async with running(tmp_path, {"LIMIT_FILES_PER_MINUTE": "1"}) as door:
        sender = Sender(door)
        await sender.send(TEXT)
        status, answer = await sender.send(TEXT)
        assert (status, answer["error"]["code"], answer["error"]["temporary"]) == (429, "too_fast", True)


async def test_what_one_person_may_keep_has_a_bound(tmp_path: Path) -> None:
    async with running(tmp_path, {"FILES_QUOTA_MB": "1"}) as door:
        sender = Sender(door)
        assert (await sender.send(b"\0" * 600_000))[0] == 200
        status, answer = await sender.send(b"\0" * 600_000)
        assert (status, answer["error"]["code"]) == (403, "files_used_up")


async def test_what_all_may_keep_has_a_bound(tmp_path: Path) -> None:
    async with running(tmp_path, {"FILES_TOTAL_MB": "1"}) as door:
        status, answer = await Sender(door).send(b"\0" * 1_000_001)
        assert (status, answer["error"]["code"]) == (403, "files_full")


async def test_a_message_has_its_files(sender: Sender) -> None:
    _, file = await sender.send(TEXT, "notes.txt")
    sent = await sender.post(files=[file["id"]])
    assert sent["message"]["files"] == [file]
    assert "text" not in sent["message"]


async def ids(sender: Sender) -> list[Any]:
    store = sender.door.server.application.services.store
    return await store.read(lambda connection: list(connection.scalars(select(files.c.id))))

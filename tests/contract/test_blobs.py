"""What keeps the bytes of files, wherever it does."""

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import FilesAway, NotFound
from app.files.blobs import Blobs
from app.files.choice import open_files
from app.settings import load_settings
from tests.support.bucket import free_port, some_bucket
from tests.support.files import is_empty

BYTES = bytes(range(256)) * 30_000
"""Of several parts, also to a bucket."""


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with some_bucket() as url:
        yield url


@pytest.fixture(params=["folder", "bucket"])
def url(request: pytest.FixtureRequest) -> str:
    """Of an empty place."""
    if request.param == "folder":
        return "files"
    return f"{request.getfixturevalue('bucket')}/{secrets.token_hex(8)}"


@pytest.fixture
def blobs(url: str, tmp_path: Path) -> Blobs:
    return at(url, tmp_path)


def at(url: str, root: Path) -> Blobs:
    return open_files(load_settings({"FILES_URL": url}, root)).blobs


async def put(blobs: Blobs, key: str, body: bytes) -> Path:
    blobs.staging.mkdir(parents=True, exist_ok=True)
    path = blobs.staging / secrets.token_hex(8)
    path.write_bytes(body)
    await blobs.put(key, path)
    return path


async def read(blobs: Blobs, key: str, start: int = 0, end: int | None = None) -> bytes:
    blob = await blobs.open(key)
    return b"".join([piece async for piece in blob.pieces(start, blob.size if end is None else end)])


async def test_what_is_put_comes_back_and_is_taken_from_its_place(blobs: Blobs) -> None:
    path = await put(blobs, "abc", BYTES)
    assert (await blobs.open("abc")).size == len(BYTES)
    assert await read(blobs, "abc") == BYTES
    assert not path.exists()


@pytest.mark.parametrize(("start", "end"), [(0, 1), (1_000_000, 2_500_000), (len(BYTES) - 3, len(BYTES)), (7, 7)])
async def test_a_part_is_that_part(blobs: Blobs, start: int, end: int) -> None:
    await put(blobs, "abc", BYTES)
    assert await read(blobs, "abc", start, end) == BYTES[start:end]


async def test_what_is_put_again_takes_the_place_of_what_was_there(blobs: Blobs) -> None:
    await put(blobs, "abc", b"one")
    await put(blobs, "abc", b"three")
    assert await read(blobs, "abc") == b"three"


async def test_keys_that_begin_alike_are_two(blobs: Blobs) -> None:
    await put(blobs, "abc", b"whole")
    await put(blobs, "abc-thumb", b"small")
    await blobs.drop("abc")
    assert await read(blobs, "abc-thumb") == b"small"


async def test_what_is_dropped_is_not_found_and_may_be_dropped_again(blobs: Blobs) -> None:
    await put(blobs, "abc", b"one")
    for _ in range(2):
        await blobs.drop("abc")
    with pytest.raises(NotFound):
        await blobs.open("abc")


async def test_many_are_read_and_put_at_once(blobs: Blobs) -> None:
    await asyncio.gather(*[put(blobs, f"key{number}", str(number).encode()) for number in range(20)])
    assert await asyncio.gather(*[read(blobs, f"key{number}") for number in range(20)]) == [
        str(number).encode() for number in range(20)
    ]


async def test_a_place_that_cannot_be_reached_is_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder was to be")
    with pytest.raises(FilesAway):
        await at("files", tmp_path).open("abc")


async def test_a_bucket_that_does_not_answer_is_away(bucket: str, tmp_path: Path) -> None:
    gone = at(f"s3://key:secret@127.0.0.1:{free_port()}/files", tmp_path)
    with pytest.raises(FilesAway):
        await gone.open("abc")
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(FilesAway):
        await gone.put("abc", tmp_path / "a")


async def test_a_bucket_leaves_nothing_on_this_disk(bucket: str, tmp_path: Path) -> None:
    blobs = at(bucket, tmp_path)
    blobs.staging = tmp_path / "staging"
    await put(blobs, "abc", BYTES)
    assert is_empty(blobs.staging)

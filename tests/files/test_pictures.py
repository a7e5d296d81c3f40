"""The process that draws: what it is asked, what it is allowed, and what the event loop feels of it."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

from app.errors import PictureBroken, PictureTooLarge
from app.files import pictures
from app.files.pictures import Pictures, run
from tests.files.test_drawing import bomb
from tests.support.files import files_in, photo


def places(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "given", folder / "whole", folder / "thumb"


async def draw(folder: Path, body: bytes, content_type: str) -> dict[str, object]:
    given, whole, thumb = places(folder)
    given.write_bytes(body)
    return await Pictures().draw(1, content_type, given, whole, thumb)


async def test_a_picture_is_drawn_by_a_process_of_its_own(tmp_path: Path) -> None:
    assert (await draw(tmp_path, photo(1000, 500), "image/jpeg"))["thumb_height"] == 400
    assert files_in(tmp_path) == ["given", "thumb", "whole"]


async def test_what_it_refuses_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PictureTooLarge):
        await draw(tmp_path, bomb(), "image/png")
    with pytest.raises(PictureBroken):
        await draw(tmp_path, b"GIF89a", "image/gif")


async def test_the_loop_goes_on_while_a_photo_of_twelve_megapixels_is_drawn(tmp_path: Path) -> None:
    body = photo(4000, 3000)
    drawing = asyncio.create_task(draw(tmp_path, body, "image/jpeg"))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert (await drawing)["width"] == 4000
    assert turns > 10


async def test_nobody_waits_for_all_pictures_of_somebody_else(tmp_path: Path) -> None:
    pictures, done = Pictures(), list[int]()
    given = tmp_path / "given"
    given.write_bytes(photo(30, 20))

    async def one(whose: int, number: int) -> None:
        made = [tmp_path / f"{whose} {number} {name}" for name in ("whole", "thumb")]
        await pictures.draw(whose, "image/jpeg", given, *made)
        done.append(whose)

    await asyncio.gather(*[one(1, number) for number in range(5)], one(2, 0))
    assert done.index(2) <= 1


def test_one_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.2)
    begun = time.monotonic()
    assert run([sys.executable, "-c", "import time; time.sleep(60)"])["error"] == "broken"
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("program", ["import os; os.abort()", "raise SystemExit(3)", "print('no JSON')"])
def test_one_that_crashes_is_a_broken_picture(program: str) -> None:
    assert run([sys.executable, "-c", program])["error"] == "broken"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such bounds")
def test_one_that_wants_all_memory_is_a_broken_picture() -> None:
    folder = str(pictures.DRAWING.parent)
    program = f"import sys; sys.path.insert(0, {folder!r}); import drawing; drawing.limit(); bytearray(2 * 1024**3)"
    assert run([sys.executable, "-c", program])["error"] == "broken"

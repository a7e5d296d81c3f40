"""What becomes of pictures: pixels, and nothing else that came with them."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from app.files import drawing
from app.files.drawing import PIXELS, outcome
from tests.support.files import photo

SECRET = b"52.5200 N, the secret place"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


class Desk:
    """Draws what it is given."""

    def __init__(self, folder: Path) -> None:
        self.given, self.whole, self.thumb = (folder / name for name in ("given", "whole", "thumb"))

    def draw(self, body: bytes, kind: str) -> dict[str, Any]:
        self.given.write_bytes(body)
        return outcome([TYPES[kind], str(self.given), str(self.whole), str(self.thumb)])

    @property
    def drawn(self) -> Image.Image:
        return Image.open(io.BytesIO(self.whole.read_bytes()))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[drawing.ORIENTATION] = orientation
    tags[0x010E] = SECRET.decode()
    tags.get_ifd(0x8825)[1] = "N"
    return tags.tobytes()


def png_text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return info


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"exif": exif(), "comment": SECRET, "xmp": SECRET}),
        ("PNG", {"exif": exif(), "pnginfo": png_text()}),
        ("GIF", {"comment": SECRET}),
        ("WEBP", {"exif": exif(), "xmp": SECRET}),
    ],
)
def test_what_a_camera_or_a_person_wrote_into_a_picture_is_gone(desk: Desk, kind: str, options: dict[str, Any]) -> None:
    body = photo(300, 200, kind, **options)
    assert SECRET in body
    made = desk.draw(body, kind)
    assert (made["width"], made["height"], made["animated"]) == (300, 200, False)
    for path in (desk.whole, desk.thumb):
        assert SECRET not in path.read_bytes()
        with Image.open(path) as image:
            image.load()
            assert not image.getexif()
            assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & image.info.keys()
    assert desk.drawn.format == kind


@pytest.mark.parametrize("kind", TYPES)
def test_bytes_after_the_end_of_a_picture_are_gone(desk: Desk, kind: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.html", "<script>alert(1)</script>")
    assert "error" not in desk.draw(photo(30, 20, kind) + archive.getvalue(), kind)
    assert not zipfile.is_zipfile(desk.whole)


@pytest.mark.parametrize(
    ("orientation", "size", "small", "dark"),
    [
        (1, (1600, 1000), (800, 500), (0.5, 0)),
        (3, (1600, 1000), (800, 500), (0.5, 0.99)),
        (6, (1000, 1600), (375, 600), (0.99, 0.5)),
        (8, (1000, 1600), (375, 600), (0, 0.5)),
    ],
)
def test_a_picture_stands_upright_and_so_does_its_thumbnail(
    desk: Desk, orientation: int, size: tuple[int, int], small: tuple[int, int], dark: tuple[float, float]
) -> None:
    made = desk.draw(photo(1600, 1000, exif=exif(orientation)), "JPEG")
    assert (made["width"], made["height"]) == size
    assert (made["thumb_width"], made["thumb_height"]) == small
    for path, (width, height) in ((desk.whole, size), (desk.thumb, small)):
        with Image.open(path) as image:
            assert image.size == (width, height)
            left, top = int(dark[0] * width), int(dark[1] * height)
            assert image.convert("L").crop((left, top, left + 1, top + 1)).tobytes() < b"\x14"


def test_a_small_picture_is_not_made_larger(desk: Desk) -> None:
    made = desk.draw(photo(40, 30, "PNG"), "PNG")
    assert (made["thumb_width"], made["thumb_height"]) == (40, 30)


def moving(kind: str, size: tuple[int, int] = (40, 30), frames: int = 3, **options: Any) -> bytes:
    shades = [Image.new("RGB", size, (80 * number % 255, 10, 10)) for number in range(frames)]
    made = io.BytesIO()
    shades[0].save(made, kind, save_all=True, append_images=shades[1:], duration=[50, 60, 70], loop=0, **options)
    return made.getvalue()


def times_of(image: Image.Image) -> list[int]:
    times: list[int] = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        times.append(frame.info["duration"])
    return times


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_to_move_at_its_pace(desk: Desk, kind: str) -> None:
    assert desk.draw(moving(kind), kind)["animated"] is True
    assert times_of(desk.drawn) == [50, 60, 70]


def test_a_comment_in_what_moves_is_gone(desk: Desk) -> None:
    body = moving("GIF", comment=SECRET)
    assert SECRET in body
    desk.draw(body, "GIF")
    assert SECRET not in desk.whole.read_bytes()


def test_of_too_much_that_moves_the_first_frame_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PIXELS", 2 * 40 * 30)
    assert desk.draw(moving("GIF"), "GIF")["animated"] is False
    assert getattr(desk.drawn, "n_frames", 1) == 1


def test_of_what_has_too_many_frames_the_first_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "FRAMES", 2)
    assert desk.draw(moving("WEBP"), "WEBP")["animated"] is False


def bomb() -> bytes:
    """100 megapixels in a few kilobytes, most of which need not be there to ask for the memory."""
    image = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(image, "PNG")
    return image.getvalue()


def test_a_bomb_is_refused_before_it_goes_off(desk: Desk) -> None:
    assert len(bomb()) < 100_000
    assert desk.draw(bomb(), "PNG") == {"error": "too_large"}


def test_a_head_that_lies_about_its_size_is_refused(desk: Desk) -> None:
    body = bytearray(photo(10, 10, "PNG"))
    body[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    body[29:33] = zlib.crc32(body[12:29]).to_bytes(4)
    assert desk.draw(bytes(body), "PNG") == {"error": "too_large"}
    assert PIXELS < 60_000 * 60_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"GIF89a/*<script>alert(1)</script>*/=1;", "GIF"),
        (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "JPEG"),
        (b"\x89PNG\r\n\x1a\n<?php system($_GET[0]); ?>", "PNG"),
        (b"RIFF\x10\0\0\0WEBP<svg onload=alert(1)>", "WEBP"),
        (photo(300, 200)[:3_000], "JPEG"),
        (photo(300, 200, "PNG")[:500], "PNG"),
        (photo(30, 20, "PNG"), "JPEG"),
        (b"", "GIF"),
    ],
)
def test_what_only_begins_like_a_picture_is_refused(desk: Desk, body: bytes, kind: str) -> None:
    assert desk.draw(body, kind)["error"] == "broken"


def blank(mode: str, kind: str, **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new(mode, (30, 20)).save(made, kind, **options)
    return made.getvalue()


@pytest.mark.parametrize(
    ("given", "kind", "options", "mode"),
    [
        ("CMYK", "JPEG", {}, "RGB"),
        ("L", "JPEG", {}, "L"),
        ("I;16", "PNG", {}, "L"),
        ("1", "PNG", {}, "L"),
        ("LA", "PNG", {}, "RGBA"),
        ("P", "PNG", {"transparency": 0}, "RGBA"),
        ("P", "PNG", {}, "RGB"),
        ("RGB", "WEBP", {}, "RGB"),
    ],
)
def test_every_way_to_write_colours_is_read(
    desk: Desk, given: str, kind: str, options: dict[str, Any], mode: str
) -> None:
    assert "error" not in desk.draw(blank(given, kind, **options), kind)
    assert desk.drawn.mode == mode


def test_colours_of_another_space_are_made_those_that_browsers_take_for_granted(desk: Desk) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "error" not in desk.draw(photo(30, 20, icc_profile=profile), "JPEG")
    assert "icc_profile" not in desk.drawn.info
    assert "error" not in desk.draw(photo(30, 20, icc_profile=b"no profile at all"), "JPEG")

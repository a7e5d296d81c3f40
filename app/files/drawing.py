"""Makes a picture anew, in a process of its own with bounds: `python drawing.py TYPE GIVEN WHOLE THUMB`.

Only pixels come through (SECURITY S33): they are decoded by the one format that the first bytes name, turned upright,
and encoded again, without EXIF and all that else a picture can carry. It says what became of it as one line of JSON. It
imports nothing of Roost, so that it starts quickly, and runs with Python's `-I`.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

PIXELS = 40_000_000
FRAMES = 1_000
"""Of what moves: each costs something, however small it is."""
THUMB = (800, 600)
"""Twice what a page gives a picture, for screens with two pixels in one."""
MEMORY = 1024**3
SECONDS = 30
NICE = 10
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88},
    "PNG": {"compress_level": 3},
    "GIF": {},
    "WEBP": {"quality": 88, "method": 2},
}
SIDEWAYS = (5, 6, 7, 8)
"""EXIF's orientations whose width is the height of what is seen."""
ORIENTATION = 0x0112


class TooLarge(Exception):
    pass


def draw(content_type: str, given: str, whole: str, thumb: str) -> dict[str, Any]:
    """The picture at `given`, made anew at `whole` and small at `thumb`, with its measures."""
    kind = FORMATS[content_type]
    with opened(given, kind) as image:
        small = thumbnail(image)
    small.save(thumb, "WEBP", quality=80, method=4)
    with opened(given, kind) as image:
        size, animated = redraw(image, kind, whole)
    width, height = size
    return {
        "width": width,
        "height": height,
        "thumb_width": small.width,
        "thumb_height": small.height,
        "animated": animated,
    }


def opened(path: str, kind: str) -> Image.Image:
    """The head is read, and no pixel. Raises TooLarge."""
    image = Image.open(path, formats=[kind])
    if image.width * image.height > PIXELS:
        image.close()
        raise TooLarge
    return image


def thumbnail(image: Image.Image) -> Image.Image:
    """Pillow decodes a JPEG at a fraction of its size for this, which takes a fraction of the time."""
    sideways = image.getexif().get(ORIENTATION) in SIDEWAYS
    profile = image.info.get("icc_profile")
    box = THUMB[::-1] if sideways else THUMB
    image.draft(None, box)
    image.thumbnail(box, Image.Resampling.LANCZOS)
    return plain(ImageOps.exif_transpose(image), profile)


def redraw(image: Image.Image, kind: str, path: str) -> tuple[tuple[int, int], bool]:
    """What moves goes on to move where it has no more than FRAMES, which together are no more than the largest picture;
    of anything larger the first frame is left."""
    frames = getattr(image, "n_frames", 1) if kind in {"GIF", "WEBP"} else 1
    if 1 < frames <= min(FRAMES, PIXELS // (image.width * image.height)):
        save_moving(image, kind, path)
        return image.size, True
    image.seek(0)
    profile = image.info.get("icc_profile")
    still = plain(ImageOps.exif_transpose(image), profile)
    still.save(path, kind, **OPTIONS[kind])
    return still.size, False


def save_moving(image: Image.Image, kind: str, path: str) -> None:
    times: list[int] = []

    def frames() -> Iterator[Image.Image]:
        for frame in ImageSequence.Iterator(image):
            frame.load()
            times.append(int(frame.info.get("duration", 100)))
            yield plain(frame, None)

    first, *others = frames()
    first.save(
        path,
        kind,
        save_all=True,
        append_images=others,
        duration=times,
        loop=int(image.info.get("loop", 0)),
        **({"disposal": 2} if kind == "GIF" else {}),
        **OPTIONS[kind],
    )


def plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The pixels alone, in the colours that browsers take for granted."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    clear = image.has_transparency_data
    mode = "RGBA" if clear else "L" if image.mode in {"1", "L"} else "RGB"
    if profile is not None:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # as most programs do with one that they cannot read
            image = in_srgb(image, profile, mode)
    bare = image.convert(mode)
    bare.info = {}  # what encoders look for what else to write in
    return bare


def in_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    if image.mode in {"P", "PA"}:
        image = image.convert(mode)
    wanted = mode if image.mode == mode else "RGB"
    made = ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=wanted)
    return image if made is None else made


def limit() -> None:
    """What a picture may cost, whatever it makes a decoder do; and the server goes first where there is one core."""
    try:
        import resource  # noqa: PLC0415  absent on Windows
    except ImportError:
        return
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def outcome(arguments: list[str]) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None  # it warns first; ours is asked for before
    try:
        return draw(*arguments)
    except TooLarge:
        return {"error": "too_large"}
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        TypeError,
        IndexError,
        KeyError,
    ) as error:
        # What Pillow's readers raise at bytes that are no picture of theirs.
        return {"error": "broken", "why": type(error).__name__}


if __name__ == "__main__":
    limit()
    json.dump(outcome(sys.argv[1:]), sys.stdout)

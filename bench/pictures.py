"""What a photo costs: `python -m bench.pictures`. How long its thumbnail takes, and all that is made of it in a process
of its own, as in life; and how late an event loop is meanwhile, beside how late it is with nothing to do."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.files import drawing
from app.files.pictures import Pictures

ROUNDS = 10
WIDTH, HEIGHT = 4_000, 3_000
TICK = 0.002


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given"
        given.write_bytes(photo())
        print(f"a photo of {WIDTH} by {HEIGHT} pixels, {given.stat().st_size / 1e6:.1f} MB, {ROUNDS} times; ms")
        show("thumbnail, CPU", [thumbnail(given, time.process_time) for _ in range(ROUNDS)])
        show("thumbnail", [thumbnail(given, time.perf_counter) for _ in range(ROUNDS)])
        asyncio.run(whole(given))


def photo() -> bytes:
    """With a grain as of a camera, on its side as from a phone, and with a place in it."""
    grain = Image.effect_noise((WIDTH, HEIGHT), 12)
    scene = Image.effect_noise((WIDTH // 8, HEIGHT // 8), 90).resize((WIDTH, HEIGHT))
    slope = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    colours = [Image.blend(scene, grain, 0.3), Image.blend(slope, grain, 0.3), slope]
    tags = Image.Exif()
    tags[drawing.ORIENTATION] = 6
    made = BytesIO()
    Image.merge("RGB", colours).save(made, "JPEG", quality=92, exif=tags)
    return made.getvalue()


def thumbnail(given: Path, clock: Callable[[], float]) -> float:
    begun = clock()
    with drawing.opened(str(given), "JPEG") as image:
        drawing.thumbnail(image).save(BytesIO(), "WEBP", quality=80, method=4)
    return clock() - begun


async def whole(given: Path) -> None:
    pictures = Pictures()
    made = [given.with_name(name) for name in ("whole", "thumb")]
    took: list[float] = []

    async def draw() -> None:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            await pictures.draw(1, "image/jpeg", given, *made)
            took.append(time.perf_counter() - begun)

    busy = await lateness_during(draw())
    show("all that is made of it", took)
    show("the loop is late meanwhile", busy)
    show("and with nothing to do", await lateness_during(asyncio.sleep(sum(took))))


async def lateness_during(work: Awaitable[None]) -> list[float]:
    task = asyncio.ensure_future(work)
    late: list[float] = []
    while not task.done():
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        late.append(time.perf_counter() - begun - TICK)
    await task
    return late


def show(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"{what:28} median {1000 * middle:7.1f}   p99 {1000 * high:7.1f}   most {1000 * ordered[-1]:7.1f}")


if __name__ == "__main__":
    main()

"""How large files are, and how large pictures are drawn: as static/js/core/sizes.js and elements/timeline/files.js."""

from app.errors import said

UNIT = 1_000
WHOLE_FROM = 10
WIDEST, HIGHEST = 400, 300


def size_in_words(size: int) -> tuple[str, int | float]:
    """A text and the number for its place: 1.8 MB, 212 kB."""
    if size < UNIT:
        return said("{size} B"), size
    if size < UNIT**2:
        return said("{size} kB"), short(size / UNIT)
    if size < UNIT**3:
        return said("{size} MB"), short(size / UNIT**2)
    return said("{size} GB"), short(size / UNIT**3)


def short(size: float) -> int | float:
    """Two digits at least, and no more of them behind the point."""
    tenths = int(size * 10 + 0.5)
    return tenths / 10 if size < WHOLE_FROM and tenths % 10 else int(size + 0.5)


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture of so many pixels is drawn among messages; 0 by 0: of unknown size."""
    if not width or not height:
        return WIDEST, HIGHEST
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return max(1, int(width * scale + 0.5)), max(1, int(height * scale + 0.5))

"""How large files are: 1.8 MB, 212 kB, as the page has it (static/js/core/sizes.js)."""

UNIT = 1_000
WHOLE_FROM = 10


def size_of(size: int) -> str:
    if size < UNIT:
        return f"{size} B"
    for name in ("kB", "MB"):
        if size < UNIT**2:
            return f"{short(size / UNIT)} {name}"
        size //= UNIT
    return f"{short(size / UNIT)} GB"


def short(size: float) -> int | float:
    """Two digits at least, and no more of them behind the point."""
    tenths = int(size * 10 + 0.5)
    return tenths / 10 if size < WHOLE_FROM and tenths % 10 else int(size + 0.5)

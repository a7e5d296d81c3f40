"""The part of a file that a request asks for (RFC 9110 section 14)."""

import re
from typing import NamedTuple

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
"""One alone: of several parts at once the whole is sent, as section 14.2 allows."""


class Span(NamedTuple):
    """The bytes from `start` up to `end`, without it. `is_part`: fewer than all were asked for."""

    start: int
    end: int
    is_part: bool


def span_of(header: str, size: int) -> Span | None:
    """None: there are no such bytes."""
    found = RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return Span(0, size, is_part=False)
    if found[1] == "":  # the last ones
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return Span(0, size, is_part=False)
    return Span(start, end, is_part=True) if start < end else None

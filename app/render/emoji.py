"""Emoji that are written by name, between colons."""

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("emoji.txt")
NAMED = re.compile(r":([a-z0-9_+-]{1,40}):")
STANDING_ALONE = re.compile(rf"(?<![A-Za-z0-9_:/])(?:{NAMED.pattern})+(?![A-Za-z0-9_:])")
"""One or several. Inside of something else colons have a meaning of their own: `root:x:0`, `std::x::y`."""


def with_emoji(text: str) -> str:
    """The text with `:tada:` as the character. What is no name stays as it is."""
    return STANDING_ALONE.sub(lambda run: NAMED.sub(character, run[0]), text)


def character(named: re.Match[str]) -> str:
    return characters().get(named[1], named[0])


@cache
def characters() -> dict[str, str]:
    """By name."""
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    return {name: emoji for emoji, *names in lines for name in names}

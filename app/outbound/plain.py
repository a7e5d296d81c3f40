"""Text of others as plain text."""

import unicodedata

DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Controls, what turns the direction or cannot be seen, and what is no character."""
JOINERS = "\u200c\u200d"
"""Those of them without which some scripts, and some emoji, are not written."""


def plain(text: str, most: int, *, lines: bool = False) -> str:
    """Without what cannot be seen, white space as single blanks, `most` characters at most. With `lines` they stay."""
    kept = "".join(each for each in text[: 8 * most] if each.isspace() or is_seen(each))
    parts = (" ".join(line.split()) for line in kept.splitlines()) if lines else [" ".join(kept.split())]
    whole = "\n".join(part for part in parts if part)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def is_seen(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character) not in DROPPED

"""People's names as they may be shown: never refused, but without what hides, overturns or climbs out of the line."""

import unicodedata

LIMIT = 50
"""Characters; X's own limit for names."""
MARKS = 3
"""Combining marks on one letter; living scripts need no more."""
TINTS = 12
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls, invisible and direction-changing characters, half characters, line ends (SECURITY S30)."""


def plain_name(name: str) -> str:
    """The name without those characters, spaces made single; empty when nothing of it can be seen."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", name):
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if category not in UNSEEN and marks <= MARKS:
            kept.append(character)
    return " ".join("".join(kept).split())[:LIMIT].strip()


def initials(name: str, handle: str) -> str:
    """Up to two letters for an egg: of the first and the last word of the name, or else one of the handle.

    A word counts by its first letter or digit, so that "(Ada) Lindqvist" is AL and an emoji is nothing.
    """
    letters = [first for word in name.split() if (first := _first_letter(word))]
    letters = letters[:1] + letters[1:][-1:] or [_first_letter(handle)]
    return "".join(letters).upper()


def _first_letter(word: str) -> str:
    return next((character for character in word if character.isalnum()), "")


def tint(person_id: int) -> int:
    """Which of the colours an egg has, the same on every page and device."""
    return person_id % TINTS

"""People's names as they may be shown: never refused, but without what hides, overturns or climbs out of the line."""

import unicodedata

LIMIT = 50
"""Characters; X's own limit for names."""
MARKS = 3
"""Combining marks on one letter; living scripts need no more."""
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

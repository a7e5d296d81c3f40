"""The tables of keys on a page of the docs."""

import re

Told = tuple[str, ...]
"""A heading, the keys and what they do."""


def told_keys(page: str) -> list[Told]:
    sections = re.findall(r"\*\*(.+)\*\*\n\n\| keys \| \|\n\|---\|---\|\n((?:\|.*\n)+)", page)
    return [
        (heading, *(cell.strip() for cell in row.strip("|").split(" | ", 1)))
        for heading, rows in sections
        for row in rows.splitlines()
    ]

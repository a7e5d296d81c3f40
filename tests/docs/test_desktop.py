"""docs/desktop.md lists the keys that there are, no more and no less."""

import re
from pathlib import Path

from clients.desktop.keys import KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "desktop.md").read_text()
HEADINGS = {"anywhere": "Anywhere", "writing": "Where you write", "reading": "Among the messages"}


def test_the_page_has_each_key_in_its_place() -> None:
    sections = re.findall(r"\*\*(.+)\*\*\n\n\| keys \| \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    told = [
        (heading, *(cell.strip() for cell in row.strip("|").split(" | ", 1)))
        for heading, rows in sections
        for row in rows.splitlines()
    ]
    assert told == [(HEADINGS[key.where], key.shown, key.does) for key in KEYS]


def test_no_key_does_two_things_in_one_place() -> None:
    for where in HEADINGS:
        events = [event for key in KEYS if key.where in {where, "anywhere"} for event in key.events]
        assert len(events) == len(set(events))

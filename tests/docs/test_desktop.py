"""docs/desktop.md lists the keys that there are, no more and no less."""

from pathlib import Path

from clients.desktop.keys import KEYS
from tests.docs.keys import told_keys

PAGE = (Path(__file__).parents[2] / "docs" / "desktop.md").read_text()
HEADINGS = {"anywhere": "Anywhere", "writing": "Where you write", "reading": "Among the messages"}


def test_the_page_has_each_key_in_its_place() -> None:
    assert told_keys(PAGE) == [(HEADINGS[key.where], key.shown, key.does) for key in KEYS]


def test_no_key_does_two_things_in_one_place() -> None:
    for where in HEADINGS:
        events = [event for key in KEYS if key.where in {where, "anywhere"} for event in key.events]
        assert len(events) == len(set(events))

"""docs/terminal.md lists the keys that there are, no more and no less."""

from pathlib import Path

from clients.terminal.help import HEADINGS
from clients.terminal.keys import KEYS
from tests.docs.keys import told_keys

PAGE = (Path(__file__).parents[2] / "docs" / "terminal.md").read_text()


def test_the_page_has_each_key_in_its_place() -> None:
    assert told_keys(PAGE) == [(HEADINGS[key.where], key.shown, key.does) for key in KEYS]


def test_no_key_does_two_things_in_one_place() -> None:
    for where in HEADINGS:
        keys = [each for key in KEYS if key.where in {where, "anywhere"} for each in key.keys.split(",")]
        assert len(keys) == len(set(keys))

"""docs/screens.md knows every screen, and each has its pictures, which stay small; so do those of the clients."""

import re
from pathlib import Path

import pytest

from tests.browser.screens import SCREENS
from tests.browser.stage import WINDOWS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "screens.md").read_text()
PICTURES = {path.name: path.stat().st_size for path in (DOCS / "screenshots").iterdir()}
MOST, ALL = 64 * 1024, 13 * 1024 * 1024
CLIENTS = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
MOST_OF_CLIENTS = 60 * 1024


def test_every_screen_has_its_line_and_no_other() -> None:
    assert sorted(re.findall(r"^\| \[([a-z0-9-]+)\]", PAGE, re.MULTILINE)) == sorted(SCREENS)


def test_every_screen_has_a_picture_in_every_window_and_theme_and_there_are_no_others() -> None:
    wanted = {f"{name}-{w.width}-{theme}.webp" for name in SCREENS for w in WINDOWS for theme in ("light", "dark")}
    assert set(PICTURES) == wanted


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\(([\w./-]+\.webp)\)", PAGE))))
def test_every_picture_that_is_linked_is_there(path: str) -> None:
    assert (DOCS / path).exists()


def test_pictures_are_small() -> None:
    assert {name: size for name, size in PICTURES.items() if size > MOST} == {}
    assert sum(PICTURES.values()) < ALL


def test_every_picture_of_a_client_is_shown_somewhere_and_there_and_small() -> None:
    pages = "".join(path.read_text() for path in DOCS.glob("*.md"))
    assert set(re.findall(r"\]\(pictures/([\w.-]+)\)", pages)) == set(CLIENTS)
    assert {name: size for name, size in CLIENTS.items() if not 0 < size <= MOST_OF_CLIENTS} == {}

"""docs/architecture.md names what there is, and nothing that is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()
LAYOUT = PAGE.split("```")[1]
NAMED = sorted(set(re.findall(r"`((?:app|bus|chat|handlers|partials|protocol|realtime|storage|tests)/[\w./]+)`", PAGE)))
LEVELS = {name for row in re.findall(r"^\| \d .*$", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
PARTS_OF_APP = sorted(path.stem for path in (ROOT / "app").iterdir() if not path.name.startswith(("_", ".")))


def layout_paths() -> list[str]:
    """Every file and folder of the layout, from the root: indentation of two is one folder deeper."""
    paths: list[str] = []
    folders: list[str] = []
    for line in LAYOUT.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.match(r"\s*((?:[\w.]+(?:\.py|/)\s+)+)", line + "  ")
        if not names or indent > 4:
            continue
        del folders[indent // 2 :]
        paths += ["".join(folders) + name for name in names[1].split()]
        folders.append(names[1].split()[-1])
    return paths


@pytest.mark.parametrize("path", layout_paths())
def test_each_place_of_the_layout_exists(path: str) -> None:
    assert (ROOT / path).exists()
    assert (ROOT / path).is_dir() is path.endswith("/")


@pytest.mark.parametrize("path", NAMED)
def test_each_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "app" / path).exists() or (ROOT / "templates" / path).exists()


@pytest.mark.parametrize("name", PARTS_OF_APP)
def test_each_part_of_the_server_has_a_place_and_a_level(name: str) -> None:
    assert {f"app/{name}.py", f"app/{name}/"} & set(layout_paths())
    assert name in LEVELS


def test_the_layout_was_read() -> None:
    assert {"manage.py", "app/settings.py", "app/protocol/codec.py", "app/management/", "tests/"} <= set(layout_paths())
    assert "app/chat/access.py" in NAMED

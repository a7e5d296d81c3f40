"""docs/security.md has every point once and in order, and each file and each test that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split(" | "))
    for line in (ROOT / "docs" / "security.md").read_text().splitlines()
    if line.startswith("| **")
]
POINTS = 62
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINKED = re.compile(r"\]\(\.\./([\w./-]+)\)")


def test_each_point_has_its_row_in_order() -> None:
    assert [row[0].split()[0] for row in ROWS] == [f"**S{number}**" for number in range(1, POINTS + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].split()[0].strip("*"))
def test_a_row_says_how_it_is_met_and_what_shows_it_and_names_nothing_that_is_not_there(row: tuple[str, ...]) -> None:
    _, met, shown = row
    assert LINKED.search(met) or met.startswith("does not apply: ")
    assert [path for path in LINKED.findall(met) if not (ROOT / path).is_file()] == []
    named = NAMED.findall(shown)
    assert named or shown.startswith("open: ")
    assert shown.count("::") == len(named)
    assert [f"{path}::{test}" for path, test in named if test not in named_in(path)] == []


@cache
def named_in(path: str) -> set[str]:
    """Their names; none where there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text() if file.is_file() else "")
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

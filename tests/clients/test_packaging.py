"""What `pip install .` brings is all that the clients import of ours."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BROUGHT = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]


def sources() -> list[Path]:
    paths = [ROOT / each for each in BROUGHT]
    return [
        file
        for path in paths
        for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
        if file.suffix == ".py"
    ]


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def places(module: str) -> set[Path]:
    path = ROOT / module.replace(".", "/")
    return {each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()}


def test_nothing_that_is_imported_is_left_behind() -> None:
    brought = set(sources())
    assert ROOT / "clients" / "command_line.py" in brought
    missing = {place for source in sources() for module in imported(source) for place in places(module)} - brought
    assert missing == set()


def test_every_library_that_is_imported_is_wanted() -> None:
    wanted = {each.partition(">=")[0] for each in PROJECT["project"]["dependencies"]}
    roots = {module.partition(".")[0] for source in sources() for module in imported(source)}
    assert roots - {"app", "clients"} - sys.stdlib_module_names == wanted


def test_the_command_is_there() -> None:
    module, _, function = PROJECT["project"]["scripts"]["roost"].partition(":")
    assert hasattr(__import__(module, fromlist=[function]), function)

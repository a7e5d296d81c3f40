"""Rules of docs/architecture.md that imports alone do not show; the import rules themselves are in pyproject.toml."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "clients", "migrations")
SOURCES = sorted(ROOT.glob("*.py")) + [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
TOUCH_STORE = ("app/chat/", "app/realtime/", "app/jobs/", "app/management/", "app/server.py", "app/services.py")
MUTABLE = {"dict", "list", "set", "defaultdict", "deque", "bytearray", "Counter", "OrderedDict", "WeakSet"}
CHANGES = {"add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "remove", "setdefault"}


def uses_of_store_or_bus(tree: ast.Module) -> Iterator[int]:
    """`services.store`, `self.services.bus`, `handler.application.services.store` …"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"store", "bus"} and last_name(node.value) == "services":
            yield node.lineno


def uses_of_the_environment(tree: ast.Module) -> Iterator[int]:
    """`os.environ`, `os.getenv` and the like, also when imported by name."""
    names = {"environ", "environb", "getenv", "putenv", "unsetenv"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names and last_name(node.value) == "os":
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names}:
            yield node.lineno


def mutable_globals(tree: ast.Module) -> Iterator[int]:
    """Module-level containers that something in the module changes, and `global` statements."""
    changed = {last_name(target) for node in ast.walk(tree) for target in changed_by(node)}
    for statement in tree.body:
        if names_bound_to_containers(statement) & changed:
            yield statement.lineno
    yield from (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global))


def changed_by(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        yield node.func.value


def names_bound_to_containers(statement: ast.stmt) -> set[str]:
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or not makes_a_container(statement.value):
        return set()
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def makes_a_container(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return last_name(value.func) in MUTABLE
    return isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp)


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def found(rule: Callable[[ast.Module], Iterator[int]], allowed: tuple[str, ...] = ()) -> list[str]:
    """`path:line` of each use outside `allowed`."""
    return [
        f"{name}:{line}"
        for path in SOURCES
        if not (name := path.relative_to(ROOT).as_posix()).startswith(allowed or ("\0",))
        for line in rule(ast.parse(path.read_text()))
    ]


def test_store_and_bus_are_touched_only_by_domain_live_and_wiring() -> None:
    assert found(uses_of_store_or_bus, TOUCH_STORE) == []


def test_the_environment_is_read_only_in_settings_and_by_clients_in_their_config() -> None:
    assert found(uses_of_the_environment, ("app/settings.py", "clients/config.py")) == []
    assert list(uses_of_the_environment(ast.parse((ROOT / "app/settings.py").read_text()))) != []


def test_no_module_keeps_state() -> None:
    assert found(mutable_globals) == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (uses_of_store_or_bus, "async def get(self): await self.services.store.users.find(1)"),
        (uses_of_store_or_bus, "services.bus.publish(b'')"),
        (uses_of_the_environment, "import os\nx = os.environ['A']"),
        (uses_of_the_environment, "from os import getenv"),
        (mutable_globals, "seen = {}\ndef see(x): seen[x] = 1"),
        (mutable_globals, "seen: set[int] = set()\ndef see(x): seen.add(x)"),
        (mutable_globals, "count = 0\ndef see():\n    global count"),
    ],
)
def test_the_rules_find_what_they_forbid(rule: Callable[[ast.Module], Iterator[int]], source: str) -> None:
    assert list(rule(ast.parse(source))) != []

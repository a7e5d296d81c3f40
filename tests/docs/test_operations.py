"""docs/operations.md knows every command, address, metric and line of the log, and its alarms watch what there is."""

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from app.assets import Assets
from app.management.command_line import make_parser
from app.realtime.figures import Figures
from app.urls import routes
from tests.support.house import House

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
RULES = PAGE.partition("groups:")[2].partition("```")[0]
LINES = PAGE.partition("| line | means |")[2].partition("\n\n")[0]
WARNINGS = {"warning", "error", "exception", "critical"}


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command as it is typed, such as "room add"."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield before.strip()
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, f"{before} {name}")


def said() -> Iterator[str]:
    """What the log says at level warning and above, with … for what changes."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"log.{level}" for level in WARNINGS}:
                sentence = ast.literal_eval(node.args[0])
                yield re.sub(r"%(\.\d+)?[a-z]", "…", sentence)


def anchors() -> set[str]:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", list(commands(make_parser())))
def test_every_command_is_described(command: str) -> None:
    assert f"`{command}" in PAGE


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^.*python manage\.py ([^`\n]+)$", PAGE, re.MULTILINE))))
def test_every_command_to_be_copied_is_understood(line: str) -> None:
    words = shlex.split(line.replace("$(date +\\%F)", "2026-11-24"))
    assert make_parser().parse_args(words).run is not None


async def test_every_metric_is_described(house: House) -> None:
    names = [metric.name for metric in Figures(house.services, house.hub, database_up=True).collect()]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


async def test_every_metric_that_is_named_exists(house: House) -> None:
    text = generate_latest(Figures(house.services, house.hub, database_up=True)).decode()
    there = set(re.findall(r"^(\w+)", text, re.MULTILINE)) | set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    there |= {name.removesuffix("_total") for name in there}
    named = set(re.findall(r"\b((?:roost|process)_[a-z_]+)", PAGE))
    assert named - there == set()
    assert set(re.findall(r'code="(\w+)"', RULES)) <= set(re.findall(r'code="(\w+)"', text))


def test_every_alarm_has_its_meaning_and_its_cure() -> None:
    alarms = re.findall(r"alert: (\w+)", RULES)
    assert alarms
    assert alarms == re.findall(r"^\| `(Roost\w+)` \|", PAGE, re.MULTILINE)
    assert RULES.count("expr: ") == len(alarms)


@pytest.mark.parametrize("pattern", sorted(rule.regex.pattern for rule in routes(Assets())))
def test_every_address_is_described(pattern: str) -> None:
    fixed = pattern.split("(", maxsplit=1)[0].removesuffix("$")
    assert f"`{fixed}" in PAGE


def test_every_warning_of_the_log_is_explained_and_no_other() -> None:
    cells = "".join(re.findall(r"^\|(.+?)\|", LINES, re.MULTILINE))
    assert sorted(re.findall("`([^`]+)`", cells)) == sorted(set(said()))


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"\]\(#([\w-]+)\)", PAGE))))
def test_every_link_within_the_page_leads_somewhere(anchor: str) -> None:
    assert anchor in anchors()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([\w./-]+\.md)\)", PAGE))))
def test_every_link_to_another_page_leads_somewhere(path: str) -> None:
    assert (ROOT / "docs" / path).is_file()

"""docs/operations.md knows every command, address and metric."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assets import Assets
from app.management.command_line import make_parser
from app.realtime.figures import Figures
from app.urls import routes
from tests.support.house import House

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command as it is typed, such as "room add"."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield before.strip()
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, f"{before} {name}")


@pytest.mark.parametrize("command", list(commands(make_parser())))
def test_every_command_is_described(command: str) -> None:
    assert f"`{command}" in PAGE


async def test_every_metric_is_described(house: House) -> None:
    names = [metric.name for metric in Figures(house.services, house.hub, database_up=True).collect()]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("pattern", sorted(rule.regex.pattern for rule in routes(Assets())))
def test_every_address_is_described(pattern: str) -> None:
    fixed = pattern.split("(", maxsplit=1)[0].removesuffix("$")
    assert f"`{fixed}" in PAGE

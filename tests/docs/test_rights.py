"""docs/rights.md shows the table of rights as it is, and where each right is asked for."""

import re
from collections.abc import Iterable
from pathlib import Path

from app.chat.rights import RULES, Rule
from app.realtime.commands import COMMANDS
from tests.support.doors import RIGHTS, written

PAGE = (Path(__file__).parents[2] / "docs" / "rights.md").read_text()
NOBODY = "–"


def rows(columns: int) -> list[list[str]]:
    """The cells of the rows that begin with a right, of the table with so many columns."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| `.*\|$", PAGE, re.MULTILINE)
    ]
    return [cells for cells in found if len(cells) == columns]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def by_right(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    pairs = list(pairs)
    return {right: {name for named, name in pairs if named == right} for right in RULES}


def sign_in(rule: Rule) -> str:
    """How long ago it may be."""
    if rule.community == "anybody":
        return NOBODY
    return "fresh" if rule.fresh else "any"


def test_the_table_is_that_of_the_code_in_its_order() -> None:
    told = [(right.strip("`"), *cells) for right, *cells, _ in rows(6)]
    assert told == [
        (action, rule.community, rule.room or NOBODY, sign_in(rule), rule.scope or NOBODY)
        for action, rule in RULES.items()
    ]


def test_each_command_stands_beside_its_right() -> None:
    told = {right.strip("`"): named(commands) for right, commands, _ in rows(3)}
    tags = ((action, str(kind.__struct_config__.tag)) for kind, (action, _) in COMMANDS.items())
    assert told == by_right(tags)


def test_each_address_stands_beside_its_right() -> None:
    told = {right.strip("`"): named(addresses) for right, _, addresses in rows(3)}
    assert told == by_right(
        (action, f"{method or ''} {written(pattern)}".lstrip()) for pattern, method, action in RIGHTS
    )

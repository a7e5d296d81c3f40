"""docs/clients.md: its example works as it is written, and it tells of each command, option and exit status."""

import argparse
import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from app.chat import messages
from clients import command_line
from tests.clients.site import running_site
from tests.support.house import new_nonce

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text()
EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
LIMIT = 30.0


def subcommands() -> dict[str, argparse.ArgumentParser]:
    parser = command_line.parser()
    found = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return dict(found.choices)


async def test_the_example_works_as_it_is_written(tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(EXAMPLE[0])
    async with running_site(tmp_path) as site:
        token = await site.token("ada_l")
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ROOST_SERVER": site.url, "ROOST_TOKEN": token}
        process = await asyncio.create_subprocess_exec(sys.executable, str(program), env=environ)
        bo = await site.visitor("bo")
        async with asyncio.timeout(LIMIT):
            while process.returncode is None:
                await (await messages.post(site.services, bo, 1, new_nonce(), "ping"))
                await asyncio.sleep(0.2)
        assert process.returncode == 0
        page = await messages.page(site.services, bo, 1)
    assert "pong" in [message.text for message in page.messages]


@pytest.mark.parametrize("name", subcommands())
def test_each_command_and_its_options_are_told(name: str) -> None:
    row = re.search(rf"^\| `{name}\b.*$", PAGE, re.MULTILINE)
    assert row is not None
    options = [option for each in subcommands()[name]._actions for option in each.option_strings]
    assert all(f"`{option}" in row[0] for option in options if option not in {"-h", "--help"})


def test_no_command_is_told_that_is_not_there() -> None:
    assert set(re.findall(r"\$ roost (\w+)|\| roost (\w+)", PAGE)) <= {
        *((each, "") for each in subcommands()),
        ("", "send"),
    }


def test_each_status_is_told() -> None:
    statuses = [
        command_line.DONE,
        command_line.REFUSED,
        command_line.USAGE,
        command_line.NOT_SIGNED_IN,
        command_line.UNREACHABLE,
        command_line.INTERRUPTED,
        command_line.PIPE_CLOSED,
    ]
    table = PAGE.partition("| status |")[2].partition("\n\n")[0]
    told = [int(each) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for each in row.split(", ")]
    assert told == statuses

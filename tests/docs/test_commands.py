"""docs/commands.md has the commands of the page, and no others."""

import re
from pathlib import Path

from tests.test_javascript import needs_node, node

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


@needs_node
def test_the_page_of_commands_names_each_and_no_other() -> None:
    program = 'import { COMMANDS } from "roost/core/slash.js"; console.log(COMMANDS.map(({ name }) => name).join(" "));'
    lines = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    told = [name for line in lines for name in re.findall(r"`/(\w+)", line)]
    assert list(dict.fromkeys(told)) == node("--input-type=module", "--eval", program).split()

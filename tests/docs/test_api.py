"""docs/api.md names every address of the API with its fields and statuses, and its examples do what it says."""

import asyncio
import os
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from app.handlers.api.routes import ADDRESSES
from tests.support.api import Program, private_room
from tests.support.door import running

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ROWS = {
    name: (says, answered)
    for name, says, answered in re.findall(r"^\| `([A-Z]+ /[^`]*)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
}
OPERATIONS = {
    f"{method} {address.path}": operation for address in ADDRESSES for method, operation in address.operations.items()
}
EXAMPLES = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_address_has_its_row_and_no_other() -> None:
    assert set(ROWS) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_row_names_what_is_taken_and_how_it_is_answered(name: str) -> None:
    operation, (says, answered) = OPERATIONS[name], ROWS[name]
    taken = [kind for kind in (operation.query, operation.body) if isinstance(kind, type)]
    fields = {field for kind in taken for field in kind.__struct_fields__}
    assert fields - set(re.findall(r"`(\w+)`", says)) == set()
    assert {int(status) for status in re.findall(r"\d+", answered)} == set(operation.answers)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are commands of curl")
async def test_each_example_does_what_it_says(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        room = await private_room(door, "ada")
        names = {"ROOST": f"http://127.0.0.1:{door.server.port}", "TOKEN": door.bearer, "ROOM": str(room)}
        for example in EXAMPLES:
            shell = await asyncio.create_subprocess_exec(
                "sh",
                "-ec",
                example.replace("curl ", "curl --fail "),
                env=os.environ | names,
                stdout=asyncio.subprocess.PIPE,
            )
            said, _ = await shell.communicate()
            assert shell.returncode == 0, example
            assert b"problem" not in said
        program = Program(door, door.bearer, room)
        history = (await program.ask("GET", "/rooms/ROOM/messages")).body["messages"]
        assert [message["text"] for message in history] == ["The build is **green**.", "Good night."]
        assert history[0]["reactions"][0]["emoji"] == "👍"


@pytest.mark.parametrize("example", re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_what_is_shown_as_json_is_json(example: str) -> None:
    assert msgspec.json.decode(example)

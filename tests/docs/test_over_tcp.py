"""The example of docs/protocol.md, "Over TCP", as it is written there, against a running server."""

import asyncio
import json
import re
import sys
from pathlib import Path

from tests.support.door import running
from tests.support.gateway import new_pair
from tests.support.waiting import PATIENCE

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", PAGE.partition("## Over TCP")[2].partition("\n## ")[0], re.DOTALL)


async def test_the_example_prints_what_the_server_says_up_to_its_last_frame(tmp_path: Path) -> None:
    pair = new_pair(tmp_path)
    async with running(tmp_path, {"GATEWAY_PORT": "1", **pair.environment}) as door:
        port = door.server.gateway_port
        given = f'HOST, PORT, TOKEN = "localhost", {port}, "{door.bearer}"\nCERTIFICATE = "{pair.certificate}"\n'
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-c", given + EXAMPLE, stdout=asyncio.subprocess.PIPE
        )
        assert program.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert b"'type': 'session.started'" in await program.stdout.readline()
            await door.server.stop()
            rest = (await program.stdout.read()).decode().splitlines()
    assert [line.split("'")[3] for line in rest] == ["server.restarting", "closed"]
    assert await program.wait() == 0


def test_the_frames_that_are_shown_are_json() -> None:
    shown = re.findall(r"```\n(\{.*?)\n```", PAGE.partition("## Over TCP")[2].partition("\n## ")[0])
    assert [json.loads(line)["type"] for line in shown] == ["auth", "closed"]

"""docs/webhooks.md: its examples do what it says, and its figures are those of the code."""

import asyncio
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.chat import messages, webhooks
from app.chat.deliveries import LATER, MOST_FAILURES
from app.chat.webhook_secrets import signature
from app.chat.webhooks import MOST, Wanted
from app.outbound.fetcher import SECONDS_TO_ANSWER
from app.protocol.fields import FRAME_LIMIT, TEXT_LIMIT
from app.protocol.hooks import Told
from tests.support.api import private_room
from tests.support.door import running

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
((PYTHON,), (JSON,)) = (
    re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for kind in ("python", "json")
)
BODY = b'{"type":"message.posted"}'


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples are commands of curl")
async def test_what_is_posted_in_the_examples_is_in_the_room(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        services, ada, room = door.server.application.services, await door.ada(), await private_room(door, "ada")
        _, secret = await webhooks.make(services, ada, room, Wanted("incoming", "Build bot"))
        hook = f"http://127.0.0.1:{door.server.port}/hooks/{secret}"
        for example in SHELL:
            shell = await asyncio.create_subprocess_exec(
                "sh",
                "-ec",
                example.replace("curl ", "curl --fail "),
                env=os.environ | {"HOOK": hook},
                stdout=asyncio.subprocess.PIPE,
            )
            said, _ = await shell.communicate()
            assert (shell.returncode, said.replace(b"ok", b"")) == (0, b""), example
        page = await messages.page(services, ada, room)
        assert [message.text for message in page.messages] == [
            "The build is **green**.",
            "[Build 17](https://example.org/builds/17) has failed\n3 of 812 tests",
            "Good night.",
        ]


def test_the_example_in_python_believes_what_we_sign_and_nothing_else() -> None:
    example: dict[str, Any] = {}
    exec(PYTHON, example)  # noqa: S102  it is ours
    now = int(time.time())

    def believes(sent: int, signed: str, body: bytes = BODY, telling: str = "3-12") -> bool:
        headers = {
            "Roost-Webhook-Id": telling,
            "Roost-Webhook-Time": str(sent),
            "Roost-Webhook-Signature": signed,
        }
        believed: bool = example["is_from_roost"]("s", headers, body)
        return believed

    assert believes(now, signature("s", "3-12", now, BODY))
    assert not believes(now, signature("another", "3-12", now, BODY))
    assert not believes(now, signature("s", "3-12", now, BODY), BODY + b" ")
    assert not believes(now, signature("s", "3-12", now, BODY), telling="3-13")
    assert not believes(now, signature("s", "3-12", now - 1, BODY))
    assert not believes(now - 400, signature("s", "3-12", now - 400, BODY))


def test_what_is_told_looks_like_the_example() -> None:
    told = msgspec.json.decode(JSON, type=Told)
    assert told.message.text == "@weather: now?"
    assert set(msgspec.json.decode(JSON)) == {"type", *Told.__struct_fields__} - {"quoted"}


def test_its_figures_are_those_of_the_code() -> None:
    minutes = [int(seconds / 60) for seconds in LATER[1:]]
    assert LATER[0] == 10
    assert "after 10 seconds, one minute, {}, {} and {}\nminutes".format(*minutes[1:]) in PAGE
    assert minutes[0] == 1
    assert f"after {MOST_FAILURES} tries in a row" in PAGE
    assert f"has at most {MOST}." in PAGE
    assert SECONDS_TO_ANSWER == 7
    assert f"{FRAME_LIMIT:,} bytes" in PAGE
    assert f"{TEXT_LIMIT:,} characters" in PAGE

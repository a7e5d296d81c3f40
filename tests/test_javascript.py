"""The page's script, as far as it runs without a browser: its own tests, and what it shares with the server."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.protocol.close_codes import CloseCode, should_come_back

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "static" / "js"
TESTS = ROOT / "tests" / "js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="the tests of the page's script need node")


def node(*arguments: str) -> str:
    """What node prints, with the page's import map in force. Fails with node's own words."""
    command = ["node", "--import", (TESTS / "register.mjs").as_uri(), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_node
@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_script_passes_its_own_tests(path: Path) -> None:
    assert "# fail 0" in node("--test", "--test-reporter=tap", str(path))


@needs_node
def test_the_page_comes_back_after_the_same_closings_as_every_client() -> None:
    codes = [*range(1000, 1016), *range(2990, 4010)]
    program = (
        'import { afterClose } from "roost/core/close_codes.js";'
        f"console.log(JSON.stringify({codes}.map((code) => afterClose(code))))"
    )
    answers = json.loads(node("--input-type=module", "--eval", program))
    assert [answer == "come-back" for answer in answers] == [should_come_back(code) for code in codes]
    by_code = dict(zip(codes, answers, strict=True))
    assert [by_code[code] for code in (CloseCode.SESSION_ENDED, CloseCode.NOT_SIGNED_IN)] == ["sign-in", "sign-in"]
    assert by_code[CloseCode.TOO_MANY_CONNECTIONS] == "stay-away"


def test_no_script_makes_html_but_the_one_that_draws_a_message() -> None:
    makers = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|\beval\b|new Function")
    found = {path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js") if makers.search(path.read_text())}
    assert found == {"elements/timeline/message.js"}


def test_scripts_name_each_other_as_the_import_map_does() -> None:
    for path in SCRIPTS.rglob("*.js"):
        for name in re.findall(r'^import (?:.*? from )?"(.*?)";$', path.read_text(), re.MULTILINE):
            assert name.startswith("roost/"), f"{path.name} imports {name}"
            assert (SCRIPTS / name.removeprefix("roost/")).is_file(), f"{path.name} imports {name}"

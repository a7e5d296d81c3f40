"""What the root of the repository may hold, so that `git push heroku` builds."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from app import heroku
from app.settings import settings_table

ROOT = Path(__file__).parents[1]
LOCK_FILES = {"requirements.txt", "Pipfile.lock", "poetry.lock", "uv.lock"}
FOR_DEVELOPERS_ONLY = {
    "axe-playwright-python", "djlint", "hypothesis", "import-linter", "mypy", "playwright", "pytest",
    "pytest-asyncio", "responses", "ruff", "types-requests", "uv", "websockets",
}  # fmt: skip


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def wanted(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)", (ROOT / name).read_text(), re.MULTILINE))


def test_exactly_one_file_tells_heroku_what_to_install() -> None:
    assert {name for name in LOCK_FILES if (ROOT / name).exists()} == {"requirements.txt"}


@pytest.mark.parametrize("name", ["runtime.txt", "bin/pre_compile", "bin/post_compile", "Pipfile", "setup.py"])
def test_files_that_would_change_the_build_are_absent(name: str) -> None:
    assert not (ROOT / name).exists()


def test_the_python_version_is_a_bare_minor_that_heroku_has() -> None:
    assert re.fullmatch(r"3\.1[1-4]\n", (ROOT / ".python-version").read_text())


def test_tools_for_developers_are_not_deployed() -> None:
    assert not pins("requirements.txt").keys() & FOR_DEVELOPERS_ONLY
    assert pins("requirements-dev.txt").keys() >= FOR_DEVELOPERS_ONLY


def test_what_is_wanted_is_pinned() -> None:
    assert pins("requirements.txt").keys() >= wanted("requirements.in")
    assert pins("requirements-dev.txt").keys() >= wanted("requirements-dev.in")


def test_tests_run_on_the_versions_that_are_deployed() -> None:
    assert pins("requirements-dev.txt").items() >= pins("requirements.txt").items()


@pytest.mark.parametrize("name", [f"requirements{kind}.txt" for kind in ("", "-dev", "-sentry", "-audit")])
def test_each_pin_has_hashes_and_no_place_to_get_it_from(name: str) -> None:
    text = (ROOT / name).read_text()
    hashed = re.findall(r"^[a-z0-9][a-z0-9._-]*==.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(hashed) == len(re.findall(r"^[^#\s]", text, re.MULTILINE)) == len(pins(name))
    assert not re.search(r"https?:|file:|--index|--extra|--find-links|@ ", text)


@pytest.mark.parametrize("name", [".env", ".venv", "data/roost.db", "data/secret_key", "uv.lock"])
def test_secrets_and_leftovers_are_ignored_by_git(name: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    assert subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0


def test_web_comes_first_in_the_procfile_and_each_line_replaces_its_shell() -> None:
    lines = [line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines()]
    assert [name for name, _ in lines] == ["web", "release"]
    assert all(shlex.split(command)[:3] == ["exec", "python", "manage.py"] for _, command in lines)


APP = json.loads((ROOT / "app.json").read_text())


def test_app_json_asks_only_for_variables_that_exist() -> None:
    assert APP["env"].keys() <= {row.name for row in settings_table()}
    assert all(row["description"] for row in APP["env"].values())


def test_app_json_makes_what_is_secret_and_requires_nothing_that_cannot_be_known_yet() -> None:
    """The app's address has something random in it, and X wants to know the address before it gives keys."""
    assert APP["env"]["SECRET_KEY"]["generator"] == "secret"
    assert [name for name, row in APP["env"].items() if row.get("required", True) and "generator" not in row] == []


def test_app_json_is_whole() -> None:
    assert APP["name"]
    assert APP["description"]
    assert APP["addons"] == ["heroku-postgresql:essential-0"]
    assert heroku.NEEDED["DATABASE_URL"].endswith(APP["addons"][0])
    assert APP["formation"] == {"web": {"quantity": 1, "size": "basic"}}


def test_app_json_does_not_do_what_release_does() -> None:
    assert "scripts" not in APP

import argparse
import re
from pathlib import Path

import pytest

from app.chat import accounts
from app.errors import BadRequest
from app.management.commands import with_services
from app.management.people import add_commands
from app.models import Visitor
from app.services import Services
from app.settings import Settings, load_settings
from app.storage import users


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({}, tmp_path)


def run(settings: Settings, *words: str) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    chosen = parser.parse_args(words)
    chosen.run(settings, chosen)


def who_has(settings: Settings, token: str) -> Visitor | None:
    return with_services(settings, lambda services: accounts.resume_bearer(services, token))


def test_somebody_expected_has_the_role(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "user", "add", "@ada_l", "--role", "owner")
    assert capsys.readouterr().out == "@ada_l is expected as owner.\n"

    async def find(services: Services) -> str | None:
        user = await services.store.read(users.by_handle, "ada_l")
        return user.role if user else None

    assert with_services(settings, find) == "owner"


def test_a_token_is_printed_and_acts_for_its_person(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "token", "add", "ada", "--name", "a bot")
    visitor = who_has(settings, capsys.readouterr().out.strip())
    assert visitor is not None
    assert visitor.user.handle == "ada"


def test_a_file_of_handles_gives_a_token_a_line(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people.txt"
    people.write_text("@ada\n\n bo \n")
    run(settings, "token", "add", "--from", str(people), "--name", "load")
    found = [who_has(settings, token) for token in capsys.readouterr().out.split()]
    assert [visitor and visitor.user.handle for visitor in found] == ["ada", "bo"]


@pytest.mark.parametrize("handle", ["", "@", "ada l", "ada-l", "a" * 21, "ada\n;"])
def test_what_is_no_handle_is_refused_with_a_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str], handle: str
) -> None:
    with pytest.raises(SystemExit):
        run(settings, "user", "add", handle)
    assert "is not an X handle: at most 20 letters" in capsys.readouterr().err


def test_a_file_with_a_line_that_is_no_handle_gives_no_token(settings: Settings, tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    people.write_text("ada\nno handle\n")
    with pytest.raises(BadRequest, match="'no handle' is not an X handle"):
        run(settings, "token", "add", "--from", str(people), "--name", "load")
    with pytest.raises(BadRequest, match="cannot be read"):
        run(settings, "token", "add", "--from", str(tmp_path / "absent"), "--name", "load")


def test_a_role_is_given_to_who_is_here(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(settings, "user", "add", "ada")
    run(settings, "role", "@Ada", "admin")
    assert capsys.readouterr().out.endswith("@ada is admin now.\n")
    with pytest.raises(BadRequest, match=r"Nobody here is @bo.*user add bo --role admin"):
        run(settings, "role", "bo", "admin")
    with pytest.raises(SystemExit):
        run(settings, "role", "ada", "king")


def test_a_token_has_the_scope_that_is_said_and_to_write_if_none_is(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ([], ["--scope", "read"], ["--scope", "manage"]):
        run(settings, "token", "add", "ada", "--name", " ".join(["made", *said]), *said)
    capsys.readouterr()
    run(settings, "token", "list", "ada")
    listed = capsys.readouterr().out
    for last_words in ("write  made\n", "read  made --scope read\n", "manage  made --scope manage\n"):
        assert f"never used  {last_words}" in listed
    with pytest.raises(SystemExit):
        run(settings, "token", "add", "ada", "--name", "x", "--scope", "chat")


def test_the_tokens_of_somebody_are_listed_and_one_is_ended(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a bot", "a terminal"):
        run(settings, "token", "add", "ada", "--name", name)
    used, other = capsys.readouterr().out.split()
    assert who_has(settings, used)
    run(settings, "token", "list", "@ADA")
    lines = capsys.readouterr().out.splitlines()
    made = r"(\d+)  made \d{4}-\d\d-\d\d \d\d:\d\d  (used \d{4}-\d\d-\d\d \d\d:\d\d|never used)  write  (.+)"
    found = {row[3]: row for row in (re.fullmatch(made, line) for line in lines) if row}
    assert {name: row[2].split()[0] for name, row in found.items()} == {"a bot": "used", "a terminal": "never"}

    run(settings, "token", "end", found["a bot"][1])
    assert capsys.readouterr().out == "“a bot” has ended.\n"
    assert who_has(settings, used) is None
    assert who_has(settings, other)
    with pytest.raises(BadRequest, match="has ended"):
        run(settings, "token", "end", found["a bot"][1])
    with pytest.raises(BadRequest, match="Nobody here is @bo"):
        run(settings, "token", "list", "bo")

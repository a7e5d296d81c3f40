"""docs/settings.md, .env.example and the table in app/settings.py say the same."""

import re
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values
from honcho.environ import parse

from app import secret_key
from app.settings import Variable, load_settings, settings_table

ROOT = Path(__file__).parents[2]
SET_BY_THE_HOST = {"PORT", "DYNO", "HONCHO_PROCESS_NAME"}
NAMES = {row.name for row in settings_table()}

DOCUMENTED = {
    name: (default.strip().replace("`", ""), meaning)
    for name, default, meaning in re.findall(
        r"^\| `([A-Z0-9_]+)` \|(.*?)\| (.*) \|$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE
    )
}
EXAMPLE = (ROOT / ".env.example").read_text()


def uncommented(text: str) -> str:
    return re.sub(r'^# ([A-Z0-9_]+=")', r"\1", text, flags=re.MULTILINE)


def test_the_docs_list_each_variable_and_no_other() -> None:
    assert set(DOCUMENTED) == NAMES


@pytest.mark.parametrize("row", settings_table(), ids=lambda row: row.name)
def test_the_docs_give_the_default_of_the_code(row: Variable) -> None:
    assert DOCUMENTED[row.name][0] == row.default


@pytest.mark.parametrize("row", settings_table(), ids=lambda row: row.name)
def test_the_docs_say_which_variables_are_secret(row: Variable) -> None:
    assert DOCUMENTED[row.name][1].endswith(" Secret.") is row.secret


def test_the_example_knows_each_variable_that_people_set() -> None:
    assert set(dotenv_values(stream=_stream(uncommented(EXAMPLE)))) == NAMES - SET_BY_THE_HOST


@pytest.mark.parametrize("text", [EXAMPLE, uncommented(EXAMPLE)], ids=["as it is", "all lines switched on"])
def test_both_readers_of_the_example_find_the_same(text: str) -> None:
    assert parse(text) == dict(dotenv_values(stream=_stream(text), interpolate=False))


def test_the_readers_would_disagree_on_other_forms() -> None:
    text = "export A=1\nB=abc#def\nC=\n"
    assert parse(text) != dict(dotenv_values(stream=_stream(text), interpolate=False))


def test_the_example_as_it_is_starts_offline(tmp_path: Path) -> None:
    settings = load_settings(parse(EXAMPLE), tmp_path)
    assert settings.twitter_standin
    assert settings.sign_in_configured


FLAGS = {"off": "0"}


def test_the_defaults_in_the_example_are_the_defaults_of_the_code() -> None:
    samples = {"OWNER_HANDLES", "PUBLIC_URL", "REDIS_URL", "REDIS_SELF_SIGNED", "SECRET_KEY", "METRICS_TOKEN"}
    samples |= {"GATEWAY_PORT", "GATEWAY_CERTIFICATE", "GATEWAY_KEY"}
    samples |= {"TRUST_PROXY", "TWITTER_CONSUMER_KEY", "TWITTER_CONSUMER_SECRET", "TWITTER_STANDIN"}
    written = parse(uncommented(EXAMPLE))
    defaults = {row.name: row.default for row in settings_table() if row.name in written.keys() - samples}
    assert {name: written[name] for name in defaults} == {
        name: FLAGS.get(value, value) for name, value in defaults.items()
    }


def test_the_sample_key_of_the_example_is_the_one_that_is_refused() -> None:
    assert parse(uncommented(EXAMPLE))["SECRET_KEY"] == secret_key.SAMPLE


def _stream(text: str) -> StringIO:
    return StringIO(text)

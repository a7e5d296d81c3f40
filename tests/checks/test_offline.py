from pathlib import Path

import pytest

from app.checks.offline import deploy_findings, findings, registration
from app.settings import Settings, load_settings

KEYS = {"TWITTER_CONSUMER_KEY": "key", "TWITTER_CONSUMER_SECRET": "secret"}
PUBLIC = {"PUBLIC_URL": "https://roost.example", "SECRET_KEY": "k" * 40, "TRUST_PROXY": "1", **KEYS}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def settings_of(root: Path, **environ: str) -> Settings:
    return load_settings(environ, root)


def said(root: Path, **environ: str) -> str:
    return "\n".join(map(str, findings(settings_of(root, **environ), environ)))


def said_before_deploying(root: Path, **environ: str) -> str:
    return "\n".join(map(str, deploy_findings(settings_of(root, **environ))))


@pytest.mark.parametrize(
    ("environ", "callback"),
    [
        ({}, "http://127.0.0.1:5000/login"),
        ({"PORT": "8080"}, "http://127.0.0.1:8080/login"),
        (PUBLIC, "https://roost.example/login"),
    ],
)
def test_the_callback_url_is_printed_exactly(root: Path, environ: dict[str, str], callback: str) -> None:
    assert registration(settings_of(root, **environ)).endswith(f": {callback}")


def test_a_good_server_has_nothing_to_be_said(root: Path) -> None:
    assert said(root, **PUBLIC) == ""
    assert said_before_deploying(root, **PUBLIC) == ""


def test_missing_keys_are_named(root: Path) -> None:
    assert "warning: Sign-in is not configured: TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET" in said(root)
    assert "problem: Nobody can sign in" in said_before_deploying(root)


@pytest.mark.parametrize("missing", KEYS)
def test_half_a_pair_of_keys_is_a_problem(root: Path, missing: str) -> None:
    environ = {name: value for name, value in KEYS.items() if name != missing}
    assert f"problem: {missing} is missing" in said(root, **environ)


def test_the_stand_in_is_mentioned(root: Path) -> None:
    assert "note: TWITTER_STANDIN is on" in said(root, TWITTER_STANDIN="1")
    assert "not configured" not in said(root, TWITTER_STANDIN="1")


def test_localhost_is_what_x_does_not_take(root: Path) -> None:
    assert "Set PUBLIC_URL=http://127.0.0.1:5000." in said(root, PUBLIC_URL="http://localhost:5000", **KEYS)


def test_plain_http_is_what_x_does_not_take_elsewhere(root: Path) -> None:
    environ = {**PUBLIC, "PUBLIC_URL": "http://roost.example"}
    assert "X accepts only https" in said(root, **environ)
    assert (
        "problem: PUBLIC_URL is http://roost.example: other people need an address with https"
        in said_before_deploying(root, **environ)
    )


def test_web_concurrency_is_said_to_be_ignored(root: Path) -> None:
    assert "note: WEB_CONCURRENCY is ignored" in said(root, **PUBLIC, WEB_CONCURRENCY="2")


def test_redis_is_said_to_be_of_no_use_yet(root: Path) -> None:
    assert "note: REDIS_URL is not used yet" in said(root, **PUBLIC, REDIS_URL="redis://127.0.0.1")


def test_debugging_is_not_for_other_people(root: Path) -> None:
    assert "problem: DEBUG is on" in said_before_deploying(root, **PUBLIC, DEBUG="1")


def test_a_proxy_that_is_not_believed_is_mentioned(root: Path) -> None:
    assert "warning: TRUST_PROXY is off" in said_before_deploying(root, **{**PUBLIC, "TRUST_PROXY": "0"})


def test_a_database_file_on_a_dyno_is_lost(root: Path) -> None:
    assert "problem: The database is a file" in said_before_deploying(
        root, **PUBLIC, DYNO="web.1", DATABASE_URL="sqlite:///data/roost.db"
    )

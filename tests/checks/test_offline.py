from pathlib import Path

import pytest

from app.checks.finding import Finding
from app.checks.offline import deploy_findings, findings, registration
from app.settings import Settings, load_settings

KEYS = {"TWITTER_CONSUMER_KEY": "key", "TWITTER_CONSUMER_SECRET": "secret"}
PUBLIC = {
    "PUBLIC_URL": "https://roost.example",
    "SECRET_KEY": "k" * 40,
    "TRUST_PROXY": "1",
    "BIND_ADDRESS": "127.0.0.1",
    "OWNER_HANDLES": "jack",
    **KEYS,
}
DYNO = {
    "DYNO": "web.1",
    "DATABASE_URL": "postgres://roost@db.example/roost",
    "BIND_ADDRESS": "0.0.0.0",
    "FILES_URL": "s3://key:secret@s3.example/files",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def settings_of(root: Path, **environ: str) -> Settings:
    return load_settings(environ, root)


def found(root: Path, **environ: str) -> dict[str, Finding]:
    return by_id(list(findings(settings_of(root, **environ), environ)))


def found_before_deploying(root: Path, **environ: str) -> dict[str, Finding]:
    return by_id(list(deploy_findings(settings_of(root, **environ))))


def by_id(findings: list[Finding]) -> dict[str, Finding]:
    assert len({finding.id for finding in findings}) == len(findings)
    return {finding.id: finding for finding in findings}


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


@pytest.mark.parametrize("environ", [PUBLIC, PUBLIC | DYNO], ids=["a machine of one's own", "a dyno"])
def test_a_good_server_has_nothing_to_be_said(root: Path, environ: dict[str, str]) -> None:
    assert found(root, **environ) == {}
    assert found_before_deploying(root, **environ) == {}


# Of any server


def test_missing_keys_are_named(root: Path) -> None:
    finding = found(root)["x-keys-missing"]
    assert finding.level == "warning"
    assert "TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET" in finding.cause
    assert found_before_deploying(root)["nobody-signs-in"].level == "problem"


@pytest.mark.parametrize("missing", KEYS)
def test_half_a_pair_of_keys_is_a_problem(root: Path, missing: str) -> None:
    environ = {name: value for name, value in KEYS.items() if name != missing}
    finding = found(root, **environ)["x-key-missing"]
    assert (finding.level, finding.cause) == ("problem", f"{missing} is missing.")


def test_the_stand_in_is_mentioned(root: Path) -> None:
    assert list(found(root, TWITTER_STANDIN="1")) == ["standin"]


def test_localhost_is_what_x_does_not_take(root: Path) -> None:
    finding = found(root, PUBLIC_URL="http://localhost:5000", **KEYS)["address-localhost"]
    assert finding.cure == "Set PUBLIC_URL=http://127.0.0.1:5000."


def test_plain_http_is_what_x_does_not_take_elsewhere(root: Path) -> None:
    environ = {**PUBLIC, "PUBLIC_URL": "http://roost.example"}
    assert list(found(root, **environ)) == ["address-http"]
    assert "PUBLIC_URL is http://roost.example" in found_before_deploying(root, **environ)["no-https"].cause


def test_web_concurrency_is_said_to_be_ignored(root: Path) -> None:
    """HOSTING H8."""
    finding = found(root, **PUBLIC, WEB_CONCURRENCY="2")["web-concurrency"]
    assert (finding.level, "heroku ps:scale web=2" in finding.cure) == ("note", True)


def test_redis_beside_a_database_file_is_said_to_be_of_no_use(root: Path) -> None:
    assert list(found(root, **PUBLIC, REDIS_URL="redis://127.0.0.1")) == ["redis-useless"]
    assert found(root, **PUBLIC, REDIS_URL="redis://127.0.0.1", DATABASE_URL=DYNO["DATABASE_URL"]) == {}


# Of one for other people


@pytest.mark.parametrize(
    ("changes", "id_", "level"),
    [
        ({"DEBUG": "1"}, "debug", "problem"),
        ({"TWITTER_CONSUMER_KEY": ""}, "nobody-signs-in", "problem"),
        ({"OWNER_HANDLES": ""}, "no-owner", "note"),
        ({"TRUST_PROXY": "0"}, "proxy-untrusted", "warning"),
        ({"BIND_ADDRESS": "0.0.0.0"}, "proxy-avoidable", "warning"),
        ({**DYNO, "DATABASE_URL": "sqlite:///data/roost.db"}, "disk-lost", "problem"),
        ({**DYNO, "FILES_URL": ""}, "files-off", "note"),
        ({**DYNO, "FILES_URL": "", "FILES_MAY_BE_LOST": "1"}, "files-lost", "warning"),
        ({"DATABASE_URL": "postgres://db.example/roost"}, "database-in-the-open", "note"),
        ({"DATABASE_URL": "postgres://db.example/roost?sslmode=prefer"}, "database-in-the-open", "note"),
        (
            {"REDIS_URL": "redis://redis.example", "DATABASE_URL": "postgres://127.0.0.1/roost"},
            "redis-in-the-open",
            "note",
        ),
    ],
)
def test_what_matters_once_other_people_come_is_said(root: Path, changes: dict[str, str], id_: str, level: str) -> None:
    said = found_before_deploying(root, **{**PUBLIC, **changes})
    assert [(finding.id, finding.level) for finding in said.values()] == [(id_, level)]
    assert said[id_].cure


@pytest.mark.parametrize(
    "changes",
    [
        {"DATABASE_URL": "postgres://127.0.0.1/roost"},
        {"DATABASE_URL": "postgres://db.example/roost?sslmode=verify-full"},
        {"REDIS_URL": "rediss://redis.example", "DATABASE_URL": "postgres://localhost/roost"},
    ],
)
def test_what_does_not_travel_or_is_encrypted_is_in_nobodys_way(root: Path, changes: dict[str, str]) -> None:
    assert found_before_deploying(root, **{**PUBLIC, **changes}) == {}

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import secret_key
from app.errors import SettingsError, SettingsMissing
from app.settings import Settings, load_settings, read_dotenv, settings_table

ROOT = Path(__file__).parents[1]
KEY, OLD_KEY = "k" * 32, "o" * 40
HEROKU = {
    "DYNO": "web.1",
    "PUBLIC_URL": "https://chat.example.org",
    "SECRET_KEY": KEY,
    "DATABASE_URL": "sqlite:////mnt/disk/roost.db",
}


def problems(environ: dict[str, str], root: Path) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, root)
    return caught.value.problems


def test_nothing_set_is_a_working_server_on_this_machine(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)
    assert settings.port == 5000
    assert settings.public_url == "http://127.0.0.1:5000"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/roost.db"
    assert settings.is_loopback
    assert not settings.https
    assert not settings.sign_in_configured


def test_files_lie_in_a_folder_of_the_project_or_in_a_bucket(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path).files_folder == tmp_path / "data/files"
    assert load_settings({"FILES_URL": "/mnt/files"}, tmp_path).files_folder == Path("/mnt/files")
    bucket = load_settings({"FILES_URL": "s3://key:secret@s3.example.org/bucket"}, tmp_path)
    assert (bucket.files_folder, bucket.file_limit) == (None, 25_000_000)


@pytest.mark.parametrize("url", ["s3://bucket", "s3://key:secret@host", "ftp://key:secret@host/bucket", "s3://key@h/b"])
def test_a_place_for_files_that_makes_no_sense_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    (problem,) = problems({"FILES_URL": url}, tmp_path).values()
    assert "s3://key:secret@host/bucket" in problem


def test_a_dyno_takes_files_into_a_bucket_alone_unless_told_otherwise(tmp_path: Path) -> None:
    bucket = {"FILES_URL": "s3://key:secret@s3.example.org/bucket"}
    for more, takes in (({}, False), (bucket, True), ({"FILES_MAY_BE_LOST": "1"}, True)):
        assert load_settings(HEROKU | more, tmp_path).takes_files is takes


def test_every_row_of_the_table_reads_its_own_variable(tmp_path: Path) -> None:
    written = {
        "PORT": "8080",
        "PUBLIC_URL": "https://Chat.Example.org:443/",
        "COMMUNITY_NAME": "The Nest",
        "SECRET_KEY": f"{KEY}, {OLD_KEY}",
        "DATABASE_URL": "sqlite:////var/lib/roost/chat.db",
        "DATABASE_POOL": "8",
        "FILES_URL": "/var/lib/roost/files",
        "FILES_MAY_BE_LOST": "1",
        "MAX_FILE_MB": "13",
        "FILES_QUOTA_MB": "14",
        "FILES_TOTAL_MB": "15",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "REDIS_SELF_SIGNED": "1",
        "TWITTER_CONSUMER_KEY": "key",
        "TWITTER_CONSUMER_SECRET": "secret",
        "TWITTER_REQUEST_TOKEN_URL": "https://x.example/1",
        "TWITTER_AUTHENTICATE_URL": "https://x.example/2",
        "TWITTER_ACCESS_TOKEN_URL": "https://x.example/3",
        "TWITTER_PROFILE_V2_URL": "https://x.example/4",
        "TWITTER_PROFILE_V1_URL": "http://127.0.0.1:6000/5",
        "TWITTER_PICTURE_ORIGIN": "http://127.0.0.1:6000/",
        "TWITTER_PROFILE": "none",
        "TWITTER_STANDIN": "0",
        "OWNER_HANDLES": "@jack, jill",
        "EDIT_MINUTES": "9",
        "LINK_CARDS": "off",
        "BIND_ADDRESS": "127.0.0.1",
        "TRUST_PROXY": "yes",
        "GATEWAY_PORT": "5005",
        "GATEWAY_ADDRESS": "0.0.0.0",
        "GATEWAY_CERTIFICATE": "gateway.crt",
        "GATEWAY_KEY": "/etc/roost/gateway.key",
        "METRICS_TOKEN": "token",
        "SENTRY_DSN": "https://key@sentry.example/1",
        "LOG_LEVEL": "WARNING",
        "DEBUG": "on",
        "LIMIT_LOGIN_PER_MINUTE": "1",
        "LIMIT_CONNECT_PER_MINUTE": "2",
        "LIMIT_CONNECTIONS_PER_10_SECONDS": "13",
        "LIMIT_SOCKETS_PER_USER": "3",
        "LIMIT_SENDS_PER_10_SECONDS": "4",
        "LIMIT_REPEATS_PER_12_HOURS": "9",
        "NEW_MEMBER_HOURS": "48",
        "LIMIT_DRAFTS_PER_MINUTE": "7",
        "LIMIT_COMMANDS_PER_10_SECONDS": "6",
        "LIMIT_HISTORY_PER_MINUTE": "5",
        "LIMIT_CONVERSATIONS_PER_HOUR": "12",
        "LIMIT_FILES_PER_MINUTE": "16",
        "LIMIT_LINK_CARDS_PER_MINUTE": "21",
        "LIMIT_PEOPLE_PER_MINUTE": "8",
        "LIMIT_PUBLIC_PAGES_PER_MINUTE": "9",
        "LIMIT_READERS": "10",
        "LIMIT_READERS_PER_ADDRESS": "11",
        "DYNO": "",
        "HONCHO_PROCESS_NAME": "web.1",
    }
    assert set(written) == {row.name for row in settings_table()}
    assert load_settings(written, tmp_path) == Settings(
        root=tmp_path,
        port=8080,
        public_url="https://chat.example.org",
        community_name="The Nest",
        secret_key=(KEY, OLD_KEY),
        database_url="sqlite:////var/lib/roost/chat.db",
        database_pool=8,
        files_url="/var/lib/roost/files",
        files_may_be_lost=True,
        max_file_mb=13,
        files_quota_mb=14,
        files_total_mb=15,
        redis_url="redis://127.0.0.1:6379/0",
        redis_self_signed=True,
        twitter_consumer_key="key",
        twitter_consumer_secret="secret",
        twitter_request_token_url="https://x.example/1",
        twitter_authenticate_url="https://x.example/2",
        twitter_access_token_url="https://x.example/3",
        twitter_profile_v2_url="https://x.example/4",
        twitter_profile_v1_url="http://127.0.0.1:6000/5",
        twitter_picture_origin="http://127.0.0.1:6000",
        twitter_profile="none",
        twitter_standin=False,
        owner_handles=("jack", "jill"),
        edit_minutes=9,
        link_cards=False,
        bind_address="127.0.0.1",
        trust_proxy=True,
        gateway_port=5005,
        gateway_address="0.0.0.0",
        gateway_certificate=str(tmp_path / "gateway.crt"),
        gateway_key="/etc/roost/gateway.key",
        metrics_token="token",
        sentry_dsn="https://key@sentry.example/1",
        log_level="warning",
        debug=True,
        limit_login_per_minute=1,
        limit_connect_per_minute=2,
        limit_connections_per_10_seconds=13,
        limit_sockets_per_user=3,
        limit_sends_per_10_seconds=4,
        limit_repeats_per_12_hours=9,
        new_member_hours=48,
        limit_drafts_per_minute=7,
        limit_commands_per_10_seconds=6,
        limit_history_per_minute=5,
        limit_conversations_per_hour=12,
        limit_files_per_minute=16,
        limit_link_cards_per_minute=21,
        limit_people_per_minute=8,
        limit_public_pages_per_minute=9,
        limit_readers=10,
        limit_readers_per_address=11,
        honcho_process_name="web.1",
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://roost:pw@db/roost", "postgresql://roost:pw@db/roost?sslmode=require"),
        ("postgresql://db/roost?host=/run", "postgresql://db/roost?host=/run&sslmode=require"),
        ("postgres://db/roost?sslmode=verify-full", "postgresql://db/roost?sslmode=verify-full"),
        ("postgres://db/roost?sslmode=disable", "postgresql://db/roost?sslmode=disable"),
    ],
)
def test_heroku_s_database_is_asked_for_tls_unless_its_address_says_otherwise(
    written: str, read: str, tmp_path: Path
) -> None:
    environ = {"PUBLIC_URL": "https://chat.example.org", "SECRET_KEY": "k" * 32, "DATABASE_URL": written}
    assert load_settings({**environ, "DYNO": "web.1"}, tmp_path).database_url == read
    bare = written.replace("postgres://", "postgresql://")
    assert load_settings(environ, tmp_path).database_url == bare


def test_all_problems_are_told_together_by_name(tmp_path: Path) -> None:
    found = problems(
        {
            "DYNO": "web.1",
            "PORT": "eighty",
            "TWITTER_STANDIN": "1",
            "DEBUG": "1",
            "LOG_LEVEL": "loud",
            "DATABASE_URL": "mysql://roost:hunter2@db.example/roost",
            "TWITTER_PROFILE_V2_URL": "http://x.example/",
        },
        tmp_path,
    )
    assert list(found) == [
        "PORT",
        "PUBLIC_URL",
        "SECRET_KEY",
        "DATABASE_URL",
        "TWITTER_PROFILE_V2_URL",
        "TWITTER_STANDIN",
        "LOG_LEVEL",
        "DEBUG",
    ]
    assert "heroku config:set SECRET_KEY=" in found["SECRET_KEY"]
    assert "heroku config:set PUBLIC_URL=" in found["PUBLIC_URL"]
    assert "hunter2" not in str(SettingsError(found))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "５０００"),
        ("PUBLIC_URL", "chat.example.org"),
        ("PUBLIC_URL", "ftp://chat.example.org"),
        ("PUBLIC_URL", "https://chat.example.org/roost"),
        ("PUBLIC_URL", "https://chat.example.org/?a=b"),
        ("PUBLIC_URL", "https://me:secret@chat.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://chat.example.org:port"),
        ("PUBLIC_URL", "https://bücher.example"),
        ("COMMUNITY_NAME", "x" * 61),
        ("COMMUNITY_NAME", "a\x1b[2Jb"),
        ("DATABASE_URL", "data/roost.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "mysql://localhost/roost"),
        ("TWITTER_ACCESS_TOKEN_URL", "http://api.x.example/oauth"),
        ("BIND_ADDRESS", "localhost"),
        ("BIND_ADDRESS", "127.0.0.1:5000"),
        ("TWITTER_PROFILE", "v3"),
        ("TWITTER_STANDIN", "perhaps"),
        ("OWNER_HANDLES", "jack, not a handle"),
        ("LIMIT_SENDS_PER_10_SECONDS", "0"),
        ("LIMIT_SENDS_PER_10_SECONDS", "many"),
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", f"{KEY},short"),
        ("SECRET_KEY", secret_key.SAMPLE),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    assert list(problems({name: value}, tmp_path)) == [name]


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_a_wrong_secret_is_not_repeated(name: str, tmp_path: Path) -> None:
    assert "hunter2" not in problems({name: "hunter2"}, tmp_path)[name]


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    assert load_settings({"PORT": "", "SECRET_KEY": " ", "DEBUG": ""}, tmp_path).port == 5000


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("HTTP://LocalHost", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_loopback_addresses_are_known_in_every_form(written: str, origin: str, tmp_path: Path) -> None:
    settings = load_settings({"PUBLIC_URL": written}, tmp_path)
    assert settings.public_origin == origin
    assert settings.is_loopback


def test_the_default_address_is_written_as_browsers_write_it(tmp_path: Path) -> None:
    assert load_settings({"PORT": "80"}, tmp_path).public_origin == "http://127.0.0.1"


def test_the_callback_is_the_public_address_with_login_and_no_query(tmp_path: Path) -> None:
    assert load_settings(HEROKU, tmp_path).callback_url == "https://chat.example.org/login"


# --- the secret key


def test_a_missing_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = load_settings({}, tmp_path).secret_key
    assert load_settings({}, tmp_path).secret_key == first
    assert len(first[0]) >= 32
    assert stat.S_IMODE((tmp_path / "data/secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from app.settings import load_settings as load;"
    command = [sys.executable, "-c", code + "print(load({}, Path(sys.argv[1])).secret_key)", str(tmp_path)]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1
    assert all(process.returncode == 0 for process in started)


def test_no_key_is_made_while_anything_else_is_wrong(tmp_path: Path) -> None:
    problems({"PORT": "x"}, tmp_path)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "environ", [{"PUBLIC_URL": "https://chat.example.org"}, HEROKU | {"SECRET_KEY": ""}], ids=["public", "heroku"]
)
def test_a_missing_key_is_refused_where_people_come_from_outside(environ: dict[str, str], tmp_path: Path) -> None:
    assert list(problems(environ, tmp_path)) == ["SECRET_KEY"]
    assert not (tmp_path / "data").exists()


def test_a_damaged_key_file_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/secret_key").write_text("half a k")
    assert "data/secret_key" in problems({}, tmp_path)["SECRET_KEY"]
    assert (tmp_path / "data/secret_key").read_text() == "half a k"


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    assert "data/" in problems({}, tmp_path)["SECRET_KEY"]


def test_keys_keep_their_version_while_others_come_and_go(tmp_path: Path) -> None:
    before = load_settings({"SECRET_KEY": OLD_KEY}, tmp_path)
    both = load_settings({"SECRET_KEY": f"{KEY},{OLD_KEY}"}, tmp_path)
    after = load_settings({"SECRET_KEY": KEY}, tmp_path)
    assert both.cookie_secrets == before.cookie_secrets | after.cookie_secrets
    assert both.cookie_secrets[both.cookie_key_version] == KEY


@pytest.mark.parametrize(
    "written", ["localhost:6379", "http://db.example", "redis:///0", "redis://db.example:x", "rediss://"]
)
def test_what_is_no_address_of_a_redis_is_refused_without_repeating_it(written: str, tmp_path: Path) -> None:
    (problem,) = problems({"REDIS_URL": written}, tmp_path).values()
    assert "redis://" in problem
    assert "db.example" not in problem


def test_the_certificate_of_a_redis_is_checked_but_on_heroku(tmp_path: Path) -> None:
    assert not load_settings({}, tmp_path).redis_self_signed
    assert load_settings(HEROKU, tmp_path).redis_self_signed
    assert not load_settings(HEROKU | {"REDIS_SELF_SIGNED": "0"}, tmp_path).redis_self_signed


def test_secrets_do_not_appear_when_settings_are_printed(tmp_path: Path) -> None:
    secret = {row.name: f"hunter2-{row.name}-{KEY}" for row in settings_table() if row.secret}
    urls = {"DATABASE_URL": "sqlite:///hunter2.db", "REDIS_URL": "redis://:hunter2@db.example"}
    printed = repr(load_settings(secret | urls, tmp_path))
    assert "hunter2" not in printed
    assert "community_name='Roost'" in printed


# --- where real people are


def test_a_new_app_on_heroku_is_told_what_it_lacks(tmp_path: Path) -> None:
    """It is no fault, so that the first deploy succeeds and the app can say it itself (HOSTING H9, H11)."""
    with pytest.raises(SettingsMissing) as caught:
        load_settings({"DYNO": "web.1", "PORT": "6000", "TWITTER_CONSUMER_KEY": "key"}, tmp_path)
    missing = caught.value
    assert list(missing.commands) == ["PUBLIC_URL", "SECRET_KEY", "DATABASE_URL"]
    assert list(missing.for_sign_in) == ["TWITTER_CONSUMER_SECRET"]
    assert missing.port == 6000
    assert missing.commands["DATABASE_URL"] == "heroku addons:create heroku-postgresql:essential-0"


@pytest.mark.parametrize("name", ["PUBLIC_URL", "SECRET_KEY", "DATABASE_URL"])
def test_each_of_them_is_needed(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsMissing) as caught:
        load_settings(HEROKU | {name: " "}, tmp_path)
    assert list(caught.value.commands) == [name]


def test_what_is_wrong_is_no_lack_and_told_together_with_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"DYNO": "web.1", "LOG_LEVEL": "loud"}, tmp_path)
    assert not isinstance(caught.value, SettingsMissing)
    assert list(caught.value.problems) == ["PUBLIC_URL", "SECRET_KEY", "DATABASE_URL", "LOG_LEVEL"]


@pytest.mark.parametrize("name", ["TWITTER_STANDIN", "DEBUG"])
def test_what_is_for_one_machine_is_refused_on_heroku(name: str, tmp_path: Path) -> None:
    assert list(problems(HEROKU | {name: "1"}, tmp_path)) == [name]


def test_the_standin_is_refused_on_a_public_address(tmp_path: Path) -> None:
    environ = {"PUBLIC_URL": "http://192.168.1.7:5000", "SECRET_KEY": KEY, "TWITTER_STANDIN": "1"}
    assert list(problems(environ, tmp_path)) == ["TWITTER_STANDIN"]


def test_heroku_needs_https(tmp_path: Path) -> None:
    assert list(problems(HEROKU | {"PUBLIC_URL": "http://chat.example.org"}, tmp_path)) == ["PUBLIC_URL"]


def test_missing_x_keys_never_refuse_a_start(tmp_path: Path) -> None:
    assert not load_settings(HEROKU, tmp_path).sign_in_configured
    assert not load_settings(HEROKU | {"TWITTER_CONSUMER_KEY": "only half"}, tmp_path).sign_in_configured
    keys = {"TWITTER_CONSUMER_KEY": "key", "TWITTER_CONSUMER_SECRET": "secret"}
    assert load_settings(HEROKU | keys, tmp_path).sign_in_configured


@pytest.mark.parametrize(("written", "trusted"), [({}, True), ({"TRUST_PROXY": "0"}, False)])
def test_the_proxy_is_trusted_on_heroku_unless_told_otherwise(
    written: dict[str, str], trusted: bool, tmp_path: Path
) -> None:
    assert load_settings(HEROKU | written, tmp_path).trust_proxy is trusted
    assert not load_settings({}, tmp_path).trust_proxy


# --- .env


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('PORT="6000"\nLOG_LEVEL="debug"\n')
    assert read_dotenv(tmp_path, {"PORT": "7000"}) == {"PORT": "7000", "LOG_LEVEL": "debug"}


def test_the_file_is_not_read_on_heroku(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('LOG_LEVEL="debug"\n')
    assert read_dotenv(tmp_path, {"DYNO": "web.1"}) == {"DYNO": "web.1"}


def test_only_the_file_of_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('LOG_LEVEL="debug"\n')
    (tmp_path / "project").mkdir()
    assert read_dotenv(tmp_path / "project", {}) == {}


def test_names_in_values_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('COMMUNITY_NAME="${HOME}"\nA_LINE_WITHOUT_VALUE\n')
    assert read_dotenv(tmp_path, {"HOME": "/root"}) == {"COMMUNITY_NAME": "${HOME}", "HOME": "/root"}


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b'COMMUNITY_NAME="\xff"\n')
    with pytest.raises(SettingsError) as caught:
        read_dotenv(tmp_path, {})
    assert list(caught.value.problems) == [".env"]


def test_the_real_environment_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    monkeypatch.delenv("DYNO", raising=False)
    (tmp_path / ".env").write_text('LOG_LEVEL="debug"\n')
    assert read_dotenv(tmp_path)["LOG_LEVEL"] == "debug"
    assert "LOG_LEVEL" not in os.environ


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.7", "::"])
def test_a_gateway_that_others_reach_needs_a_certificate(address: str, tmp_path: Path) -> None:
    environ = {"GATEWAY_PORT": "5005", "GATEWAY_ADDRESS": address}
    assert list(problems(environ, tmp_path)) == ["GATEWAY_CERTIFICATE"]
    pair = {"GATEWAY_CERTIFICATE": "data/a.crt", "GATEWAY_KEY": "/etc/a.key"}
    settings = load_settings(environ | pair, tmp_path)
    assert (settings.gateway_certificate, settings.gateway_key) == (str(tmp_path / "data/a.crt"), "/etc/a.key")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_a_gateway_of_this_machine_needs_none(address: str, tmp_path: Path) -> None:
    assert load_settings({"GATEWAY_PORT": "5005", "GATEWAY_ADDRESS": address}, tmp_path).gateway_certificate == ""


@pytest.mark.parametrize(
    ("there", "lacking"), [("GATEWAY_KEY", "GATEWAY_CERTIFICATE"), ("GATEWAY_CERTIFICATE", "GATEWAY_KEY")]
)
def test_a_certificate_and_its_key_go_together(there: str, lacking: str, tmp_path: Path) -> None:
    assert list(problems({there: "one.pem"}, tmp_path)) == [lacking]


def test_there_is_no_gateway_unless_it_is_asked_for_and_none_on_heroku(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path).gateway_port is None
    assert list(problems(HEROKU | {"GATEWAY_PORT": "5005"}, tmp_path)) == ["GATEWAY_PORT"]

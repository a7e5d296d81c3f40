"""Every environment variable, once: its type, its default, whether it is secret, and one line of help.

`Settings` is the table: its field `public_url` is the variable PUBLIC_URL. Tests compare docs/settings.md and
.env.example with it. Nothing else in the program reads the environment.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values

from app import heroku, secret_key, values
from app.errors import SettingsError, SettingsMissing

MB = 1_000_000


class Variable(msgspec.Struct, frozen=True):
    """An environment variable: what there is to know besides its type."""

    help: str
    parse: values.Parser = values.text
    secret: bool = False
    default: str = ""  # as docs/settings.md says it
    field: str = ""

    @property
    def name(self) -> str:
        return self.field.upper()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process. Made by `load_settings`; fields with a Variable come from the environment."""

    root: Path

    port: Annotated[int, Variable("Port to listen on. The host or honcho sets it.", values.whole(1, 65535))] = 5000
    public_url: Annotated[
        str,
        Variable("The address people type, without a path.", values.origin, default="http://127.0.0.1:<PORT>"),
    ] = ""
    community_name: Annotated[str, Variable("The name people read at the top.", values.title)] = "Roost"
    secret_key: Annotated[
        tuple[str, ...],
        Variable(
            "Signs cookies. Several keys with commas between them rotate: the first signs, all verify.",
            values.words,
            secret=True,
            default="made once in data/secret_key on a loopback PUBLIC_URL, required elsewhere",
        ),
    ] = ()
    database_url: Annotated[
        str, Variable("Where everything is kept. A relative path starts at the project.", values.database, secret=True)
    ] = "sqlite:///data/roost.db"
    database_pool: Annotated[
        int, Variable("Connections of one process to PostgreSQL, at most.", values.whole(2, 100))
    ] = 5
    redis_url: Annotated[
        str, Variable("The Redis through which several processes hear of each other.", values.redis, secret=True)
    ] = ""
    redis_self_signed: Annotated[
        bool,
        Variable(
            "Take the certificate of a rediss:// server unseen.",
            values.flag,
            default="on when DYNO is set, else off",
        ),
    ] = False

    files_url: Annotated[
        str,
        Variable(
            "Where files are kept: a folder, or a bucket (s3://…). A relative path starts at the project.",
            values.files,
            secret=True,
        ),
    ] = "data/files"
    files_may_be_lost: Annotated[
        bool, Variable("Take files also where the disk forgets them, as on a dyno without a bucket.", values.flag)
    ] = False
    max_file_mb: Annotated[
        int, Variable("The largest file that a message may have, in MB; 0: none at all.", values.whole(0, 1_000))
    ] = 25
    files_quota_mb: Annotated[
        int, Variable("What the files of one person may take up, in MB; 0: no bound.", values.whole(0, 1_000_000))
    ] = 1_000
    files_total_mb: Annotated[
        int, Variable("What all files together may take up, in MB; 0: no bound.", values.whole(0, 1_000_000_000))
    ] = 0

    twitter_consumer_key: Annotated[str, Variable("API key of your X app.")] = ""
    twitter_consumer_secret: Annotated[str, Variable("API secret of your X app.", secret=True)] = ""
    twitter_request_token_url: Annotated[str, Variable("X's address for request tokens.", values.provider_url)] = (
        "https://api.x.com/oauth/request_token"
    )
    twitter_authenticate_url: Annotated[str, Variable("X's page that asks the person.", values.provider_url)] = (
        "https://api.x.com/oauth/authenticate"
    )
    twitter_access_token_url: Annotated[str, Variable("X's address for access tokens.", values.provider_url)] = (
        "https://api.x.com/oauth/access_token"
    )
    twitter_profile_v2_url: Annotated[str, Variable("X's address for profiles, v2.", values.provider_url)] = (
        "https://api.x.com/2/users/me"
    )
    twitter_profile_v1_url: Annotated[str, Variable("X's address for profiles, v1.1.", values.provider_url)] = (
        "https://api.x.com/1.1/account/verify_credentials.json"
    )
    twitter_picture_origin: Annotated[
        str, Variable("Where X keeps people's pictures; no other place is asked for one.", values.provider_origin)
    ] = "https://pbs.twimg.com"
    twitter_profile: Annotated[
        Literal["v2", "v1.1", "none"],
        Variable(
            "How to ask X for a person's name and picture: v2 (then v1.1 if refused), v1.1, or none.",
            values.one_of("v2", "v1.1", "none"),
        ),
    ] = "v2"
    twitter_standin: Annotated[
        bool, Variable("A local stand-in for X, to try Roost without keys. Only on this machine.", values.flag)
    ] = False
    owner_handles: Annotated[
        tuple[str, ...],
        Variable("X handles of the owners. Each is claimed once, by the first to sign in.", values.handles),
    ] = ()
    edit_minutes: Annotated[
        int,
        Variable("For how many minutes authors may edit a message; 0: for ever.", values.whole(0, 525_600)),
    ] = 0
    link_cards: Annotated[
        bool,
        Variable(
            "Show what links lead to, and tell outgoing webhooks. Off: this server asks no site that people name.",
            values.flag,
        ),
    ] = True

    bind_address: Annotated[
        str,
        Variable("Address to listen on: 127.0.0.1 lets in only a proxy on this machine.", values.address),
    ] = "0.0.0.0"  # noqa: S104  a platform's router reaches us from outside
    trust_proxy: Annotated[
        bool,
        Variable("A proxy in front writes X-Forwarded-For.", values.flag, default="on when DYNO is set, else off"),
    ] = False
    gateway_port: Annotated[
        int | None,
        Variable("Port for programs that speak TCP alone. Without it there is none.", values.whole(1, 65535)),
    ] = None
    gateway_address: Annotated[
        str, Variable("Address for them. Another than one of this machine needs a certificate.", values.address)
    ] = "127.0.0.1"
    gateway_certificate: Annotated[
        str, Variable("File with the certificate for them, and its chain (PEM). A relative path starts at the project.")
    ] = ""
    gateway_key: Annotated[str, Variable("File with the certificate's key (PEM), which only the server may read.")] = ""
    metrics_token: Annotated[
        str, Variable("Bearer token that opens /metrics. Without it /metrics is closed.", secret=True)
    ] = ""
    sentry_dsn: Annotated[
        str, Variable("Where Sentry takes reports of our errors; needs requirements-sentry.txt.", secret=True)
    ] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Variable("The least important lines to log.", values.one_of("debug", "info", "warning", "error")),
    ] = "info"
    debug: Annotated[
        bool, Variable("For developers: changed files are seen at once, changed code restarts the server.", values.flag)
    ] = False

    new_member_hours: Annotated[
        int,
        Variable(
            "Hours for which who came by the open door is new: no links, no files, half the pace.",
            values.whole(0, 8_760),
        ),
    ] = 24

    limit_login_per_minute: Annotated[
        int, Variable("Sign-ins begun by one address in a minute, and codes of programs.", values.count)
    ] = 10
    limit_connect_per_minute: Annotated[
        int, Variable("Refused connections of one address in a minute.", values.count)
    ] = 30
    limit_connections_per_10_seconds: Annotated[
        int, Variable("Connections of one address in ten seconds, where no proxy is trusted.", values.count)
    ] = 500
    limit_sockets_per_user: Annotated[
        int, Variable("Open connections of one person (tabs and devices).", values.count)
    ] = 20
    limit_sends_per_10_seconds: Annotated[int, Variable("Messages of one person in ten seconds.", values.count)] = 20
    limit_repeats_per_12_hours: Annotated[
        int, Variable("The same text of one member in twelve hours; short ones four times as often.", values.count)
    ] = 5
    limit_drafts_per_minute: Annotated[int, Variable("Drafts saved by one person in a minute.", values.count)] = 120
    limit_commands_per_10_seconds: Annotated[
        int, Variable("Commands by POST of one person in ten seconds.", values.count)
    ] = 200
    limit_history_per_minute: Annotated[
        int, Variable("Pages of history read by one person in a minute.", values.count)
    ] = 600
    limit_conversations_per_hour: Annotated[
        int, Variable("Direct rooms begun by one person in an hour, with who never wrote to them.", values.count)
    ] = 10
    limit_files_per_minute: Annotated[int, Variable("Files sent by one person in a minute.", values.count)] = 60
    limit_link_cards_per_minute: Annotated[
        int, Variable("Links of one person's messages looked up in a minute.", values.count)
    ] = 10
    limit_people_per_minute: Annotated[
        int, Variable("Searches for people by one person in a minute.", values.count)
    ] = 300

    limit_public_pages_per_minute: Annotated[
        int, Variable("Public pages read by one address in a minute, without an account.", values.count)
    ] = 120
    limit_readers: Annotated[
        int, Variable("Public pages open without an account that are told at once of what is new.", values.count)
    ] = 1_000
    limit_readers_per_address: Annotated[int, Variable("The same of one address.", values.count)] = 20

    dyno: Annotated[str, Variable("Set by Heroku: the name of the dyno, such as web.1. Do not set it.")] = ""
    honcho_process_name: Annotated[
        str, Variable("Set by honcho: the process, such as web.1. `release` waits under it. Do not set it.")
    ] = ""

    @property
    def public_origin(self) -> str:
        """Scheme, host and port as a browser sends them in Origin."""
        return self.public_url

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Only people on this machine can use PUBLIC_URL."""
        return values.is_loopback_host(urlsplit(self.public_url).hostname or "")

    @property
    def callback_url(self) -> str:
        """The address to register with X; it is compared there character by character."""
        return f"{self.public_url}/login"

    @property
    def sign_in_configured(self) -> bool:
        return self.twitter_standin or bool(self.twitter_consumer_key and self.twitter_consumer_secret)

    @property
    def files_folder(self) -> Path | None:
        """None: they are kept in a bucket."""
        return None if self.files_url.startswith("s3:") else Path(self.files_url)

    @property
    def files_get_lost(self) -> bool:
        """A dyno loses what is on its disk at every restart, once a day at least (HOSTING H9)."""
        return bool(self.dyno) and self.files_folder is not None

    @property
    def takes_files(self) -> bool:
        return self.file_limit > 0

    @property
    def file_limit(self) -> int:
        """Bytes of one file; 0: none are taken."""
        return 0 if self.files_get_lost and not self.files_may_be_lost else self.max_file_mb * MB

    @property
    def cookie_secrets(self) -> dict[int, str]:
        """Tornado's `cookie_secret`. A key is named by its own hash, so that adding or dropping others renames none."""
        return {secret_key.version(key): key for key in self.secret_key}

    @property
    def cookie_key_version(self) -> int:
        """Tornado's `key_version`: the key that signs."""
        return secret_key.version(self.secret_key[0])

    def __repr__(self) -> str:
        shown = (f"{row.field}={_shown(row, getattr(self, row.field))}" for row in settings_table())
        return f"Settings({', '.join(shown)})"


def settings_table() -> tuple[Variable, ...]:
    """Every variable, in the order of `Settings`."""
    plain = {field.name: field.default for field in msgspec.structs.fields(Settings)}
    return tuple(
        msgspec.structs.replace(variable, field=field, default=variable.default or _written(plain[field]))
        for field, variable in _variables()
    )


def read_dotenv(root: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment, with `.env` of the project beneath it: a variable that is set wins over the file.

    On Heroku (DYNO is set) the file is not read. `${NAME}` is not expanded, because honcho does not either.
    """
    path = root / ".env"
    if environ.get("DYNO") or not path.is_file():
        return dict(environ)
    try:
        written = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError({".env": "The file cannot be read. Make it readable UTF-8 text, or remove it."}) from error
    return {name: value for name, value in written.items() if value is not None} | dict(environ)


def load_settings(environ: Mapping[str, str], root: Path) -> Settings:
    """Settings from the environment of a project that lives in `root`. An empty value counts as not set.

    Raises SettingsError with all problems together, each with its cure; if all that is wrong is what a new app on
    Heroku lacks, SettingsMissing. Makes data/secret_key where that is allowed.
    """
    read, problems = _read(environ)
    settings = _with_defaults(read, root)
    problems = dict(_contradictions(settings)) | problems
    lacking = heroku.lacking(heroku.NEEDED, environ) if settings.dyno else {}
    missing = SettingsMissing(lacking, heroku.lacking(heroku.FOR_SIGN_IN, environ), settings.port)
    if problems.keys() - lacking.keys():
        raise SettingsError(_in_order(problems | missing.problems))
    if lacking:
        raise missing
    if settings.secret_key:
        return settings
    return msgspec.structs.replace(settings, secret_key=(secret_key.local(root / "data"),))


def _in_order(problems: dict[str, str]) -> dict[str, str]:
    return {row.name: problems[row.name] for row in settings_table() if row.name in problems}


def _variables() -> Iterator[tuple[str, Variable]]:
    for field, hint in get_type_hints(Settings, include_extras=True).items():
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, Variable):
                yield field, extra


def _read(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    read: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for row in settings_table():
        written = environ.get(row.name, "").strip()
        if not written:
            continue
        try:
            read[row.field] = row.parse(written)
        except ValueError as problem:
            problems[row.name] = str(problem)
    return read, problems


def _with_defaults(read: dict[str, Any], root: Path) -> Settings:
    settings = Settings(root=root, **read)
    return msgspec.structs.replace(
        settings,
        public_url=settings.public_url or values.origin(f"http://127.0.0.1:{settings.port}"),
        trust_proxy=read.get("trust_proxy", bool(settings.dyno)),
        redis_self_signed=read.get("redis_self_signed", bool(settings.dyno)),
        database_url=_database_url(settings, root),
        gateway_certificate=_path(settings.gateway_certificate, root),
        gateway_key=_path(settings.gateway_key, root),
        files_url=settings.files_url if settings.files_folder is None else str(root / settings.files_url),
    )


def _database_url(settings: Settings, root: Path) -> str:
    path = settings.database_url.removeprefix("sqlite:///")
    if path != settings.database_url:
        return f"sqlite:///{root / path}"
    # Heroku's address does not ask for TLS, and its servers take nothing else (HOSTING H21).
    return values.with_tls(settings.database_url) if settings.dyno else settings.database_url


def _path(written: str, root: Path) -> str:
    return written and str(root / written)


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    """What is wrong although each value by itself is right."""
    yield from _secret_key_problems(settings)
    if settings.dyno and not settings.https:
        yield "PUBLIC_URL", f"It has to be https. Set it with: {heroku.NEEDED['PUBLIC_URL']}"
    if settings.twitter_standin and (settings.dyno or not settings.is_loopback):
        yield (
            "TWITTER_STANDIN",
            "With the stand-in anybody signs in as anybody, so it runs only where PUBLIC_URL is on this machine "
            "(http://127.0.0.1:5000). Remove it.",
        )
    if settings.debug and settings.dyno:
        yield "DEBUG", "Debugging shows the inside of the server to everybody. Remove it on Heroku."
    yield from _gateway_problems(settings)


def _gateway_problems(settings: Settings) -> Iterator[tuple[str, str]]:
    if bool(settings.gateway_certificate) != bool(settings.gateway_key):
        lacking = "GATEWAY_KEY" if settings.gateway_certificate else "GATEWAY_CERTIFICATE"
        yield lacking, "A certificate and its key go together. Set both, or neither."
    if settings.gateway_port is None:
        return
    if settings.dyno:
        yield (
            "GATEWAY_PORT",
            "Heroku's router reaches no port but PORT. Remove it; programs come over WebSocket.",
        )
    elif not settings.gateway_certificate and not values.is_loopback_host(settings.gateway_address):
        yield (
            "GATEWAY_CERTIFICATE",
            "Without one, tokens would travel in the open. Set GATEWAY_CERTIFICATE and GATEWAY_KEY, or "
            "GATEWAY_ADDRESS=127.0.0.1.",
        )


def _secret_key_problems(settings: Settings) -> Iterator[tuple[str, str]]:
    if not settings.secret_key and (settings.dyno or not settings.is_loopback):
        yield "SECRET_KEY", "It is missing. " + _new_key(settings)
    if secret_key.SAMPLE in settings.secret_key:
        yield "SECRET_KEY", "It is the sample that everybody can read. " + _new_key(settings)
    elif any(len(key) < secret_key.LENGTH for key in settings.secret_key):
        yield "SECRET_KEY", f"Each key needs {secret_key.LENGTH} characters. " + _new_key(settings)


def _new_key(settings: Settings) -> str:
    if settings.dyno:
        return f"Set it with: {heroku.NEEDED['SECRET_KEY']}"
    return f"Make one with: {secret_key.HOW_TO_MAKE}"


def _written(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return str(default) if default or default == 0 else ""


def _shown(row: Variable, value: object) -> str:
    return "<secret>" if row.secret and value else repr(value)

"""What can be told from the settings alone. What is plainly wrong in them has been refused before (app/settings.py)."""

import importlib.util
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from app.checks import gateway
from app.checks.finding import Finding
from app.settings import Settings
from app.values import is_loopback_host

CONSOLE = "https://console.x.com"
TLS_FOR_SURE = {"require", "verify-ca", "verify-full"}


def registration(settings: Settings) -> str:
    """The line to copy from. X compares the address character by character."""
    return f"Callback URL to register with X, exactly as it is here: {settings.callback_url}"


def findings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Of any server, also one that is only tried out. `environ` is what the settings were read from."""
    yield from _keys(settings)
    yield from _address(settings)
    yield from _processes(settings, environ)


def deploy_findings(settings: Settings) -> Iterator[Finding]:
    """Of a server that is meant for other people."""
    yield from _public(settings)
    yield from _proxy(settings)
    yield from _stores(settings)
    yield from _files(settings)
    yield from gateway.findings(settings)


def _keys(settings: Settings) -> Iterator[Finding]:
    key, secret = bool(settings.twitter_consumer_key), bool(settings.twitter_consumer_secret)
    if settings.twitter_standin:
        cause = "TWITTER_STANDIN is on: sign-in goes to a stand-in on this computer, not to X."
        yield Finding("standin", "note", cause)
    elif key != secret:
        missing = "TWITTER_CONSUMER_SECRET" if key else "TWITTER_CONSUMER_KEY"
        cure = f"Copy it from your app's keys on {CONSOLE}."
        yield Finding("x-key-missing", "problem", f"{missing} is missing.", cure)
    elif not key:
        yield Finding(
            "x-keys-missing",
            "warning",
            "Sign-in is not configured: TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET are missing.",
            f"Make an app on {CONSOLE}, register the callback URL, and copy its API key and secret.",
        )


def _address(settings: Settings) -> Iterator[Finding]:
    address = urlsplit(settings.public_url)
    if address.hostname == "localhost":
        cure = f"Set PUBLIC_URL={settings.public_url.replace('localhost', '127.0.0.1', 1)}."
        yield Finding("address-localhost", "warning", "X does not accept localhost in a callback URL.", cure)
    elif address.scheme == "http" and not settings.is_loopback:
        cause = "X accepts only https for a callback URL, except on 127.0.0.1."
        yield Finding("address-http", "warning", cause, "See check --deploy.")


def _processes(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    if environ.get("WEB_CONCURRENCY"):
        cause = "WEB_CONCURRENCY is ignored: a server is one process."
        cure = (
            "Nothing to do: Heroku sets it by itself. For more processes: heroku ps:scale web=2, honcho start -c web=2"
        )
        yield Finding("web-concurrency", "note", cause, cure)
    if settings.redis_url and settings.database_url.startswith("sqlite:"):
        cause = "REDIS_URL is of no use: a database file serves one process, and that has nobody to talk to."
        yield Finding("redis-useless", "note", cause, "Remove it, or set DATABASE_URL to a PostgreSQL server.")


def _public(settings: Settings) -> Iterator[Finding]:
    if not settings.https:
        yield Finding(
            "no-https",
            "problem",
            f"PUBLIC_URL is {settings.public_url}: other people need an address with https, and so does X.",
            "Put a proxy with a certificate in front, and set PUBLIC_URL to its https:// address.",
        )
    if settings.debug:
        yield Finding("debug", "problem", "DEBUG is on.", "Remove it.")
    if not settings.sign_in_configured:
        cure = "Set both TWITTER_CONSUMER_* variables."
        yield Finding("nobody-signs-in", "problem", "Nobody can sign in without keys of X.", cure)
    if not settings.owner_handles:
        cure = (
            "If nobody is owner yet, set it to your handle on X, or enter the code of the server's log at /first-owner."
        )
        yield Finding("no-owner", "note", "OWNER_HANDLES names nobody.", cure)


def _proxy(settings: Settings) -> Iterator[Finding]:
    if settings.https and not settings.trust_proxy:
        yield Finding(
            "proxy-untrusted",
            "warning",
            "TRUST_PROXY is off, so everybody behind your proxy counts as one address for the limits.",
            "Set TRUST_PROXY=1 if the proxy writes X-Forwarded-For itself.",
        )
    if settings.trust_proxy and not settings.dyno and not is_loopback_host(settings.bind_address):
        yield Finding(
            "proxy-avoidable",
            "warning",
            "TRUST_PROXY is on and the port is open to others: who comes past the proxy can claim any address.",
            "Set BIND_ADDRESS=127.0.0.1 if the proxy is on this machine (in a container publish the port there in its "
            "place: -p 127.0.0.1:5000:5000), or let nobody but the proxy reach the port.",
        )


def _stores(settings: Settings) -> Iterator[Finding]:
    if settings.dyno and settings.database_url.startswith("sqlite:"):
        yield Finding(
            "disk-lost",
            "problem",
            "The database is a file, and a dyno loses its files at every restart, once a day at least.",
            "Run: heroku addons:create heroku-postgresql:essential-0, and then: heroku config:unset DATABASE_URL",
        )
    if _travels(settings.database_url) and _tls_mode(settings.database_url) not in TLS_FOR_SURE:
        cause = "The way to the database is encrypted only if its server offers that."
        yield Finding("database-in-the-open", "note", cause, "Add ?sslmode=require to DATABASE_URL, if it can.")
    if settings.redis_url.startswith("redis:") and _travels(settings.redis_url):
        cause = "What people say travels to Redis in the open."
        yield Finding("redis-in-the-open", "note", cause, "Use a rediss:// address, if it has one.")


def _files(settings: Settings) -> Iterator[Finding]:
    if settings.files_folder is None and importlib.util.find_spec("obstore") is None:
        cause = "FILES_URL is a bucket, and the library for it is missing: the server does not start."
        yield Finding("files-library", "problem", cause, "Run: pip install -r requirements-s3.txt")
    if not settings.files_get_lost or not settings.max_file_mb:
        return
    cure = "Set FILES_URL to a bucket (docs/files.md), or MAX_FILE_MB=0 if nobody is to send files."
    if settings.takes_files:
        cause = "Files are taken and kept on a dyno's disk, which loses them at every restart, once a day at least."
        yield Finding("files-lost", "warning", cause, cure)
    else:
        cause = "No files are taken: FILES_URL is a folder, and a dyno loses its files at every restart."
        yield Finding("files-off", "note", cause, cure)


def _travels(url: str) -> bool:
    host = urlsplit(url).hostname
    return host is not None and not is_loopback_host(host)


def _tls_mode(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("sslmode", [""])[-1]

"""What can be told from the settings alone. What is plainly wrong in them has been refused before (app/settings.py)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from app.checks.finding import Finding
from app.settings import Settings

CONSOLE = "https://console.x.com"


def registration(settings: Settings) -> str:
    """The line to copy from. X compares the address character by character."""
    return f"Callback URL to register with X, exactly as it is here: {settings.callback_url}"


def findings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Of any server, also one that is only tried out. `environ` is what the settings were read from."""
    yield from _keys(settings)
    yield from _address(settings)
    if environ.get("WEB_CONCURRENCY"):
        yield Finding(
            "note", "WEB_CONCURRENCY is ignored: a server is one process.", "Nothing to do: Heroku sets it by itself."
        )
    if settings.redis_url:
        yield Finding("note", "REDIS_URL is not used yet: one process needs nothing to talk to others.")


def deploy_findings(settings: Settings) -> Iterator[Finding]:
    """Of a server that is meant for other people."""
    if not settings.https:
        yield Finding(
            "problem",
            f"PUBLIC_URL is {settings.public_url}: other people need an address with https, and so does X.",
            "Put a proxy with a certificate in front, and set PUBLIC_URL to its https:// address.",
        )
    if settings.debug:
        yield Finding("problem", "DEBUG is on.", "Remove it.")
    if not settings.sign_in_configured:
        yield Finding("problem", "Nobody can sign in without keys of X.", "Set both TWITTER_CONSUMER_* variables.")
    if settings.https and not settings.trust_proxy:
        yield Finding(
            "warning",
            "TRUST_PROXY is off, so everybody behind your proxy counts as one address for the limits.",
            "Set TRUST_PROXY=1 if the proxy writes X-Forwarded-For itself.",
        )
    if settings.dyno and settings.database_url.startswith("sqlite:"):
        yield Finding(
            "problem",
            "The database is a file, and a dyno loses its files at every restart, once a day at least.",
            "Run Roost where there is a disk; PostgreSQL comes with a later release.",
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    key, secret = bool(settings.twitter_consumer_key), bool(settings.twitter_consumer_secret)
    if settings.twitter_standin:
        yield Finding("note", "TWITTER_STANDIN is on: sign-in goes to a stand-in on this computer, not to X.")
    elif key != secret:
        missing = "TWITTER_CONSUMER_SECRET" if key else "TWITTER_CONSUMER_KEY"
        yield Finding("problem", f"{missing} is missing.", f"Copy it from your app's keys on {CONSOLE}.")
    elif not key:
        yield Finding(
            "warning",
            "Sign-in is not configured: TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET are missing.",
            f"Make an app on {CONSOLE}, register the callback URL, and copy its API key and secret.",
        )


def _address(settings: Settings) -> Iterator[Finding]:
    address = urlsplit(settings.public_url)
    if address.hostname == "localhost":
        cure = settings.public_url.replace("localhost", "127.0.0.1", 1)
        yield Finding("warning", "X does not accept localhost in a callback URL.", f"Set PUBLIC_URL={cure}.")
    elif address.scheme == "http" and not settings.is_loopback:
        yield Finding("warning", "X accepts only https for a callback URL, except on 127.0.0.1.", "See check --deploy.")

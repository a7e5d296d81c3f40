"""Asks X for one request token, and turns the answer into its cause and cure.

Signed and understood by other code than the sign-in's (requests-oauthlib), so that the two cannot share a mistake. A
request token costs nothing, and this one is never used.
"""

import re
import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import parse_qs

import requests
from requests_oauthlib import OAuth1

from app.checks.finding import Finding
from app.checks.offline import CONSOLE
from app.settings import Settings

SECONDS = 10
BODY_LIMIT = 64 * 1024
CLOCK_TOLERANCE = 300
"""Seconds by which X lets a clock be wrong."""
CLOCK_WARNING = 60


def ask(settings: Settings) -> list[Finding]:
    """What X says to these settings: one finding about the answer, and one more if this clock is off."""
    if settings.twitter_standin:
        return [Finding("x-not-asked", "note", "TWITTER_STANDIN is on, so there is nothing to ask of X.")]
    if not settings.sign_in_configured:
        return [
            Finding(
                "x-not-asked", "problem", "There are no keys to ask X with.", "Set both TWITTER_CONSUMER_* variables."
            )
        ]
    try:
        status, headers, text = _request_token(settings)
    except requests.RequestException as error:
        return [_unreachable(settings, error)]
    return [_understood(settings, status, text, _skew(headers)), *_clock(_skew(headers))]


def _request_token(settings: Settings) -> tuple[int, dict[str, str], str]:
    auth = OAuth1(settings.twitter_consumer_key, settings.twitter_consumer_secret, callback_uri=settings.callback_url)
    with requests.post(
        settings.twitter_request_token_url,
        auth=auth,
        headers={"User-Agent": f"Roost (+{settings.public_url})"},
        timeout=SECONDS,
        allow_redirects=False,
        stream=True,
    ) as answer:
        body = next(answer.iter_content(BODY_LIMIT), b"")
        return answer.status_code, dict(answer.headers), body.decode("utf-8", "replace")


def _unreachable(settings: Settings, error: requests.RequestException) -> Finding:
    url = settings.twitter_request_token_url
    if isinstance(error, requests.exceptions.SSLError):
        return Finding(
            "x-certificate",
            "problem",
            f"The certificate of {url} cannot be trusted.",
            "Set this machine's clock and install CA certificates; if a proxy opens TLS here, trust its certificate.",
        )
    if isinstance(error, requests.Timeout):
        return Finding(
            "x-slow", "problem", f"{url} did not answer within {SECONDS} s.", "Try again; look at your firewall."
        )
    return Finding(
        "x-unreachable",
        "problem",
        f"{url} cannot be reached.",
        "Let this machine resolve names and open outgoing connections to port 443.",
    )


def _understood(settings: Settings, status: int, text: str, skew: float) -> Finding:
    if status == HTTPStatus.OK:
        return _answer(settings, text)
    code = _code(text)
    if code == 135 or (status == HTTPStatus.UNAUTHORIZED and abs(skew) > CLOCK_TOLERANCE):  # noqa: PLR2004
        return Finding(
            "x-clock", "problem", "This machine's clock is wrong, so X refuses its signatures (135).", SET_THE_CLOCK
        )
    if code in REFUSALS:
        cause, cure = REFUSALS[code]
        return Finding("x-refuses", "problem", f"{cause} ({code})", cure.format(callback=settings.callback_url))
    if code is None and status in STATUSES:
        return Finding("x-fails", "problem", *STATUSES[status])
    return Finding(
        "x-unknown",
        "problem",
        f"X answered {status}{f' with code {code}' if code else ''}: {_plain(text)}",
        f"Look the answer up in X's documentation, and your app over on {CONSOLE}.",
    )


def _answer(settings: Settings, text: str) -> Finding:
    answer = parse_qs(text)
    if not answer.get("oauth_token"):
        return Finding(
            "x-somebody-else",
            "problem",
            f"Something else than X answers at {settings.twitter_request_token_url}: {_plain(text)}",
            "Look for a proxy or a sign-in page of the network between this machine and X.",
        )
    if answer.get("oauth_callback_confirmed") != ["true"]:
        return Finding(
            "x-unconfirmed",
            "problem",
            "X gave a token without confirming the callback, so sign-in will refuse it.",
            f"Register {settings.callback_url} in your app's settings on {CONSOLE}.",
        )
    return Finding("x", "fine", "X gave a request token: keys, callback URL and clock are right.")


SET_THE_CLOCK = "Set the clock and keep it set: timedatectl set-ntp true"

REFUSALS = {
    88: ("X has had too many requests from this app.", "Wait 15 minutes."),
    32: (
        "X does not accept TWITTER_CONSUMER_KEY and TWITTER_CONSUMER_SECRET.",
        f"Copy API key and API key secret again from {CONSOLE}: not the bearer token, not the access token, "
        "no quotes and no spaces. Keys made anew replace the old ones.",
    ),
    215: (
        "X found no signature that it could read.",
        "Look for a proxy that removes the Authorization header, and for keys that are empty or cut short.",
    ),
    415: (
        "X does not know the callback URL.",
        f"Add {{callback}} to the callback URLs of your app on {CONSOLE}, character by character "
        "(no slash at the end, 10 at most).",
    ),
    416: ("X has suspended this app.", f"Read X's reason on {CONSOLE}, object to it, or make another app."),
    417: (
        "No callback URL is registered, so X takes this for a desktop program.",
        f"Switch on user authentication for your app on {CONSOLE} and register {{callback}}.",
    ),
    453: (
        "The app has no access to this part of X's API.",
        f"Attach the app to a project or choose another plan on {CONSOLE}. Sign-in needs only the OAuth endpoints.",
    ),
}

STATUSES: dict[int, tuple[str, str]] = {
    HTTPStatus.PAYMENT_REQUIRED: ("The app's account with X has no credits.", f"Add credits on {CONSOLE}."),
    HTTPStatus.FORBIDDEN: (
        "A firewall in front of X turned this machine away.",
        "Try from another network, and ask your host whether its addresses are blocked.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: ("X has had too many requests from this app.", "Wait 15 minutes."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("X is out of order.", "Wait, and try again."),
    HTTPStatus.BAD_GATEWAY: ("X is out of order.", "Wait, and try again."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("X is out of order.", "Wait, and try again."),
    HTTPStatus.GATEWAY_TIMEOUT: ("X is out of order.", "Wait, and try again."),
}


def _clock(skew: float) -> list[Finding]:
    if abs(skew) < CLOCK_WARNING:
        return []
    way = "ahead of" if skew > 0 else "behind"
    return [Finding("clock-off", "warning", f"This machine's clock is {abs(skew):.0f} s {way} X's.", SET_THE_CLOCK)]


def _skew(headers: dict[str, str]) -> float:
    try:
        return time.time() - parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except ValueError:
        return 0.0


def _code(text: str) -> int | None:
    """X's own code, from JSON or XML."""
    found = re.search(r'(?:"code"\s*:\s*|<error code=")(\d{1,5})\b', text)
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:200]

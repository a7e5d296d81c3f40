"""What went wrong at X: read from whatever it answered, written down for the operator, named for the person."""

import json
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from tornado.httpclient import HTTPClientError, HTTPResponse

from app.errors import SignInFailed

log = logging.getLogger(__name__)

WORDS_LENGTH = 200
CLOCK_TOLERANCE = 300
"""Seconds by which X lets a timestamp be off."""

BAD_TIMESTAMP = 135
CALLBACK_CODES = (415, 417)
CLOSED = (HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN)
"""What a profile address answers when it will go on doing so: no credits, no access."""


@dataclass(frozen=True)
class Refusal:
    """`status` is None when X did not answer at all; `skew` is how many seconds our clock is ahead of X's."""

    status: int | None
    code: int | None
    words: str
    skew: float | None

    def __str__(self) -> str:
        parts = [f"HTTP {self.status}" if self.status else "no answer"]
        if self.code:
            parts.append(f"code {self.code}")
        if self.words:
            parts.append(self.words)
        if self.clock_is_wrong:
            parts.append(f"this server's clock is {self.skew:+.0f} s off")
        return ", ".join(parts)

    @property
    def clock_is_wrong(self) -> bool:
        return self.skew is not None and abs(self.skew) > CLOCK_TOLERANCE

    @property
    def kind(self) -> str:
        """The SignInFailed kind of a failed token request."""
        if self.code == BAD_TIMESTAMP or (self.status == HTTPStatus.UNAUTHORIZED and self.clock_is_wrong):
            return "clock"
        if self.code in CALLBACK_CODES:
            return "callback"
        return "unavailable" if self._is_no_verdict else "refused"

    @property
    def _is_no_verdict(self) -> bool:
        """Whether it says nothing about our request: no answer, an overload, or the page of a firewall before X."""
        if self.status is None or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return True
        if self.status in (HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS):
            return True
        return self.status == HTTPStatus.FORBIDDEN and self.code is None


def failed(step: str, error: Exception, now: float) -> SignInFailed:
    """The failure to raise for an error of a token request, after writing the cause down. `now` is in seconds."""
    refusal = read_refusal(error, now)
    log.error("sign-in: the %s failed: %s", step, refusal)
    return SignInFailed(refusal.kind)


def read_refusal(error: Exception, now: float) -> Refusal:
    """Understands an answer with an error status, no answer, and an answer that is not what it should be."""
    response = error.response if isinstance(error, HTTPClientError) else None
    if response is not None:
        return _read_response(response, now)
    if isinstance(error, HTTPClientError | OSError):
        return Refusal(None, None, str(error) or type(error).__name__, None)
    # The body is not repeated: it may be half a token.
    return Refusal(HTTPStatus.OK, None, f"an answer that holds no token ({type(error).__name__})", None)


def _read_response(response: HTTPResponse, now: float) -> Refusal:
    code, words = read_body(response.body)
    return Refusal(response.code, code, words, _skew(response.headers.get("Date", ""), now))


def read_body(body: bytes) -> tuple[int | None, str]:
    """X's error code, if there is one, and a few words for the log. Understands JSON, XML, HTML and plain text."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        return _read_json(json.loads(text))
    code = re.search(r'<error code="(\d{1,5})"', text)
    return int(code[1]) if code else None, _shortened(re.sub(r"<[^>]*>", " ", text))


def _read_json(answer: Any) -> tuple[int | None, str]:
    """`{"errors": [{"code", "message"}]}`, or a problem with `title` and `detail` (RFC 9457)."""
    if not isinstance(answer, dict):
        return None, ""
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else answer
    code = first.get("code")
    words = (str(first[name]) for name in ("title", "reason", "message", "detail") if first.get(name))
    return code if isinstance(code, int) else None, _shortened(": ".join(words))


def _shortened(text: str) -> str:
    return " ".join(text.split())[:WORDS_LENGTH]


def _skew(date: str, now: float) -> float | None:
    try:
        return now - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None

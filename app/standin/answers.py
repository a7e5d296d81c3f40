"""X's words: the answers of the stand-in, with the statuses and bodies that its documentation and its users report."""

import json
from dataclasses import dataclass, field

from app.standin.faults import ProfileFault, TokenFault

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    status: int
    body: str | bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def form(body: str) -> Answer:
    """X sends form-encoded token answers as text/html."""
    return Answer(200, body, HTML)


def data(content: object) -> Answer:
    return Answer(200, json.dumps(content))


def error(status: int, code: int, message: str) -> Answer:
    return Answer(status, json.dumps({"errors": [{"code": code, "message": message}]}))


NOT_AUTHENTICATED = error(401, 32, "Could not authenticate you.")
BAD_TIMESTAMP = error(401, 135, "Timestamp out of bounds.")
BAD_DATA = error(400, 215, "Bad Authentication data.")
INVALID_ACCESS_TOKEN = error(401, 89, "Invalid or expired token.")
DESKTOP_ONLY = error(403, 417, "Desktop applications only support the oauth_callback value 'oob'")

_NOT_APPROVED = (
    "Callback URL not approved for this client application. "
    "Approved callback URLs can be adjusted in your application settings"
)
CALLBACK_NOT_APPROVED_JSON = error(403, 415, _NOT_APPROVED)
CALLBACK_NOT_APPROVED = Answer(
    403,
    f"<?xml version='1.0' encoding='UTF-8'?><errors><error code=\"415\">{_NOT_APPROVED}</error></errors>",
    XML,
)
BAD_VERIFIER = Answer(401, "Error processing your OAuth request: Invalid oauth_verifier parameter", TEXT)
NO_REQUEST_TOKEN = Answer(401, "Reverse auth credentials are invalid", TEXT)
DEAD_REQUEST_TOKEN = Answer(
    401,
    '<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n  <error>Invalid / expired Token</error>\n'
    "  <request>/oauth/access_token</request>\n</hash>\n",
    XML,
)

BLOCKED_PAGE = (
    "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head>"
    "<body><h1>Sorry, you have been blocked</h1></body></html>"
)
UNAVAILABLE = Answer(503, "Service Unavailable", TEXT)
BLOCKED = Answer(403, BLOCKED_PAGE, HTML)
HTML_PAGE = Answer(200, BLOCKED_PAGE, HTML)
NOT_TEXT = Answer(200, b"oauth_token=\xff\xfe&oauth_token_secret=\x80", HTML)
TOO_LONG = Answer(200, "x" * 4_000_000, HTML)

TOKEN_FAULTS = {
    TokenFault.UNAVAILABLE: UNAVAILABLE,
    TokenFault.BLOCKED: BLOCKED,
    TokenFault.HTML: HTML_PAGE,
    TokenFault.NOT_TEXT: NOT_TEXT,
    TokenFault.TOO_LONG: TOO_LONG,
}


def _problem(status: int, title: str, reason: str, detail: str) -> Answer:
    kind = f"https://api.twitter.com/2/problems/{title.lower().replace(' ', '-')}"
    return Answer(status, json.dumps({"title": title, "reason": reason, "detail": detail, "type": kind}))


PROFILE_FAULTS = {
    ProfileFault.INVALID_TOKEN: INVALID_ACCESS_TOKEN,
    ProfileFault.NO_CREDITS: _problem(
        402, "CreditsDepleted", "credits-depleted", "Your enrolled account does not have any credits."
    ),
    ProfileFault.NO_ACCESS: error(
        403,
        453,
        "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints "
        "(e.g. media post, oauth) only. If you need access to this endpoint, you may need a different access level.",
    ),
    ProfileFault.NOT_ENROLLED: _problem(
        403,
        "Client Forbidden",
        "client-not-enrolled",
        "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a "
        "Twitter developer App that is attached to a Project.",
    ),
    ProfileFault.RATE_LIMITED: Answer(
        429,
        json.dumps({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
        headers={"x-rate-limit-limit": "75", "x-rate-limit-remaining": "0"},
    ),
    ProfileFault.UNAVAILABLE: UNAVAILABLE,
    ProfileFault.HTML: HTML_PAGE,
    ProfileFault.GARBAGE: Answer(200, '{"data": {"id": "15302819472'),
    ProfileFault.WRONG_SHAPE: data(["data", None]),
}

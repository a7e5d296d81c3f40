import json
import logging
from io import BytesIO

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders, format_timestamp
from tornado.simple_httpclient import HTTPTimeoutError

from app.handlers.twitter_refusal import failed, read_body, read_refusal
from app.standin import answers

NOW = 1_800_000_000.0


def refused(status: int, body: str = "", *, ahead: float = 0) -> HTTPClientError:
    """An answer of X to a server whose clock is `ahead` of X's."""
    headers = HTTPHeaders({"Date": format_timestamp(NOW - ahead)})
    buffer = BytesIO(body.encode())
    response = HTTPResponse(HTTPRequest("https://api.x.com/"), status, headers=headers, buffer=buffer)
    return HTTPClientError(status, response=response)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (answers.NOT_AUTHENTICATED.body, 32, "Could not authenticate you."),
        (answers.CALLBACK_NOT_APPROVED.body, 415, "Callback URL not approved for this client application."),
        (answers.CALLBACK_NOT_APPROVED_JSON.body, 415, "Callback URL not approved for this client application."),
        (answers.DEAD_REQUEST_TOKEN.body, None, "Invalid / expired Token /oauth/access_token"),
        (answers.BAD_VERIFIER.body, None, "Error processing your OAuth request: Invalid oauth_verifier parameter"),
        (answers.BLOCKED_PAGE, None, "Attention Required! | Cloudflare Sorry, you have been blocked"),
        (
            '{"title": "Client Forbidden", "reason": "client-not-enrolled"}',
            None,
            "Client Forbidden: client-not-enrolled",
        ),
        ("", None, ""),
        ("[]", None, ""),
        ('{"errors": []}', None, ""),
        ('{"errors": [32]}', None, ""),
        ('{"errors": [{"code": "32"}]}', None, ""),
        ("[" * 100_000, None, "[[["),
        ("\udcff", None, "?"),
    ],
)
def test_every_form_of_refusal_is_understood(body: str, code: int | None, words: str) -> None:
    found_code, found_words = read_body(body.encode("utf-8", "replace"))
    assert found_code == code
    assert found_words.startswith(words)
    assert len(found_words) <= 200


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, json.dumps({"errors": [{"code": 135}]}), "clock"),
        (401, json.dumps({"errors": [{"code": 32}]}), "refused"),
        (400, json.dumps({"errors": [{"code": 215}]}), "refused"),
        (403, json.dumps({"errors": [{"code": 415}]}), "callback"),
        (403, json.dumps({"errors": [{"code": 416}]}), "refused"),
        (403, json.dumps({"errors": [{"code": 417}]}), "callback"),
        (403, answers.BLOCKED_PAGE, "unavailable"),
        (429, json.dumps({"errors": [{"code": 88}]}), "unavailable"),
        (500, "", "unavailable"),
        (503, "Service Unavailable", "unavailable"),
    ],
)
def test_each_refusal_has_a_kind(status: int, body: str, kind: str) -> None:
    assert read_refusal(refused(status, body), NOW).kind == kind


@pytest.mark.parametrize("ahead", [301, -301])
def test_a_clock_far_off_explains_a_401_with_any_code(ahead: float) -> None:
    refusal = read_refusal(refused(401, str(answers.NOT_AUTHENTICATED.body), ahead=ahead), NOW)
    assert refusal.kind == "clock"
    assert f"this server's clock is {ahead:+d} s off" in str(refusal)


def test_a_clock_a_little_off_explains_nothing() -> None:
    assert read_refusal(refused(401, str(answers.NOT_AUTHENTICATED.body), ahead=60), NOW).kind == "refused"


@pytest.mark.parametrize("error", [HTTPTimeoutError("Timeout"), ConnectionRefusedError("refused"), TimeoutError()])
def test_no_answer_is_x_being_unavailable(error: Exception) -> None:
    refusal = read_refusal(error, NOW)
    assert (refusal.kind, refusal.status) == ("unavailable", None)
    assert str(refusal).startswith("no answer, ")


def test_an_answer_without_a_token_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    error = UnicodeDecodeError("utf-8", b"oauth_token=half-a-token\xff", 24, 25, "invalid start byte")
    assert failed("request token", error, NOW).kind == "unavailable"
    assert "an answer that holds no token (UnicodeDecodeError)" in caplog.text
    assert "half-a-token" not in caplog.text


def test_the_log_has_status_code_and_words(caplog: pytest.LogCaptureFixture) -> None:
    failed("request token", refused(401, str(answers.NOT_AUTHENTICATED.body)), NOW)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == ("sign-in: the request token failed: HTTP 401, code 32, Could not authenticate you.")

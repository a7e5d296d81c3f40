import json
import re
import time
from email.utils import formatdate
from pathlib import Path

import pytest
import requests
import responses

from app.checks.finding import Finding
from app.checks.online import ask
from app.settings import Settings, load_settings
from app.standin.answers import CALLBACK_NOT_APPROVED

URL = "https://api.x.com/oauth/request_token"
CALLBACK = "https://roost.example/login"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environ = {
        "PUBLIC_URL": "https://roost.example",
        "SECRET_KEY": "k" * 40,
        "TWITTER_CONSUMER_KEY": "key",
        "TWITTER_CONSUMER_SECRET": "se+/=~&%cret",
    }
    return load_settings(environ, tmp_path)


def answer(settings: Settings, body: str | Exception, status: int = 200, **headers: str) -> list[Finding]:
    with responses.RequestsMock() as x:
        x.post(URL, body=body, status=status, headers=headers)
        return ask(settings)


def refusal(code: int, message: str = "no") -> str:
    return json.dumps({"errors": [{"code": code, "message": message}]})


def test_a_token_means_that_all_is_well(settings: Settings) -> None:
    [finding] = answer(settings, "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true")
    assert finding.level == "fine"


def test_the_request_is_signed_for_the_callback_url(settings: Settings) -> None:
    with responses.RequestsMock() as x:
        x.post(URL, body="oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true")
        ask(settings)
        sent = str(x.calls[0].request.headers["Authorization"])
    assert 'oauth_callback="https%3A%2F%2Froost.example%2Flogin"' in sent
    assert 'oauth_signature_method="HMAC-SHA1"' in sent
    assert "cret" not in sent


@pytest.mark.parametrize(
    ("status", "code", "cause", "cure"),
    [
        (401, 32, "does not accept TWITTER_CONSUMER_KEY", "Copy API key and API key secret again"),
        (401, 135, "clock is wrong", "timedatectl"),
        (400, 215, "no signature that it could read", "Authorization header"),
        (403, 415, "does not know the callback URL", CALLBACK),
        (403, 416, "has suspended this app", "console.x.com"),
        (403, 417, "No callback URL is registered", CALLBACK),
        (403, 453, "has no access to this part", "another plan"),
    ],
)
def test_each_known_refusal_has_its_cause_and_cure(
    settings: Settings, status: int, code: int, cause: str, cure: str
) -> None:
    [finding] = answer(settings, refusal(code), status)
    assert finding.level == "problem"
    assert cause in finding.cause
    assert f"({code})" in finding.cause
    assert cure in finding.cure


def test_an_unknown_callback_is_understood_in_xml_too(settings: Settings) -> None:
    [finding] = answer(settings, str(CALLBACK_NOT_APPROVED.body), 403)
    assert "(415)" in finding.cause
    assert f"Add {CALLBACK} to the callback URLs" in finding.cure


@pytest.mark.parametrize(("ahead", "way"), [(3600, "ahead of"), (-3600, "behind")])
def test_a_wrong_clock_is_found_by_the_date_whatever_the_code(settings: Settings, ahead: int, way: str) -> None:
    date = formatdate(time.time() - ahead, usegmt=True)
    first, second = answer(settings, refusal(32), 401, Date=date)
    assert "clock is wrong" in first.cause
    assert re.search(rf"clock is 3(599|600|601) s {way} X's", second.cause)


def test_a_clock_that_is_a_little_off_is_a_warning(settings: Settings) -> None:
    date = formatdate(time.time() - 120, usegmt=True)
    first, second = answer(settings, "oauth_token=t&oauth_callback_confirmed=true", 200, Date=date)
    assert (first.level, second.level) == ("fine", "warning")


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (402, '{"title": "CreditsDepleted"}', "no credits"),
        (403, "<html><title>Attention Required! | Cloudflare</title></html>", "firewall"),
        (429, refusal(88), "too many requests"),
        (500, "", "out of order"),
        (503, "Service Unavailable", "out of order"),
        (418, '<p class="x">I am a\nteapot</p>', "X answered 418: I am a teapot"),
        (403, refusal(9999), "X answered 403 with code 9999"),
        (400, refusal(9999), "X answered 400 with code 9999"),
    ],
)
def test_other_answers_are_explained_as_far_as_they_go(settings: Settings, status: int, body: str, cause: str) -> None:
    [finding] = answer(settings, body, status)
    assert finding.level == "problem"
    assert cause in finding.cause


@pytest.mark.parametrize("body", ["", "<html>Welcome to our Wi-Fi</html>", "oauth_token=", "\x00"])
def test_an_answer_that_is_no_token_is_not_from_x(settings: Settings, body: str) -> None:
    [finding] = answer(settings, body)
    assert "Something else than X answers" in finding.cause


def test_an_unconfirmed_callback_is_a_problem(settings: Settings) -> None:
    [finding] = answer(settings, "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false")
    assert "without confirming the callback" in finding.cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (requests.ConnectionError("no route"), "cannot be reached"),
        (requests.ConnectTimeout(), "did not answer within 10 s"),
        (requests.ReadTimeout(), "did not answer within 10 s"),
        (requests.exceptions.SSLError("bad certificate"), "cannot be trusted"),
    ],
)
def test_no_network_is_named(settings: Settings, error: Exception, cause: str) -> None:
    [finding] = answer(settings, error)
    assert (finding.level, cause in finding.cause) == ("problem", True)
    assert finding.cure


def test_nothing_is_asked_without_keys_or_with_the_stand_in(tmp_path: Path) -> None:
    with responses.RequestsMock() as x:
        assert ask(load_settings({}, tmp_path))[0].level == "problem"
        assert ask(load_settings({"TWITTER_STANDIN": "1"}, tmp_path))[0].level == "note"
        assert len(x.calls) == 0

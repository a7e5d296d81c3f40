"""A call is taken for the server's only with its signature, and only for a while."""

import time

import pytest

from app.chat.webhook_secrets import signature
from clients.webhook import verify

BODY = '{"text": "tea ☕"}'.encode()


def signed(body: bytes = BODY, *, ago: float = 0) -> dict[str, str]:
    """The headers of the server."""
    sent = int(time.time() - ago)
    return {
        "Roost-Webhook-Id": "7-12",
        "Roost-Webhook-Time": str(sent),
        "Roost-Webhook-Signature": signature("secret", "7-12", sent, body),
    }


@pytest.mark.parametrize("ago", [0, 290, -290])
def test_what_the_server_signed_is_taken_for_five_minutes(ago: float) -> None:
    assert verify(signed(ago=ago), BODY, "secret")


def test_headers_are_found_in_any_case() -> None:
    assert verify({name.upper(): value for name, value in signed().items()}, BODY, "secret")


@pytest.mark.parametrize("ago", [310, -310])
def test_what_was_sent_long_ago_is_not(ago: float) -> None:
    assert not verify(signed(ago=ago), BODY, "secret")


def test_nothing_of_it_may_be_another() -> None:
    headers = signed()
    assert not verify(headers, BODY + b" ", "secret")
    assert not verify(headers, BODY, "secret ")
    later = str(int(headers["Roost-Webhook-Time"]) + 1)
    assert not verify(headers | {"Roost-Webhook-Time": later}, BODY, "secret")
    assert not verify(headers | {"Roost-Webhook-Id": "7-13"}, BODY, "secret")
    assert not verify(headers | {"Roost-Webhook-Signature": headers["Roost-Webhook-Signature"][3:]}, BODY, "secret")


@pytest.mark.parametrize("name", ["Roost-Webhook-Id", "Roost-Webhook-Time", "Roost-Webhook-Signature"])
@pytest.mark.parametrize("value", ["", "v1=", "v1=é", "\udc80", "-1", "1e9", "٣", "9" * 5_000, "nan"])
def test_whatever_the_headers_hold_the_answer_is_no(name: str, value: str) -> None:
    assert not verify(signed() | {name: value}, BODY, "secret")
    assert not verify({name: value}, BODY, "secret")
    assert not verify({}, BODY, "secret")

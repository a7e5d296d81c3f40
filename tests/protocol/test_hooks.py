"""Bodies for incoming webhooks: what is said in them, whoever they were written for."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from app.errors import BadRequest, BodyUnknown
from app.protocol.hooks import Said, read_said

FORM = "application/x-www-form-urlencoded"


def said(content_type: str, body: bytes | str | dict[str, Any]) -> str:
    sent = json.dumps(body) if isinstance(body, dict) else body
    return read_said(content_type, sent.encode() if isinstance(sent, str) else sent).text


@pytest.mark.parametrize("content_type", ["", "text/plain", "Text/Plain; charset=utf-8", FORM])
def test_a_text_is_taken_as_it_is(content_type: str) -> None:
    for text in ("hi", "ä = &lt; 100 % & more <https://site.test|x>", "text=hi", '{"text": "hi"}', ""):
        assert read_said(content_type, text.encode()) == Said(text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"text": "hi"}, "hi"),
        ({"text": "hi", "username": "x", "icon_emoji": ":tada:", "channel": "#all", "mrkdwn": True}, "hi"),
        ({"text": None, "attachments": None, "blocks": None}, ""),
        ({}, ""),
        ({"text": "hi", "attachments": [{"fallback": "plain"}, {"color": "red", "text": "box", "fallback": "f"}]},
         "hi\nplain\nbox"),
        ({"attachments": [{"pretext": "a", "title": "b", "text": "c", "fallback": "f"}]}, "a\nb\nc"),
        ({"attachments": [{"text": "a", "fields": [{"title": "Cpu", "value": "high"}, {"value": "b"},
                                                    {"value": 3}, 4]}]},
         "a\nCpu: high\nb"),
        ({"attachments": [{"fallback": "f", "blocks": [{"type": "section", "text": {"text": "Head"}}]}]}, "Head"),
        ({"text": "hi", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "same"}}]}, "hi"),
        ({"blocks": [{"type": "header", "text": {"text": "Head"}}, {"type": "divider"}, 3, {"text": [1]},
                     {"type": "section", "fields": [{"text": "one"}, None, {"text": 2}]},
                     {"type": "context", "elements": [{"type": "image"}, {"text": "by ada"}]},
                     {"type": "actions", "elements": [{"text": {"text": "Press"}}]}]}, "Head\none\nby ada"),
    ],
)  # fmt: skip
def test_of_slacks_bodies_all_words_are_kept(body: dict[str, Any], text: str) -> None:
    assert said("application/json; charset=utf-8", body) == text
    assert said(FORM, urlencode({"payload": json.dumps(body)})) == text


def test_a_form_may_have_many_fields_beside_its_payload() -> None:
    assert said(FORM, "payload=%7B%22text%22%3A%22hi%22%7D" + "&more=1" * 50) == "hi"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b""),
        ("application/json", b"hi"),
        ("application/json", b'"hi"'),
        ("application/json", b'{"text": 3}'),
        ("application/json", b'{"text": "\xff"}'),
        ("application/json", b"[" * 60_000),
        ("application/json", b'{"text": "hi", "n": ' + b"1" * 5_000 + b"}"),
        ("application/json", b'{"text": "hi", "n": "\xff"}'),
        ("application/json", b'{"text": "hi", "n": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        (FORM, b"payload=%7B%22text%22%3A%22hi%22%2C%22n%22%3A" + b"1" * 5_000 + b"%7D"),
        ("application/json", b'{"text": "a\\u0000b"}'),
        ("text/plain", b"\xff"),
        ("text/plain", b"a\0b"),
        (FORM, b"payload=hi"),
    ],
)
def test_what_is_no_text_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        said(content_type, body)


@pytest.mark.parametrize("content_type", ["image/png", "multipart/form-data", "application/xml", "application/jsonx"])
def test_another_type_is_refused(content_type: str) -> None:
    with pytest.raises(BodyUnknown):
        said(content_type, b"hi")


def test_a_body_that_can_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(BadRequest):
        said("application/json", '{"text": "hi", "text": "bye"}')
    with pytest.raises(BadRequest):
        said(FORM, urlencode({"payload": '{"text": "hi", "text": "bye"}'}))

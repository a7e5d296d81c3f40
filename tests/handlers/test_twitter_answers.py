import json
from typing import Any

import msgspec
import pytest

from app.errors import SignInFailed
from app.handlers.twitter_answers import Profile, identity_in, profile_in
from app.models import TwitterProfile

BIG = 1530281947204820993


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"id": str(BIG), "name": "Ada", "username": "ada_wires"}},
        {"id": BIG, "id_str": str(BIG), "name": "Ada", "screen_name": "ada_wires"},
    ],
)
def test_both_versions_of_a_profile_are_read_with_every_digit_of_the_id(answer: dict[str, Any]) -> None:
    assert profile_in(json.dumps(answer).encode()) == Profile(str(BIG), "Ada")


def test_a_picture_is_read_from_both() -> None:
    picture = "https://pbs.twimg.com/profile_images/1/a_normal.jpg"
    for answer in (
        {"data": {"id": "7", "name": "Ada", "profile_image_url": picture}},
        {"id_str": "7", "name": "Ada", "profile_image_url_https": picture},
    ):
        assert profile_in(json.dumps(answer).encode()) == Profile("7", "Ada", picture)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": []}', b'{"data": {"id": 7, "name": "Ada"}}', b"<html>"])
def test_what_is_no_profile_is_an_error(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        profile_in(body)


def test_the_access_token_says_whose_it_is() -> None:
    assert identity_in({"user_id": str(BIG), "screen_name": "ada_wires"}) == TwitterProfile(str(BIG), "ada_wires")


@pytest.mark.parametrize(
    "access",
    [
        {},
        {"user_id": str(BIG)},
        {"user_id": "", "screen_name": "ada"},
        {"user_id": "7" * 20, "screen_name": "ada"},
        {"user_id": "7\n", "screen_name": "ada"},
        {"user_id": "7", "screen_name": "ada<b>"},
    ],
)
def test_an_access_token_of_nobody_signs_nobody_in(access: dict[str, Any]) -> None:
    with pytest.raises(SignInFailed) as failure:
        identity_in(access)
    assert failure.value.kind == "refused"

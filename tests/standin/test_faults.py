from email.utils import parsedate_to_datetime

import pytest
import requests

from app.standin.faults import ProfileFault, TokenFault
from app.standin.people import INVENTED
from tests.standin.client import CALLBACK, Client

ADA = INVENTED[0]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (ProfileFault.INVALID_TOKEN, 401, '"code": 89'),
        (ProfileFault.NO_CREDITS, 402, "CreditsDepleted"),
        (ProfileFault.NO_ACCESS, 403, '"code": 453'),
        (ProfileFault.NOT_ENROLLED, 403, "client-not-enrolled"),
        (ProfileFault.RATE_LIMITED, 429, '"code": 88'),
        (ProfileFault.UNAVAILABLE, 503, ""),
        (ProfileFault.HTML, 200, "<!DOCTYPE html>"),
        (ProfileFault.GARBAGE, 200, '{"data"'),
        (ProfileFault.WRONG_SHAPE, 200, '["data", null]'),
        (ProfileFault.OTHER_PERSON, 200, "somebody_else"),
    ],
)
async def test_a_profile_fails_as_told(client: Client, fault: ProfileFault, status: int, words: str) -> None:
    token = await client.access_token(person=ADA.id)
    client.state.faults.users_me = fault
    answer = await client.profile(token)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert ADA.handle not in answer.text


async def test_a_rate_limit_says_when_it_ends(client: Client, now: list[float]) -> None:
    token = await client.access_token(person=ADA.id)
    client.state.faults.users_me = ProfileFault.RATE_LIMITED
    answer = await client.profile(token)
    assert answer.headers["x-rate-limit-remaining"] == "0"
    assert int(answer.headers["x-rate-limit-reset"]) == now[0] + 900


async def test_the_profile_endpoints_fail_one_by_one_or_together(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    client.state.faults.users_me = ProfileFault.NO_ACCESS
    assert (await client.profile(token, "/1.1/account/verify_credentials.json")).status_code == 200
    client.state.faults.profiles(ProfileFault.UNAVAILABLE)
    assert (await client.profile(token)).status_code == 503
    assert (await client.profile(token, "/1.1/account/verify_credentials.json")).status_code == 503


async def test_a_fault_is_no_way_round_the_signature(client: Client) -> None:
    client.state.faults.users_me = ProfileFault.NO_ACCESS
    assert (await client.profile({"oauth_token": "1-x", "oauth_token_secret": "y"})).status_code == 401


async def test_a_hanging_profile_waits_for_the_client_to_give_up(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    client.state.faults.users_me = ProfileFault.HANG
    owner = {"resource_owner_key": token["oauth_token"], "resource_owner_secret": token["oauth_token_secret"]}
    with pytest.raises(requests.exceptions.ReadTimeout):
        await client.signed("GET", "/2/users/me", timeout=0.2, **owner)


async def test_a_cut_connection_brings_no_answer(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    client.state.faults.users_me = ProfileFault.CUT
    with pytest.raises(requests.exceptions.ConnectionError):
        await client.profile(token)


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (TokenFault.UNAVAILABLE, 503, ""),
        (TokenFault.BLOCKED, 403, "Cloudflare"),
        (TokenFault.HTML, 200, "Cloudflare"),
        (TokenFault.NOT_CONFIRMED, 200, "oauth_callback_confirmed=false"),
        (TokenFault.WRONG_CLOCK, 401, '"code": 135'),
    ],
)
async def test_a_request_token_fails_as_told(client: Client, fault: TokenFault, status: int, words: str) -> None:
    client.state.faults.request_token = fault
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)
    assert (answer.status_code, words in answer.text) == (status, True)


async def test_a_wrong_clock_shows_in_the_date(client: Client, now: list[float]) -> None:
    client.state.faults.request_token = TokenFault.WRONG_CLOCK
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() - now[0] == 3600


async def test_an_endless_body_is_larger_than_anybody_should_read(client: Client) -> None:
    client.state.faults.request_token = TokenFault.TOO_LONG
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)
    assert len(answer.content) > 1_000_000


async def test_a_connection_can_be_cut_just_once(client: Client) -> None:
    client.state.faults.request_token = TokenFault.CUT_ONCE
    with pytest.raises(requests.exceptions.ConnectionError):
        await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)
    assert (await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)).status_code == 200


async def test_an_access_token_can_come_without_identity(client: Client) -> None:
    client.state.faults.access_token = TokenFault.NO_IDENTITY
    token = await client.request_token()
    answer = await client.exchange(token, await client.verifier(token["oauth_token"], person=ADA.id))
    assert answer.status_code == 200
    assert "user_id" not in answer.text


async def test_the_verifier_can_be_left_out(client: Client) -> None:
    client.state.faults.no_verifier = True
    token = (await client.request_token())["oauth_token"]
    answer = await client.choose(token, person=ADA.id)
    assert answer.headers["Location"] == f"{CALLBACK}?oauth_token={token}"

import time
from urllib.parse import parse_qsl

import pytest
import requests
from oauthlib.oauth1 import Client as Signer

from app.standin.people import INVENTED
from app.standin.state import REQUEST_TOKEN_SECONDS
from tests.standin.client import CALLBACK, Client

ADA = INVENTED[0]


def code(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["errors"][0]["code"]


async def test_a_good_request_gets_a_token_in_the_form_that_x_sends(client: Client) -> None:
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [name for name, _ in parse_qsl(answer.text)] == [
        "oauth_token",
        "oauth_token_secret",
        "oauth_callback_confirmed",
    ]
    assert answer.text.endswith("oauth_callback_confirmed=true")


@pytest.mark.parametrize("wrong", [{"secret": "wrong"}, {"key": "unknown"}, {"secret": ""}])
async def test_wrong_keys_are_code_32(client: Client, wrong: dict[str, str]) -> None:
    assert code(await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK, **wrong)) == (401, 32)


@pytest.mark.parametrize("signed_for", ["https://127.0.0.1:{port}", "http://localhost:{port}", "http://127.0.0.1"])
async def test_a_signature_for_another_address_is_code_32(client: Client, signed_for: str) -> None:
    other = signed_for.format(port=client.base.rpartition(":")[2]) + "/oauth/request_token"
    signer = Signer(client.state.app.key, client.state.app.secret, callback_uri=CALLBACK)
    _, headers, _ = signer.sign(other, "POST")
    answer = await client.plain("POST", "/oauth/request_token", headers)
    assert code(answer) == (401, 32)


async def test_a_repeated_nonce_is_code_32(client: Client) -> None:
    repeated = {
        "callback_uri": CALLBACK,
        "nonce": "0123456789abcdef0123456789abcdef",
        "timestamp": str(int(time.time())),
    }
    first = await client.signed("POST", "/oauth/request_token", **repeated)
    assert first.status_code == 200
    assert code(await client.signed("POST", "/oauth/request_token", **repeated)) == (401, 32)


@pytest.mark.parametrize("off", [-400, 400])
async def test_a_clock_more_than_five_minutes_off_is_code_135(client: Client, off: int) -> None:
    timestamp = str(int(time.time()) + off)
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK, timestamp=timestamp)
    assert code(answer) == (401, 135)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "OAuth",
        'OAuth oauth_consumer_key="stand-in-for-X"',
        'OAuth oauth_nonce="a", oauth_nonce="b"',
        "Bearer abc",
    ],
)
async def test_missing_parameters_are_code_215(client: Client, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    assert code(await client.plain("POST", "/oauth/request_token", headers)) == (400, 215)


async def test_a_query_that_is_no_form_encoding_is_code_215(client: Client) -> None:
    answer = await client.get("/oauth/request_token?a=%zz", method="POST", body="")
    assert (answer.code, b'"code": 215' in answer.body) == (400, True)


async def test_plaintext_signatures_are_code_215(client: Client) -> None:
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=CALLBACK, signature_method="PLAINTEXT")
    assert code(answer) == (400, 215)


async def test_another_version_of_oauth_is_code_215(client: Client) -> None:
    header = (
        'OAuth oauth_consumer_key="stand-in-for-X", oauth_nonce="n", oauth_signature="s", oauth_version="2.0", '
        f'oauth_signature_method="HMAC-SHA1", oauth_timestamp="{int(time.time())}", oauth_callback="c"'
    )
    answer = await client.plain("POST", "/oauth/request_token", {"Authorization": header})
    assert code(answer) == (400, 215)


@pytest.mark.parametrize(
    "callback",
    [CALLBACK + "/", CALLBACK + "?next=%2F", "http://localhost:5000/login", "https://127.0.0.1:5000/login", "oob"],
)
async def test_a_callback_that_is_not_on_the_list_is_code_415_in_xml(client: Client, callback: str) -> None:
    answer = await client.signed("POST", "/oauth/request_token", callback_uri=callback)
    assert answer.status_code == 403
    assert answer.text == (
        "<?xml version='1.0' encoding='UTF-8'?><errors><error code=\"415\">Callback URL not approved for this client "
        "application. Approved callback URLs can be adjusted in your application settings</error></errors>"
    )


async def test_code_415_comes_as_json_when_switched_so(client: Client) -> None:
    client.state.faults.callback_refused_as_json = True
    assert code(await client.signed("POST", "/oauth/request_token", callback_uri="http://evil.example/")) == (403, 415)


async def test_a_wrong_signature_is_found_before_a_wrong_callback(client: Client) -> None:
    answer = await client.signed("POST", "/oauth/request_token", callback_uri="http://evil.example/", secret="wrong")
    assert code(answer) == (401, 32)


async def test_no_callback_is_code_417(client: Client) -> None:
    assert code(await client.signed("POST", "/oauth/request_token")) == (403, 417)


async def test_the_whole_dance_names_the_person(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    assert list(token) == ["oauth_token", "oauth_token_secret", "user_id", "screen_name"]
    assert token["oauth_token"].startswith(f"{ADA.id}-")
    assert (token["user_id"], token["screen_name"]) == (ADA.id, ADA.handle)


async def test_a_callback_with_percent_and_query_is_signed_well(client: Client) -> None:
    callback = "http://127.0.0.1:5000/login?next=%2Fr%2Fa%20b"
    client.state.app = type(client.state.app)(client.state.app.key, client.state.app.secret, (callback,))
    token = await client.request_token(callback)
    answer = await client.choose(token["oauth_token"], person=ADA.id)
    assert answer.headers["Location"].startswith(callback + "&oauth_token=")


@pytest.mark.parametrize("verifier", ["wrong", None])
async def test_a_wrong_or_missing_verifier_is_refused_in_plain_text(client: Client, verifier: str | None) -> None:
    token = await client.request_token()
    await client.verifier(token["oauth_token"], person=ADA.id)
    answer = await client.exchange(token, verifier)
    assert answer.status_code == 401
    assert answer.text == "Error processing your OAuth request: Invalid oauth_verifier parameter"


async def test_a_token_that_nobody_approved_gives_no_access(client: Client) -> None:
    token = await client.request_token()
    assert (await client.exchange(token, "guess")).status_code == 401


async def test_a_request_token_works_once(client: Client) -> None:
    token = await client.request_token()
    verifier = await client.verifier(token["oauth_token"], person=ADA.id)
    assert (await client.exchange(token, verifier)).status_code == 200
    again = await client.exchange(token, verifier)
    assert again.status_code == 401
    assert "<error>Invalid / expired Token</error>" in again.text


async def test_a_request_token_dies_after_five_minutes(client: Client, now: list[float]) -> None:
    token = await client.request_token()
    verifier = await client.verifier(token["oauth_token"], person=ADA.id)
    now[0] += REQUEST_TOKEN_SECONDS
    assert "Invalid / expired Token" in (await client.exchange(token, verifier)).text


async def test_an_access_token_request_without_token_is_told_so(client: Client) -> None:
    answer = await client.signed("POST", "/oauth/access_token", verifier="v")
    assert (answer.status_code, answer.text) == (401, "Reverse auth credentials are invalid")


async def test_an_access_token_request_signed_with_the_wrong_secret_is_code_32(client: Client) -> None:
    token = await client.request_token()
    verifier = await client.verifier(token["oauth_token"], person=ADA.id)
    assert code(await client.exchange({**token, "oauth_token_secret": "wrong"}, verifier)) == (401, 32)


async def test_the_profile_is_that_of_the_token(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    v2 = await client.profile(token)
    assert v2.json() == {"data": {"id": ADA.id, "name": ADA.name, "username": ADA.handle}}
    v1 = await client.profile(token, "/1.1/account/verify_credentials.json")
    assert v1.json() == {
        "id": int(ADA.id),
        "id_str": ADA.id,
        "name": ADA.name,
        "screen_name": ADA.handle,
        "profile_image_url_https": f"{client.base}/pictures/{ADA.id}_normal.png",
    }
    v2 = await client.profile(token, "/2/users/me?user.fields=profile_image_url")
    assert v2.json()["data"]["profile_image_url"] == f"{client.base}/pictures/{ADA.id}_normal.png"


async def test_a_profile_request_with_a_query_is_signed_well(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    answer = await client.profile(token, "/2/users/me?user.fields=profile_image_url,verified")
    assert answer.json()["data"]["id"] == ADA.id


async def test_an_unknown_access_token_is_code_89(client: Client) -> None:
    assert code(await client.profile({"oauth_token": "1-x", "oauth_token_secret": "y"})) == (401, 89)


async def test_a_profile_request_with_the_wrong_secret_is_code_32(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    assert code(await client.profile({**token, "oauth_token_secret": "y"})) == (401, 32)


async def test_an_unsigned_profile_request_is_code_215(client: Client) -> None:
    assert code(await client.plain("GET", "/2/users/me", {})) == (400, 215)


async def test_a_profile_request_from_another_time_is_code_135(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    owner = {"resource_owner_key": token["oauth_token"], "resource_owner_secret": token["oauth_token_secret"]}
    assert code(await client.signed("GET", "/2/users/me", timestamp="1500000000", **owner)) == (401, 135)


async def test_a_repeated_profile_request_is_code_32(client: Client) -> None:
    token = await client.access_token(person=ADA.id)
    repeated = {
        "resource_owner_key": token["oauth_token"],
        "resource_owner_secret": token["oauth_token_secret"],
        "nonce": "once",
        "timestamp": str(int(time.time())),
    }
    assert (await client.signed("GET", "/2/users/me", **repeated)).status_code == 200
    assert code(await client.signed("GET", "/2/users/me", **repeated)) == (401, 32)

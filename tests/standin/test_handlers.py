from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest
from tornado.httpclient import HTTPResponse

from app.standin.people import INVENTED
from tests.standin.client import CALLBACK, Client

ADA, JUNIPER = INVENTED[:2]
API = ["/oauth/request_token", "/oauth/access_token", "/2/users/me", "/1.1/account/verify_credentials.json"]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def text(answer: HTTPResponse) -> str:
    return answer.body.decode()


async def test_the_page_says_plainly_what_it_is_and_offers_everybody(client: Client) -> None:
    token = await client.request_token()
    page = await client.page(token["oauth_token"])
    assert page.code == 200
    assert "This is a stand-in for X, on this computer" in text(page)
    offered = [
        attrs["value"] for tag, attrs in Tags(text(page)).found if tag == "button" and attrs.get("name") == "person"
    ]
    assert offered == [person.id for person in INVENTED]


async def test_the_page_has_no_script_no_style_and_names_are_text(client: Client) -> None:
    page = await client.page((await client.request_token())["oauth_token"])
    tags = Tags(text(page)).found
    assert not [tag for tag, attrs in tags if tag in ("script", "style") or "style" in attrs]
    assert "Sol &lt;3 birds &amp; wires" in text(page)


async def test_the_page_has_a_content_security_policy_that_lets_the_browser_go_back(client: Client) -> None:
    page = await client.page((await client.request_token())["oauth_token"])
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:5000;" in policy
    assert page.headers["Referrer-Policy"] == "same-origin"


async def test_the_style_sheet_of_the_page_is_served(client: Client) -> None:
    page = await client.page((await client.request_token())["oauth_token"])
    [href] = [attrs["href"] for tag, attrs in Tags(text(page)).found if tag == "link"]
    assert href == "../standin.css"
    sheet = await client.get("/standin.css")
    assert (sheet.code, sheet.headers["Content-Type"]) == (200, "text/css")


async def test_choosing_somebody_sends_the_browser_back_with_token_and_verifier(client: Client) -> None:
    token = (await client.request_token())["oauth_token"]
    answer = await client.choose(token, person=JUNIPER.id)
    assert answer.code == 302
    address, _, query = answer.headers["Location"].partition("?")
    assert address == CALLBACK
    assert parse_qs(query)["oauth_token"] == [token]
    assert len(parse_qs(query)["oauth_verifier"][0]) >= 32


async def test_a_typed_handle_signs_in_as_that_person(client: Client) -> None:
    assert (await client.access_token(handle="@new_bird"))["screen_name"] == "new_bird"


@pytest.mark.parametrize("fields", [{"handle": "not a handle"}, {"handle": ""}, {"person": "1"}])
async def test_an_impossible_choice_shows_the_page_again(client: Client, fields: dict[str, str]) -> None:
    token = (await client.request_token())["oauth_token"]
    answer = await client.choose(token, **fields)
    assert answer.code == 400
    assert 'role="alert"' in text(answer)
    assert (await client.choose(token, person=ADA.id)).code == 302


async def test_cancelling_sends_back_denied_and_kills_the_token(client: Client) -> None:
    token = await client.request_token()
    answer = await client.choose(token["oauth_token"], cancel="yes")
    assert answer.headers["Location"] == f"{CALLBACK}?denied={token['oauth_token']}"
    assert (await client.choose(token["oauth_token"], person=ADA.id)).code == 403
    assert "Invalid / expired Token" in (await client.exchange(token, "v")).text


async def test_a_rename_on_the_page_frees_the_handle_for_somebody_else(client: Client) -> None:
    token = (await client.request_token())["oauth_token"]
    assert (await client.choose(token, rename=ADA.id, handle="ada_moved")).code == 200
    assert (await client.access_token(person=ADA.id))["screen_name"] == "ada_moved"
    successor = await client.access_token(handle=ADA.handle)
    assert successor["screen_name"] == ADA.handle
    assert successor["user_id"] != ADA.id


async def test_a_rename_to_a_taken_handle_is_refused(client: Client) -> None:
    token = (await client.request_token())["oauth_token"]
    answer = await client.choose(token, rename=ADA.id, handle=JUNIPER.handle)
    assert (answer.code, "is taken" in text(answer)) == (400, True)


@pytest.mark.parametrize("token", ["", "unknown"])
async def test_an_unknown_token_gets_whoa_there(client: Client, token: str) -> None:
    page = await client.page(token)
    assert page.code == 403
    assert "Whoa there!" in text(page)
    assert "There is no request token for this page" in text(page)


async def test_an_answered_token_gets_whoa_there(client: Client) -> None:
    token = (await client.request_token())["oauth_token"]
    await client.choose(token, person=ADA.id)
    assert (await client.page(token)).code == 403
    assert (await client.choose(token, person=JUNIPER.id)).code == 403


async def test_a_form_from_another_site_is_refused(client: Client) -> None:
    token = (await client.request_token())["oauth_token"]
    body = f"oauth_token={token}&person={ADA.id}"
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await client.get("/oauth/authenticate", method="POST", body=body, headers=headers)).code == 403


@pytest.mark.parametrize("host", ["evil.example", "roost.example:5000", "", "127.0.0.1.evil.example", "10.0.0.1"])
@pytest.mark.parametrize("path", ["/oauth/authenticate?oauth_token=x", "/standin.css", "/nowhere"])
async def test_a_request_for_another_host_is_refused(client: Client, path: str, host: str) -> None:
    assert (await client.get(path, headers={"Host": host})).code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "x-forwarded-anything", "Forwarded", "Via"])
async def test_a_request_through_a_proxy_is_refused(client: Client, header: str) -> None:
    token = (await client.request_token())["oauth_token"]
    path = f"/oauth/authenticate?oauth_token={token}"
    assert (await client.get(path)).code == 200
    assert (await client.get(path, headers={header: "127.0.0.1"})).code == 403


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "LOCALHOST", "[::1]:80", "127.1.2.3"])
async def test_every_name_of_this_computer_is_served(client: Client, host: str) -> None:
    assert (await client.get("/standin.css", headers={"Host": host})).code == 200


async def test_requests_are_noted_with_their_words(client: Client) -> None:
    await client.request_token()
    asked = client.state.asked[-1]
    assert (asked.method, asked.path) == ("POST", "/oauth/request_token")
    assert asked.headers["Authorization"].startswith("OAuth ")


async def test_nothing_says_which_server_this_is(client: Client) -> None:
    assert "Server" not in (await client.page("unknown")).headers

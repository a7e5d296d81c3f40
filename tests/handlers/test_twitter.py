import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from tornado.auth import TwitterMixin, _oauth10a_signature, _oauth_escape, _oauth_parse_response

from app.clock import Clock
from app.errors import SignInFailed
from app.handlers import twitter
from app.handlers.twitter import Breaker, Provider, RequestToken, TwitterSignIn
from app.models import TwitterProfile
from app.settings import Settings, load_settings
from app.standin.application import listen
from app.standin.faults import ProfileFault, TokenFault
from app.standin.keys import CONSUMER_SECRET, pointed_at_standin
from app.standin.state import App, State
from tests.support.sign_in import ADA, ShiftedClock

V2, V1 = "/2/users/me", "/1.1/account/verify_credentials.json"


class Dance(TwitterSignIn):
    """A sign-in without a web server: the three requests, and the person in between."""

    def __init__(self, settings: Settings, clock: Clock, x: State) -> None:
        self.settings, self.clock, self.x = settings, clock, x
        self.breaker = Breaker(clock.monotonic)
        self.due = True
        self.asked_for: list[str] = []

    @property
    def provider(self) -> Provider:
        return Provider(self.settings, self.breaker, self.clock)

    async def start(self) -> RequestToken:
        return await self.begin(self.settings.callback_url)

    def approve(self, token: RequestToken) -> str:
        waiting = self.x.waiting_token(token.key)
        assert waiting is not None
        return self.x.approve(waiting, ADA)

    async def finish(self, token: RequestToken, verifier: str) -> TwitterProfile:
        return await self.complete(token, verifier, self.wants_profile)

    async def whole(self) -> TwitterProfile:
        token = await self.start()
        return await self.finish(token, self.approve(token))

    async def wants_profile(self, twitter_id: str) -> bool:
        self.asked_for.append(twitter_id)
        return self.due

    def times(self, path: str) -> int:
        return sum(request.path == path for request in self.x.asked)


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def dance(tmp_path: Path, clock: ShiftedClock) -> AsyncIterator[Dance]:
    settings = load_settings({"PUBLIC_URL": "http://127.0.0.1:5000", "COMMUNITY_NAME": "Harbour"}, tmp_path)
    x = State(settings)
    server, port = listen(x, 0)
    yield Dance(pointed_at_standin(settings, f"http://127.0.0.1:{port}"), clock, x)
    server.stop()
    await server.close_all_connections()


def changed(dance: Dance, **values: str) -> None:
    dance.settings = msgspec.structs.replace(dance.settings, **values)


async def failure_of(dance: Dance) -> str:
    with pytest.raises(SignInFailed) as failure:
        await dance.whole()
    return failure.value.kind


# What we stand on (X20)


def test_tornado_still_has_what_sign_in_is_made_of() -> None:
    assert issubclass(TwitterSignIn, TwitterMixin)
    assert callable(TwitterMixin.get_auth_http_client)
    assert callable(TwitterMixin._oauth_consumer_token)
    assert _oauth_escape("a b+/=~&%é") == "a%20b%2B%2F%3D~%26%25%C3%A9"
    parsed = _oauth_parse_response(b"oauth_token=k&oauth_token_secret=s&user_id=7&screen_name=ada")
    assert parsed == {"key": "k", "secret": "s", "user_id": "7", "screen_name": "ada"}


SIGN_IN = {"key": "cChZNFj6T5R0TigYB9yd1w", "secret": "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg"}
UPDATE = {"key": "xvz1evFS4wEEPTGEFPHBog", "secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"}


@pytest.mark.parametrize(
    ("expected", "url", "consumer", "own", "token"),
    [
        (
            b"F1Li3tvehgcraF8DMJ7OyxO4w9Y=",
            "https://api.twitter.com/oauth/request_token",
            SIGN_IN,
            {
                "oauth_callback": "http://localhost/sign-in-with-twitter/",
                "oauth_nonce": "ea9ec8429b68d6b77cd5600adbbb0456",
                "oauth_timestamp": "1318467427",
            },
            None,
        ),
        (
            b"39cipBtIOHEEnybAR4sATQTpl2I=",
            "https://api.twitter.com/oauth/access_token",
            SIGN_IN,
            {
                "oauth_nonce": "a9900fe68e2573b27a37f10fbad6a755",
                "oauth_timestamp": "1318467427",
                "oauth_token": "NPcudxy0yU5T3tBzho7iCotZ3cnetKwcTIRlX0iwRl0",
                "oauth_verifier": "uw7NjWHT6OJ1MpJOXsHfNxoAhPKpgI8BlYDhxEjIBY",
            },
            {"secret": "veNRnAWe6inFuo8o2u8SLLZLjolYDmDP7SzL0YfYI"},
        ),
        (
            b"Ls93hJiZbQ3akF3HF3x1Bz8/zU4=",
            "https://api.x.com/1.1/statuses/update.json",
            UPDATE,
            {
                "include_entities": "true",
                "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
                "oauth_timestamp": "1318622958",
                "oauth_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
                "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
            },
            {"secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"},
        ),
    ],
    ids=["request token", "access token", "form and query"],
)
def test_the_three_published_signatures_come_out(
    expected: bytes, url: str, consumer: dict[str, str], own: dict[str, str], token: dict[str, str] | None
) -> None:
    common = {
        "oauth_consumer_key": consumer["key"],
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_version": "1.0",
    }
    assert _oauth10a_signature(consumer, "POST", url, {**common, **own}, token) == expected


# The good way


async def test_the_whole_dance_says_who_it_is(dance: Dance) -> None:
    profile = await dance.whole()
    picture = f"{dance.settings.twitter_picture_origin}/pictures/{ADA.id}_normal.png"
    assert profile == TwitterProfile(ADA.id, ADA.handle, ADA.name, fetched=True, picture=picture)
    assert dance.asked_for == [ADA.id]


async def test_the_token_requests_are_posts_with_everything_in_the_header(dance: Dance) -> None:
    await dance.whole()
    requests = {request.path: request for request in dance.x.asked}
    for path in ("/oauth/request_token", "/oauth/access_token"):
        assert (requests[path].method, requests[path].uri) == ("POST", path)
        assert requests[path].headers["Content-Length"] == "0"
        assert requests[path].headers["Authorization"].startswith("OAuth oauth_")
        assert requests[path].headers["User-Agent"] == "Roost (+http://127.0.0.1:5000)"


async def test_the_browser_is_sent_on_with_the_token_alone(dance: Dance) -> None:
    token = await dance.start()
    address = urlsplit(dance.authenticate_url(token))
    assert f"{address.scheme}://{address.netloc}{address.path}" == dance.settings.twitter_authenticate_url
    assert parse_qs(address.query) == {"oauth_token": [token.key]}


@pytest.mark.parametrize("secret", [CONSUMER_SECRET, "+/=~&%", "%41", "a b", "plain"])
async def test_secrets_of_any_characters_sign_well(dance: Dance, secret: str) -> None:
    changed(dance, twitter_consumer_secret=secret)
    dance.x.app = App(dance.x.app.key, secret, dance.x.app.callbacks)
    assert (await dance.whole()).user_id == ADA.id


async def test_a_callback_with_percent_and_query_signs_well(dance: Dance) -> None:
    callback = "http://127.0.0.1:5000/login?next=%2Fr%2Fa%20b"
    dance.x.app = App(dance.x.app.key, dance.x.app.secret, (callback,))
    assert (await dance.begin(callback)).key


# The profile is a bonus (X7, X9, X11)


@pytest.mark.parametrize("fault", [fault for fault in ProfileFault if fault is not ProfileFault.HANG])
async def test_sign_in_succeeds_without_a_profile(dance: Dance, fault: ProfileFault) -> None:
    dance.x.faults.profiles(fault)
    assert await dance.whole() == TwitterProfile(user_id=ADA.id, handle=ADA.handle)


async def test_a_hanging_profile_holds_nobody_up_for_more_than_two_seconds(
    dance: Dance, caplog: pytest.LogCaptureFixture
) -> None:
    dance.x.faults.profiles(ProfileFault.HANG)
    token = await dance.start()
    verifier, started = dance.approve(token), time.monotonic()
    assert (await dance.finish(token, verifier)).user_id == ADA.id
    assert 1.9 < time.monotonic() - started < 2.9
    assert "no profile within 2 s" in caplog.text


async def test_a_refused_connection_to_the_profile_is_no_obstacle(dance: Dance) -> None:
    changed(dance, twitter_profile_v2_url="http://127.0.0.1:1/2/users/me", twitter_profile_v1_url="http://127.0.0.1:1/")
    assert await dance.whole() == TwitterProfile(user_id=ADA.id, handle=ADA.handle)


@pytest.mark.parametrize("fault", [ProfileFault.NO_ACCESS, ProfileFault.GARBAGE, ProfileFault.OTHER_PERSON])
async def test_the_old_profile_address_helps_out(dance: Dance, fault: ProfileFault) -> None:
    dance.x.faults.users_me = fault
    assert (await dance.whole()).name == ADA.name
    assert (dance.times(V2), dance.times(V1)) == (1, 1)


@pytest.mark.parametrize(("choice", "v2", "v1"), [("v2", 1, 0), ("v1.1", 0, 1), ("none", 0, 0)])
async def test_a_setting_chooses_what_is_asked(dance: Dance, choice: str, v2: int, v1: int) -> None:
    changed(dance, twitter_profile=choice)
    profile = await dance.whole()
    assert (dance.times(V2), dance.times(V1)) == (v2, v1)
    assert profile.fetched is (choice != "none")


@pytest.mark.parametrize("choice", ["v2", "v1.1"])
async def test_both_addresses_name_the_picture(dance: Dance, choice: str) -> None:
    changed(dance, twitter_profile=choice)
    picture = (await dance.whole()).picture
    assert picture
    assert picture.endswith(f"/pictures/{ADA.id}_normal.png")


async def test_a_profile_that_is_fresh_is_not_asked_for(dance: Dance) -> None:
    dance.due = False
    assert await dance.whole() == TwitterProfile(user_id=ADA.id, handle=ADA.handle)
    assert dance.times(V2) == 0


@pytest.mark.parametrize("fault", [ProfileFault.NO_CREDITS, ProfileFault.NO_ACCESS, ProfileFault.NOT_ENROLLED])
async def test_a_closed_profile_is_left_alone_for_an_hour_and_logged_once(
    dance: Dance, clock: ShiftedClock, caplog: pytest.LogCaptureFixture, fault: ProfileFault
) -> None:
    dance.x.faults.profiles(fault)
    for _ in range(3):
        assert (await dance.whole()).user_id == ADA.id
    assert (dance.times(V2), dance.times(V1)) == (1, 1)
    assert caplog.text.count(f"no profile from {dance.settings.twitter_profile_v2_url}") == 1
    assert dance.breaker.is_open(dance.settings.twitter_profile_v2_url)
    clock.seconds = 3601.0
    assert not dance.breaker.is_open(dance.settings.twitter_profile_v2_url)


async def test_the_code_of_a_closed_profile_is_logged(dance: Dance, caplog: pytest.LogCaptureFixture) -> None:
    dance.x.faults.profiles(ProfileFault.NO_ACCESS)
    await dance.whole()
    assert "HTTP 403, code 453, You currently have access to a subset" in caplog.text


@pytest.mark.parametrize("fault", [ProfileFault.INVALID_TOKEN, ProfileFault.RATE_LIMITED, ProfileFault.UNAVAILABLE])
async def test_a_profile_that_fails_for_now_is_asked_again_next_time(dance: Dance, fault: ProfileFault) -> None:
    dance.x.faults.profiles(fault)
    await dance.whole()
    await dance.whole()
    assert dance.times(V2) == 2


# Failures of the token requests, by name (X4, X8, X14, X15)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (TokenFault.UNAVAILABLE, "unavailable"),
        (TokenFault.BLOCKED, "unavailable"),
        (TokenFault.HTML, "unavailable"),
        (TokenFault.NOT_TEXT, "unavailable"),
        (TokenFault.TOO_LONG, "unavailable"),
        (TokenFault.CUT, "unavailable"),
        (TokenFault.WRONG_CLOCK, "clock"),
    ],
)
async def test_a_failing_token_request_has_a_name(
    dance: Dance, caplog: pytest.LogCaptureFixture, fault: TokenFault, kind: str
) -> None:
    dance.x.faults.request_token = fault
    assert await failure_of(dance) == kind
    assert "the request token failed" in caplog.text
    dance.x.faults.request_token, dance.x.faults.access_token = None, fault
    assert await failure_of(dance) == kind
    assert "the access token failed" in caplog.text


async def test_an_unconfirmed_callback_is_refused(dance: Dance, caplog: pytest.LogCaptureFixture) -> None:
    dance.x.faults.request_token = TokenFault.NOT_CONFIRMED
    assert await failure_of(dance) == "refused"
    assert "X did not confirm the callback http://127.0.0.1:5000/login" in caplog.text


@pytest.mark.parametrize("as_json", [True, False])
async def test_an_unknown_callback_is_named(dance: Dance, caplog: pytest.LogCaptureFixture, as_json: bool) -> None:
    dance.x.faults.callback_refused_as_json = as_json
    dance.x.app = App(dance.x.app.key, dance.x.app.secret, ("https://elsewhere.example/login",))
    assert await failure_of(dance) == "callback"
    assert "HTTP 403, code 415, Callback URL not approved for this client application" in caplog.text


async def test_an_app_without_callbacks_is_named(dance: Dance) -> None:
    dance.x.app = App(dance.x.app.key, dance.x.app.secret, ())
    assert await failure_of(dance) == "callback"


async def test_wrong_keys_are_the_operators_to_mend(dance: Dance, caplog: pytest.LogCaptureFixture) -> None:
    changed(dance, twitter_consumer_secret="wrong")
    assert await failure_of(dance) == "refused"
    assert "HTTP 401, code 32, Could not authenticate you." in caplog.text


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
async def test_a_wrong_clock_is_named_with_how_wrong_it_is(
    dance: Dance, clock: ShiftedClock, caplog: pytest.LogCaptureFixture, seconds: float
) -> None:
    clock.seconds = seconds
    assert await failure_of(dance) == "clock"
    assert f"this server's clock is {seconds:+.0f} s off" in caplog.text or f"{seconds + 1:+.0f} s off" in caplog.text


async def test_nobody_listening_is_x_being_unavailable(dance: Dance) -> None:
    changed(dance, twitter_request_token_url="http://127.0.0.1:1/oauth/request_token")
    assert await failure_of(dance) == "unavailable"


async def test_an_unknown_host_is_x_being_unavailable(dance: Dance) -> None:
    changed(dance, twitter_request_token_url="http://no-such-host.invalid/oauth/request_token")
    assert await failure_of(dance) == "unavailable"


async def test_a_failed_connection_for_a_request_token_is_tried_once_more(dance: Dance) -> None:
    dance.x.faults.request_token = TokenFault.CUT_ONCE
    assert (await dance.start()).key
    assert dance.times("/oauth/request_token") == 2


async def test_it_is_not_tried_a_third_time(dance: Dance) -> None:
    dance.x.faults.request_token = TokenFault.CUT
    assert await failure_of(dance) == "unavailable"
    assert dance.times("/oauth/request_token") == 2


async def test_an_access_token_is_asked_for_once_only(dance: Dance) -> None:
    dance.x.faults.access_token = TokenFault.CUT
    assert await failure_of(dance) == "unavailable"
    assert dance.times("/oauth/access_token") == 1


async def test_a_hanging_token_request_is_given_up(dance: Dance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twitter, "REQUEST_TOKEN_SECONDS", 0.3)
    monkeypatch.setattr(twitter, "ACCESS_TOKEN_SECONDS", 0.3)
    dance.x.faults.request_token = TokenFault.HANG
    started = time.monotonic()
    assert await failure_of(dance) == "unavailable"
    dance.x.faults.request_token, dance.x.faults.access_token = None, TokenFault.HANG
    assert await failure_of(dance) == "unavailable"
    assert time.monotonic() - started < 1.5


def test_the_time_budgets_hold() -> None:
    assert twitter.REQUEST_TOKEN_SECONDS <= 5
    assert twitter.ACCESS_TOKEN_SECONDS + twitter.PROFILE_SECONDS <= 8
    assert twitter.PROFILE_SECONDS <= 2


async def test_a_wrong_verifier_means_starting_again(dance: Dance) -> None:
    token = await dance.start()
    dance.approve(token)
    with pytest.raises(SignInFailed) as failure:
        await dance.finish(token, "wrong")
    assert failure.value.kind == "expired"


async def test_a_used_token_means_starting_again(dance: Dance) -> None:
    token = await dance.start()
    verifier = dance.approve(token)
    await dance.finish(token, verifier)
    with pytest.raises(SignInFailed) as failure:
        await dance.finish(token, verifier)
    assert failure.value.kind == "expired"


async def test_an_access_token_without_a_person_signs_nobody_in(dance: Dance) -> None:
    dance.x.faults.access_token = TokenFault.NO_IDENTITY
    assert await failure_of(dance) == "refused"


@pytest.mark.parametrize("fault", [*ProfileFault, *TokenFault], ids=repr)
async def test_no_secret_reaches_the_log(
    dance: Dance, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, fault: ProfileFault | TokenFault
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("REQUEST_TOKEN_SECONDS", "ACCESS_TOKEN_SECONDS", "PROFILE_SECONDS"):
        monkeypatch.setattr(twitter, name, 0.3)
    token = await dance.start()
    verifier = dance.approve(token)
    if isinstance(fault, ProfileFault):
        dance.x.faults.profiles(fault)
    else:
        dance.x.faults.access_token = fault
    await asyncio.gather(dance.finish(token, verifier), return_exceptions=True)
    secrets = [token.secret, verifier, dance.settings.twitter_consumer_secret]
    secrets += [access.secret for access in dance.x._access_tokens.values()]
    assert not [secret for secret in secrets if secret in caplog.text]

"""Posts on X as cards, by answers as X documents them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from app.models import Card
from app.outbound.fetcher import Fetched
from app.outbound.outcomes import Nothing
from app.outbound.posts import ENDPOINT, TEXT, card_of, is_post, question

URL = "https://x.com/Interior/status/463440424141459456"
EMBED = {
    "url": "https://twitter.com/Interior/status/463440424141459456",
    "author_name": "US Department of the Interior",
    "author_url": "https://twitter.com/Interior",
    "html": '<blockquote class="twitter-tweet" data-dnt="true"><p lang="en" dir="ltr">Sunsets don&#39;t get much '
    'better than this one over <a href="https://twitter.com/GrandTetonNPS?ref_src=twsrc%5Etfw">@GrandTetonNPS</a>. '
    '<a href="https://twitter.com/hashtag/nature?src=hash&amp;ref_src=twsrc%5Etfw">#nature</a><br>'
    '<a href="http://t.co/YuKy2rcjyU">pic.twitter.com/YuKy2rcjyU</a></p>&mdash; US Department of the Interior '
    '(@Interior) <a href="https://twitter.com/Interior/status/463440424141459456?ref_src=twsrc%5Etfw">May 5, 2014</a>'
    "</blockquote>\n",
    "width": 550,
    "height": None,
    "type": "rich",
    "cache_age": "3153600000",
    "provider_name": "Twitter",
    "provider_url": "https://twitter.com",
    "version": "1.0",
}


def answered(body: object) -> Fetched:
    return Fetched(ENDPOINT, "application/json", "", body if isinstance(body, bytes) else json.dumps(body).encode())


def test_a_post_is_its_text_its_author_and_its_date() -> None:
    assert card_of(answered(EMBED), URL) == Card(
        url=URL,
        kind="post",
        site="X",
        title="US Department of the Interior (@Interior)",
        text="Sunsets don't get much better than this one over @GrandTetonNPS. #nature\npic.twitter.com/YuKy2rcjyU",
        date="May 5, 2014",
    )


def test_x_is_asked_for_no_script_and_told_nothing_of_who_asks() -> None:
    asked = urlsplit(question("https://mobile.twitter.com/Interior/status/463440424141459456/photo/1?s=20&t=abc"))
    assert f"{asked.scheme}://{asked.netloc}{asked.path}" == "https://publish.twitter.com/oembed"
    assert parse_qs(asked.query) == {
        "url": ["https://twitter.com/Interior/status/463440424141459456"],
        "omit_script": ["1"],
        "dnt": ["1"],
        "hide_thread": ["1"],
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/jack/status/20",
        "http://www.twitter.com/jack/status/20?s=46",
        "https://twitter.com/i/web/status/20#x",
        "https://X.com/jack/status/20/photo/1",
    ],
)
def test_links_to_posts_are_known(url: str) -> None:
    assert is_post(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/jack",
        "https://x.com/jack/status/20x",
        "https://x.com.example.org/jack/status/20",
        "https://example.org/x.com/jack/status/20",
        "https://notx.com/jack/status/20",
        "https://x.com/jack/status/",
        "https://x.com@example.org/jack/status/20",
    ],
)
def test_others_are_links(url: str) -> None:
    assert not is_post(url)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", {}, {"html": 1}, {"html": ""}, {"html": "<script>alert(1)</script>"}, {"html": "<p> </p>"}],
)
def test_what_is_no_post_is_no_card(body: object) -> None:
    with pytest.raises(Nothing):
        card_of(answered(body), URL)


def test_a_long_post_is_cut() -> None:
    assert len(card_of(answered({"html": f"<p>{'x' * 5_000}</p>"}), URL).text) == TEXT

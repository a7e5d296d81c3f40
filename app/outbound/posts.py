"""Posts on X as cards, by what X's oEmbed tells of them: docs.x.com/x-for-websites/oembed-api. No key is needed, and
nothing of X's runs in anybody's browser."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import msgspec

from app.models import Card
from app.outbound.fetcher import Fetched
from app.outbound.outcomes import Nothing
from app.outbound.plain import plain

ENDPOINT = "https://publish.twitter.com/oembed"
TYPES = "application/json"
POST = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<who>\w{1,50}|i/web)/status/(?P<id>\d{1,20})(?:[/?#].*)?",
    re.IGNORECASE,
)
HANDLE = re.compile(r"https?://[^/]+/(\w{1,50})/?")
TEXT, NAME = 1_000, 100
"""Characters: more than most posts have."""


class Embed(msgspec.Struct):
    """The part of X's answer that is used."""

    html: str
    author_name: str = ""
    author_url: str = ""


def is_post(url: str) -> bool:
    return POST.fullmatch(url) is not None


def question(url: str, endpoint: str = ENDPOINT) -> str:
    """Where X tells of the post: without its script, and without a note of who asks."""
    found = POST.fullmatch(url)
    assert found is not None, "only posts are asked for"
    address = f"https://twitter.com/{found['who']}/status/{found['id']}"
    return f"{endpoint}?{urlencode({'url': address, 'omit_script': '1', 'dnt': '1', 'hide_thread': '1'})}"


def card_of(answer: Fetched, url: str) -> Card:
    """Raises Nothing when the answer is none."""
    try:
        embed = msgspec.json.decode(answer.body, type=Embed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Nothing("not what X's oEmbed answers") from error
    quote = Quote()
    quote.feed(embed.html)
    text = plain(quote.text, TEXT, lines=True)
    if not text:
        raise Nothing("an empty post")
    handle = HANDLE.fullmatch(embed.author_url)
    author = plain(embed.author_name, NAME)
    return Card(
        url=url,
        kind="post",
        site="X",
        title=f"{author} (@{handle[1]})" if handle else author,
        text=text,
        date=plain(quote.date, NAME),
    )


class Quote(HTMLParser):
    """A post as X's oEmbed writes it: `<blockquote><p>TEXT</p>&mdash; NAME (@HANDLE) <a>DATE</a></blockquote>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.date = ""
        self._in_text = False
        self._in_date = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            self._in_text = True
        elif tag == "br" and self._in_text:
            self.text += "\n"
        elif tag == "a" and not self._in_text:
            self._in_date, self.date = True, ""

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.text += data
        elif self._in_date:
            self.date += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._in_text = False
            self.text += "\n"
        elif tag == "a":
            self._in_date = False

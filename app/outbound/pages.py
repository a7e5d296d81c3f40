"""What a page says of itself: its title, and what it is about."""

import codecs
import re
from contextlib import suppress
from html.parser import HTMLParser

from app.models import Card
from app.outbound.fetcher import Fetched
from app.outbound.outcomes import Nothing
from app.outbound.plain import plain
from app.outbound.targets import target_of

TYPES = "text/html, application/xhtml+xml"
TITLE, TEXT = 200, 300
"""Characters of each that are kept."""
TITLES = ("og:title", "twitter:title", "")
TEXTS = ("og:description", "twitter:description", "description")
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
LOOKED_THROUGH = 2_048
"""Bytes at the begin in which a page may say its charset; browsers look through half as many."""


def card_of(page: Fetched, url: str) -> Card:
    """The card of the page that was found where `url` leads; that stays its address. As its site it says the host where
    the page was in the end, whatever the page calls itself. Raises Nothing when it has no title."""
    said = said_in(decoded(page))
    title = first(said, TITLES, TITLE)
    if not title:
        raise Nothing("no title")
    return Card(
        url=url,
        site=target_of(page.url).host.removeprefix("www."),
        title=title,
        text=first(said, TEXTS, TEXT),
    )


def first(said: dict[str, str], names: tuple[str, ...], most: int) -> str:
    return next((text for name in names if (text := plain(said.get(name, ""), most))), "")


def decoded(page: Fetched) -> str:
    """As browsers do: by a mark at the begin, what the server says, what the page says, UTF-8."""
    if page.body.startswith(codecs.BOM_UTF8):
        return page.body.decode("utf-8-sig", "replace")
    declared = DECLARED.search(page.body[:LOOKED_THROUGH])
    for name in (page.charset, declared[1].decode() if declared else ""):
        if is_charset(name):
            return page.body.decode(name, "replace")
    return page.body.decode("utf-8", "replace")


def is_charset(name: str) -> bool:
    """Of text: Python has codecs under other names that unpack, or run longer than they should."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return found._is_text_encoding and found.name not in {"idna", "punycode", "unicode_escape", "raw_unicode_escape"}  # noqa: SLF001


def said_in(text: str) -> dict[str, str]:
    """By the names of `<meta>`; under the empty one what stands in `<title>`. What comes first holds."""
    head = Head()
    with suppress(EndOfHead):
        # Once, and without `close`: only so it takes no longer than the text is long, whatever it is made of.
        head.feed(text)
    return {"": head.title} | head.said


class EndOfHead(Exception):
    pass


class Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            raise EndOfHead
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            values = dict(attrs)
            name = (values.get("property") or values.get("name") or "").lower()
            if name and values.get("content"):
                self.said.setdefault(name, values["content"] or "")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data[:1_000]

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

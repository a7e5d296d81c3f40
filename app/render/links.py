"""Links: what a person would call one, and where it may lead (SECURITY S27)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import escape, unescape

from linkify_it import LinkifyIt

from app.render.mentions import NOBODY, Named
from app.render.words import words

LINK = re.compile(r"https?://[^\s/\\?#]\S*|mailto:\S+", re.IGNORECASE)
TOO_LONG_FOR_A_LINK = re.compile(r"((?<!\S)\S{2001,})")
"""The finder's cost grows with the square of a word's length: 4,000 characters of a+a+a+ would take it 40 ms."""
AUTHORITY = re.compile(r"https?://(?:[^/\\?#]*@)?([^/\\?#:]+|\[[^\]]*\])", re.IGNORECASE)
LIKE_AN_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:[/\\]{2}(?:[^\s/\\?#]*@)?|(?P<mailbox>[\w.+-]+@))?"
    r"(?P<host>(?<![\w.-])(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)(?![\w-])|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))"
    r"|[a-z][a-z0-9+.-]*:[/\\]{2}(?P<name>[^\s/\\?#:]+)",
    re.IGNORECASE,
)
LONGEST_NAME = 300
"""Characters of the text of a link. A longer one is not read: it is taken for misleading."""
WEB_LINK = re.compile(r'<a href="(https?:[^"]*)"', re.IGNORECASE)
REL = "noopener noreferrer nofollow ugc"


def with_links(text: str, own_origin: str, people: Mapping[str, Named] = NOBODY) -> str:
    """HTML of a text without markup. Links to `own_origin` open in place, others in a tab of their own."""
    parts = TOO_LONG_FOR_A_LINK.split(text)
    # What lies between the long words, then such a word, in turn.
    parts[::2] = [linked(part, own_origin, people) for part in parts[::2]]
    parts[1::2] = [words(part) for part in parts[1::2]]
    return "".join(parts)


def linked(text: str, own_origin: str, people: Mapping[str, Named]) -> str:
    pieces = []
    end = 0
    for match in finder().match(text) or ():
        pieces.append(words(text[end : match.index], people))
        pieces.append(bare_link(match.url, match.raw, own_origin))
        end = match.last_index
    pieces.append(words(text[end:], people))
    return "".join(pieces)


def bare_link(url: str, shown: str, own_origin: str) -> str:
    """A link that shows the address it was written as; text, where it may not lead there."""
    return link(url, escape(shown), own_origin) if is_link(url) else escape(shown)


def named_link(url: str, shown: str, html: str, own_origin: str) -> str:
    """A link of `[html](url)`, of which somebody reads the text `shown`. Where that looks like another address than the
    one it leads to, the real one is the link."""
    if not misleads(url, shown):
        return link(url, html, own_origin)
    return f"{html} ({link(url, escape(url), own_origin)})"


def link(url: str, html: str, own_origin: str) -> str:
    elsewhere = "" if is_own(url, own_origin) else ' target="_blank"'
    return f'<a href="{escape(url)}" rel="{REL}"{elsewhere}>{html}</a>'


def first_link(html: str, own_origin: str) -> str | None:
    """The first link to the web, and not to `own_origin`, in what was made here."""
    for each in WEB_LINK.finditer(html):
        url = unescape(each[1])
        if not is_own(url, own_origin):
            return url
    return None


def is_link(url: str) -> bool:
    """Whether somebody may be led there. Not when something in it cannot be seen: a right-to-left override would show
    another address than the one it leads to, and browsers drop tabs and line ends wherever they stand."""
    return url.isprintable() and LINK.fullmatch(url) is not None


def is_own(url: str, own_origin: str) -> bool:
    return url == own_origin or url.startswith(f"{own_origin}/")


def misleads(url: str, shown: str) -> bool:
    """Whether a text names an address, or what looks like one, and it is not that of the link."""
    if len(shown) > LONGEST_NAME:
        return True
    target = target_of(url)
    return any(named != target for named in addresses(shown))


def target_of(url: str) -> str:
    """The host, or of `mailto:` the mailbox, as a browser reads it: a backslash is a slash to it."""
    authority = AUTHORITY.match(url)
    if authority is None:
        return url.partition(":")[2].partition("?")[0].casefold()
    return authority[1].casefold().removeprefix("www.")


def addresses(shown: str) -> list[str]:
    """The hosts and mailboxes that a reader could see in a text, however they are spelled."""
    seen = unicodedata.normalize("NFKC", shown).casefold()
    seen = "".join(character for character in seen if unicodedata.category(character) != "Cf")
    found = LIKE_AN_ADDRESS.finditer(seen)
    return [(each["mailbox"] or "") + (each["host"] or each["name"]).removeprefix("www.") for each in found]


@cache
def finder() -> LinkifyIt:
    """Finds what a person would call a link. `ftp:` and `//host` are its defaults and not ours."""
    return (
        LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": False})
        .add("ftp:", None)
        .add("//", None)
    )

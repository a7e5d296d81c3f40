"""Message text as HTML: links, mentions and line breaks, nothing else. Pages insert it as it is (SECURITY S26, S27)."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from urllib.parse import urlsplit

from linkify_it import LinkifyIt

from app.models import User
from app.render.mentions import handles_in, mention

SCHEMES = ("http", "https", "mailto")
SIGN_OF_A_LINK = re.compile(r"[.:@][\w/]")
TOO_LONG_FOR_A_LINK = re.compile(r"((?<!\S)\S{2001,})")
"""The finder's cost grows with the square of a word's length: 4,000 characters of a+a+a+ would take it 40 ms."""


def render_text(text: str, own_origin: str, people: Mapping[str, User] | None = None) -> str:
    """Safe HTML of a plain text. Links to `own_origin` open in place, others in a tab of their own. The handles that
    `people` has, folded, are mentions."""
    if not people:
        return without_mentions(text, own_origin)
    pieces = []
    end = 0
    for found in handles_in(text):
        person = people.get(found[1].casefold())
        if person is not None:
            pieces += [without_mentions(text[end : found.start()], own_origin), mention(person)]
            end = found.end()
    return "".join([*pieces, without_mentions(text[end:], own_origin)])


def without_mentions(text: str, own_origin: str) -> str:
    if not SIGN_OF_A_LINK.search(text):
        # The finder costs a hundred times this look, and most messages hold no link.
        return with_breaks(text)
    parts = TOO_LONG_FOR_A_LINK.split(text)
    # What lies between the long words, then such a word, in turn.
    parts[::2] = [with_links(part, own_origin) for part in parts[::2]]
    parts[1::2] = [with_breaks(part) for part in parts[1::2]]
    return "".join(parts)


def with_links(text: str, own_origin: str) -> str:
    pieces = []
    end = 0
    for match in linkifier().match(text) or ():
        pieces.append(with_breaks(text[end : match.index]))
        pieces.append(link(match.url, match.raw, own_origin))
        end = match.last_index
    pieces.append(with_breaks(text[end:]))
    return "".join(pieces)


def with_breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def link(url: str, shown: str, own_origin: str) -> str:
    if urlsplit(url).scheme not in SCHEMES or not url.isprintable():
        # Not printable: a right-to-left override would show another address than the one it leads to.
        return with_breaks(shown)
    elsewhere = "" if is_own(url, own_origin) else ' target="_blank"'
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow ugc"{elsewhere}>{escape(shown)}</a>'


def is_own(url: str, own_origin: str) -> bool:
    return url == own_origin or url.startswith(f"{own_origin}/")


@cache
def linkifier() -> LinkifyIt:
    """Finds what a person would call a link. `ftp:` and `//host` are its defaults and not ours."""
    return (
        LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": False})
        .add("ftp:", None)
        .add("//", None)
    )

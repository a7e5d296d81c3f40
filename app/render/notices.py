"""Sentences of ours in messages. In the HTML each is marked, so that whoever reads it has it in their language."""

import re
from collections.abc import Callable, Iterable
from html import escape, unescape

SIGN = '<span class="said">'
NOTICE = re.compile(SIGN + r"([^<]*)</span>")

Translate = Callable[[str], str]


def marked(html: str, sentences: Iterable[str]) -> str:
    """The HTML of a text, with these sentences of it marked."""
    for sentence in sentences:
        shown = escape(sentence, quote=False)
        html = html.replace(shown, f"{SIGN}{shown}</span>")
    return html


def notices_in(html: str) -> list[str]:
    """For its HTML to be made anew."""
    return [unescape(sentence) for sentence in NOTICE.findall(html)]


def translated(html: str, translate: Translate) -> str:
    """As a reader sees it. In what people wrote the sign is escaped."""
    if SIGN not in html:
        return html
    return NOTICE.sub(lambda found: f"{SIGN}{escape(translate(unescape(found[1])), quote=False)}</span>", html)

"""Message text as HTML, made once, on the server; pages insert it as it is (SECURITY S26, S27)."""

import re
from collections.abc import Mapping

from app.render.allowed import cleaned
from app.render.links import with_links
from app.render.markdown import SIGN, has_markup, html_of
from app.render.mentions import NOBODY, Named
from app.render.words import words

VERSION = 2
"""Kept beside the HTML that is made here; `manage.py rerender` makes what is older anew. 1 knew links alone."""
ANY_SIGN = re.compile(rf"[-+*_`\\~>\].):@](?:{SIGN}|(?<=[.:@])[\w/])", re.MULTILINE)
"""Of markup or of a link."""
SHORT = 1_000
"""Characters. Longer ones with markup, and code, may take milliseconds."""


def render_text(text: str, own_origin: str, people: Mapping[str, Named] = NOBODY) -> str:
    """Safe HTML of a text. Links to `own_origin` open in place, others in a tab of their own. The handles that `people`
    has, folded, are mentions, but for those in code and in links."""
    if not ANY_SIGN.search(text):
        # What follows costs a hundred times this look, and most messages hold nothing of the kind.
        return words(text)
    if has_markup(text):
        return cleaned(html_of(text, own_origin, people))
    return with_links(text, own_origin, people)


def takes_long(text: str) -> bool:
    """Whether to render it in a thread (SECURITY S31)."""
    return (len(text) > SHORT or "```" in text or "~~~" in text) and has_markup(text)


def has_link(html: str) -> bool:
    """Whether what `render_text` made leads anywhere."""
    return "<a href=" in html

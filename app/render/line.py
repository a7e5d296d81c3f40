"""A message's HTML as one line of plain text, which is what a quote shows of it; static/js/elements/body.js does the
same."""

import re
from html import unescape

BREAK = re.compile(r"</?(?:br|li|pre|blockquote)\b")
TAG = re.compile(r'<(?:[^">]|"[^"]*")*>')
"""A > may stand in an attribute."""


def line_of(html: str) -> str:
    return " ".join(unescape(TAG.sub("", BREAK.sub(r" \g<0>", html))).split())

"""The small Markdown of messages: a parser that knows nothing else, and HTML made of what it read (docs/formatting.md).

Lines stay as they were typed. Paragraphs have no tag of their own: a text with a bold word looks as it does without.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from itertools import takewhile
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote, list_block
from markdown_it.token import Token

from app.render.code import LONGEST, MOST_LINES, code_block
from app.render.links import bare_link, finder, is_link, named_link, with_links
from app.render.mentions import NOBODY, Named
from app.render.rules import handle, link, outside_of_item, outside_of_quote, picture, with_words
from app.render.words import words

SIGN = (
    r"(?<=[*_`\\])"  # wherever it stands
    r"|(?<=~)~|(?<=])\("
    r"|(?<=\d[.)])[ \t]"
    r"|(?:(?<=^[-+>])|(?<=^ [-+>])|(?<=^  [-+>])|(?<=^   [-+>]))(?:(?<=>)|[ \t])"
)
"""Behind one of the characters that are looked for. It is written like this because the search for one class of
characters is ten times as quick as that for one of several patterns, and most messages hold none of them."""
SIGNS = re.compile(rf"[-+*_`\\~>\].)](?:{SIGN})", re.MULTILINE)
"""A text without any of these has no markup."""
LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
LONGEST_LINK = 2_000
"""As in app/render/links.py."""
BLOCKS = ["fence", "blockquote", "list"]
INLINE = ["linkify", "newline", "escape", "backticks", "strikethrough", "emphasis", "link"]
TAGS = {
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "em_open": "<em>",
    "em_close": "</em>",
    "s_open": "<del>",
    "s_close": "</del>",
    "softbreak": "<br>",
    "hardbreak": "<br>",
    "blockquote_open": "<blockquote>",
    "blockquote_close": "</blockquote>",
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li>",
    "list_item_close": "</li>",
}


def has_markup(text: str) -> bool:
    """Whether anything in it may be more than text and bare links."""
    return SIGNS.search(text) is not None


def html_of(text: str, own_origin: str, people: Mapping[str, Named] = NOBODY) -> str:
    """What the allow-list is asked to let through. Links to `own_origin` open in place; `people` are mentioned by their
    handles."""
    return Writer(own_origin, people).blocks(parser().parse(text))


class Writer:
    """Makes HTML of the tokens of one message."""

    def __init__(self, own_origin: str, people: Mapping[str, Named]) -> None:
        self._own_origin = own_origin
        self._people = people
        self._code = ""
        self._line: int | None = None
        """Where the last paragraph ended, if nothing has come after it."""

    def blocks(self, tokens: Sequence[Token]) -> str:
        return "".join(self._block(token) for token in tokens)

    def _block(self, token: Token) -> str:
        if token.type == "paragraph_close":
            return ""
        if token.type == "inline":
            return self._inline(token.children or [])
        if token.type == "paragraph_open":
            return self._between_paragraphs(token)
        self._line = None
        if token.type == "fence":
            return self._fence(token)
        if token.type == "ordered_list_open":
            start = token.attrGet("start")
            return "<ol>" if start is None else f'<ol start="{start}">'
        return TAGS[token.type]

    def _fence(self, token: Token) -> str:
        self._code += token.content
        coloured = len(self._code) <= LONGEST and self._code.count("\n") <= MOST_LINES
        return code_block(token.content.removesuffix("\n"), language_of(token), coloured=coloured)

    def _between_paragraphs(self, token: Token) -> str:
        """As many line ends as there are in the text."""
        assert token.map is not None, "the parser says of every block where it stands"
        before, self._line = self._line, token.map[1]
        return "" if before is None else "<br>" * (token.map[0] - before + 1)

    def _inline(self, tokens: Sequence[Token]) -> str:
        pieces = []
        rest = iter(tokens)
        for token in rest:
            if token.type == "link_open":
                inside = list(takewhile(lambda each: each.type != "link_close", rest))
                pieces.append(self._link(token, inside))
            else:
                pieces.append(self._span(token, self._linked))
        return "".join(pieces)

    def _link(self, token: Token, inside: Sequence[Token]) -> str:
        url = str(token.attrGet("href"))
        shown = "".join(each.content for each in inside)
        if token.info == "auto":
            return bare_link(url, shown, self._own_origin)
        html = "".join(self._span(each, words) for each in inside)
        if not is_link(url):  # the parser asks of every address but an empty one
            return f"[{html}]({escape(url)})"
        # Without a text there would be nothing to see or to say.
        return named_link(url, shown, html if shown.strip() else escape(url), self._own_origin)

    def _span(self, token: Token, plain: Callable[[str], str]) -> str:
        if token.type == "text":
            return plain(token.content)
        if token.type == "text_special":
            return escape(token.content)
        if token.type == "code_inline":
            return f"<code>{escape(token.content)}</code>"
        return TAGS[token.type]

    def _linked(self, text: str) -> str:
        return with_links(text, self._own_origin, self._people)


def language_of(token: Token) -> str:
    named = LANGUAGE.match(token.info.strip())
    return named[0] if named else ""


class AtStart:
    """Finds the link at the beginning of a text, for the parser, which would look through all the rest of a message."""

    def match_at_start(self, text: str) -> Any:
        word = text[: LONGEST_LINK + 1].split(maxsplit=1)[0]
        return None if len(word) > LONGEST_LINK else finder().match_at_start(word)


@cache
def parser() -> MarkdownIt:
    """Starts from nothing, so that a rule which is not named here does not exist."""
    markdown = MarkdownIt("zero", {"linkify": True, "maxNesting": 100})
    markdown.enable([*BLOCKS, *INLINE])
    # Escaped characters stay apart from the others, so that \:tada: is none; and words() finds the other links.
    markdown.core.ruler.disable(["text_join", "linkify"])
    block, inline = markdown.block.ruler, markdown.inline.ruler
    block.at("blockquote", with_words(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    block.at("list", with_words(list_block), {"alt": ["paragraph", "blockquote"]})
    block.push("outside_of_quote", outside_of_quote, {"alt": ["blockquote"]})
    block.push("outside_of_item", outside_of_item, {"alt": ["paragraph"]})
    inline.at("link", link)
    inline.before("link", "picture", picture)
    inline.before("emphasis", "handle", handle)
    markdown.inline.add_terminator_char("@")
    markdown.linkify = AtStart()
    # An address stays as it was typed.
    markdown.normalizeLink = markdown.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    markdown.validateLink = is_link  # type: ignore[method-assign]
    for ruler in (markdown.core.ruler, block, inline, markdown.inline.ruler2):
        # It sorts its rules at its first use, where another thread could find them half sorted.
        ruler.getRules("")
    return markdown

"""Where our Markdown differs from CommonMark: a message is a few lines, and each says at its beginning what it is."""

import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as link_of_commonmark

from app.render.mentions import HANDLE

DEEPEST = 16
"""Quotes and lists inside of each other, of which a list counts twice; what lies deeper is text. A text of `>` alone is
no thousand quotes."""
INDENTED = 3
"""Spaces before a marker; with more of them CommonMark has code there, and we have text."""
MOST_LOOKS = 20
"""For the end of a link's text behind brackets that do not match: each goes through all that follows."""
ONLY_MARKERS = re.compile(r"(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])(?=[ \t]|$)))+[ \t]*$")

BlockRule = Callable[[StateBlock, int, int, bool], bool]


def with_words(rule: BlockRule) -> BlockRule:
    """The rule of quotes or lists, for lines with something behind the marker: "-" and "+" alone are votes, and "2024."
    is an answer."""

    def begins(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  as the parser calls it
        if state.sCount[start] - state.blkIndent > INDENTED or state.level >= DEEPEST:
            return False
        if ONLY_MARKERS.match(state.src, state.bMarks[start], state.eMarks[start]):
            return False
        return rule(state, start, end, silent)

    return begins


def outside_of_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Ends a quote before a line without `>`: the answer to what was quoted is not part of it."""
    return silent


def outside_of_item(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Ends the last item of a list before a line that is not indented like it."""
    return silent and state.sCount[start] < state.blkIndent


def picture(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Takes `![` for text: a picture from elsewhere would tell its server who reads."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.pending += "!["
    state.pos += 2
    return True


def handle(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Keeps `@_ada_` whole: what may be a handle has no emphasis in it."""
    found = HANDLE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[text](url)`."""
    if state.src[state.pos] != "[":
        return False
    end = state.src.find("](", state.pos)
    if end < 0:
        return False
    if state.src.count("[", state.pos, end) != state.src.count("]", state.pos, end) + 1:
        state.env["looks"] = state.env.get("looks", 0) + 1
        if state.env["looks"] > MOST_LOOKS:
            return False
    return link_of_commonmark(state, silent)

"""Marks in the HTML of a message where it holds what somebody searched for."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from app.folding import Term, Word, composed, words_in
from app.render.mentions import SIGN

TAG = re.compile(rf"({SIGN}[^>]*>[^<]*</a>|<[^>]*>)")
"""A mention is one: what it shows is put there for each reader."""


def marked(html: str, terms: Sequence[Term]) -> str:
    """HTML of ours with `<mark>` around the words of each term, where no tag stands between them."""
    parts = TAG.split(html)
    parts[::2] = [with_marks(composed(unescape(part)), terms) for part in parts[::2]]
    return "".join(parts)


def with_marks(text: str, terms: Sequence[Term]) -> str:
    words = words_in(text)
    runs = sorted(run for term in terms for run in runs_of(term, words))
    pieces, end = [], 0
    for first, last in merged(runs):
        start, stop = words[first].start, words[last].end
        pieces += [escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        end = stop
    return "".join([*pieces, escape(text[end:])])


def runs_of(term: Term, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The places of the first and the last word of each time that the term is there."""
    count = len(term.words)
    for start in range(len(words) - count + 1):
        found = tuple(word.folded for word in words[start : start + count])
        if found[:-1] == term.words[:-1] and is_last(term, found[-1]):
            yield start, start + count - 1


def is_last(term: Term, word: str) -> bool:
    return word == term.words[-1] if term.whole else word.startswith(term.words[-1])


def merged(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without those that overlap."""
    found: list[tuple[int, int]] = []
    for first, last in runs:
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found

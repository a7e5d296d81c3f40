"""Marks in the HTML of a message where it holds what somebody searched for."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from itertools import pairwise

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
    places = sorted({place for term in terms for place in places_of(term, words)})
    pieces, end = [], 0
    for first, last in together(places):
        start, stop = words[first].start, words[last].end
        pieces += [escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        end = stop
    return "".join([*pieces, escape(text[end:])])


def places_of(term: Term, words: Sequence[Word]) -> Iterator[int]:
    """Which of the words are the term's."""
    count = len(term.words)
    for start in range(len(words) - count + 1):
        found = [word.folded for word in words[start : start + count]]
        if found[:-1] == list(term.words[:-1]) and is_last(term, found[-1]):
            yield from range(start, start + count)


def is_last(term: Term, word: str) -> bool:
    return word == term.words[-1] if term.whole else word.startswith(term.words[-1])


def together(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of places that follow each other: a phrase has one mark."""
    if places:
        ends = [place for place, following in pairwise(places) if following > place + 1]
        begins = [following for place, following in pairwise(places) if following > place + 1]
        yield from zip([places[0], *begins], [*ends, places[-1]], strict=True)

"""The words of a text as a search compares them: without accents and case, the same for messages and for questions.

Both engines keep and look up these words, so they find the same. A word is a run of letters and digits. Scripts that
are written without spaces have no such runs, so each of their characters begins a word of two, the last one of one:
whatever part of such a text somebody asks for is a row of these words."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
"""What people leave out although Unicode does not call it a mark on another letter."""
NOTHING = str.maketrans(dict.fromkeys([0x640, *range(0xFE00, 0xFE10)]))
"""The Arabic line that stretches a word, and what chooses between two drawings of one character."""
VOWELS = (0, 7, 8, 9)
"""Classes of combining marks that make another letter, as the signs of Indic and Japanese writing do. All others are
accents, or points that are written for learners."""
IN_ASCII = re.compile(r"[A-Za-z0-9]+")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
LONGEST = 64
"""Characters of a word; the others are not compared."""


Kind = Literal["letter", "mark", "sign", "gap"]


class Word(NamedTuple):
    """`text[start:end]` is where it stands; of two characters only the first: the other one is the next word's."""

    folded: str
    start: int
    end: int
    is_unspaced: bool = False


class Term(NamedTuple):
    """Words that have to follow each other; the last one may go on, unless it is to be `whole`."""

    words: tuple[str, ...]
    whole: bool

    @property
    def pattern(self) -> str:
        """What a row of words holds that the term is in."""
        return f" {' '.join(self.words)}{' ' if self.whole else ''}"


def row_of(words: list[str]) -> str:
    """As `Term.pattern` looks for them."""
    return f" {' '.join(words)} "


def folded_words(text: str) -> list[str]:
    if text.isascii():
        # As below without the places, which nobody asks for who makes messages findable: 4 us in place of 16.
        return [word[:LONGEST] for word in IN_ASCII.findall(text.lower())]
    return [word.folded for word in words_in(text)]


def term_of(text: str, *, whole: bool) -> Term | None:
    """What somebody looks for who writes this; None where there is nothing to compare."""
    words = words_in(text)
    if not words:
        return None
    # The last character of 北京 stands in the midst of a text, too.
    return Term(tuple(word.folded for word in words), whole and not words[-1].is_unspaced)


def composed(text: str) -> str:
    """The text that `words_in` counts the characters of."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words_in(text: str) -> list[Word]:
    """In their order, also those that come again."""
    if text.isascii():
        return [Word(each[0].lower()[:LONGEST], *each.span()) for each in IN_ASCII.finditer(text)]
    found: list[Word] = []
    run: list[Word] = []
    for place, character in enumerate(composed(text)):
        folded, kind = fold(character)
        if kind == "mark":
            if run and folded:
                run[-1] = run[-1]._replace(folded=composed(run[-1].folded + folded))
            continue
        if kind != "letter" or (run and run[-1].is_unspaced != bool(UNSPACED.match(folded))):
            found += joined(run)
            run = []
        if kind == "sign":
            found.append(Word(folded, place, place + 1))
        elif kind == "letter":
            run.append(Word(folded, place, place + 1, bool(UNSPACED.match(folded))))
    return found + joined(run)


def joined(run: list[Word]) -> list[Word]:
    """The words that characters of one sort make which stand side by side."""
    if not run:
        return []
    if run[0].is_unspaced:
        following = [word.folded for word in run[1:]] + [""]
        return [word._replace(folded=word.folded + after) for word, after in zip(run, following, strict=True)]
    return [Word("".join(word.folded for word in run)[:LONGEST], run[0].start, run[-1].end)]


@lru_cache(16_384)
def fold(character: str) -> tuple[str, Kind]:
    """A character without accents and case, and what it is in a text. A mark goes with the letter before it, also one
    that is left out; a sign, such as an emoji, is a word by itself."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", character) if unicodedata.combining(each) in VOWELS)
    letters = bare.casefold().translate(LETTERS).translate(NOTHING)
    kept = composed("".join(each for each in letters if is_letter(each)))
    if not letters or (kept and unicodedata.combining(kept[0])):
        return kept, "mark"
    if kept:
        return kept, "letter"
    return (character, "sign") if unicodedata.category(character) == "So" else ("", "gap")


def is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Mn", "Mc")

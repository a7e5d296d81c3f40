"""What two spellings of a word have in common, and how a text is cut into words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.folding import composed, folded_words, row_of, term_of, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cold start_of v2.0", ["cold", "start", "of", "v2", "0"]),
        ("https://ex.com/a?b=1", ["https", "ex", "com", "a", "b", "1"]),
        ("naïve Straße İstanbul Øl", ["naive", "strasse", "istanbul", "ol"]),
        ("Ёлка ёж", ["елка", "еж"]),
        ("ΣΊΣΥΦΟΣ Σίσυφος", ["σισυφοσ", "σισυφοσ"]),
        ("שָׁלוֹם عـــرب أحمد", ["שלום", "عرب", "احمد"]),
        ("हिन्दी का कि", ["हिन्दी", "का", "कि"]),
        ("학교에서 가", ["학교에서", "가"]),
        ("北京大学、在", ["北京", "京大", "大学", "学", "在"]),
        ("がく ｶﾞ", ["がく", "く", "ガ"]),
        ("ดีครับ", ["ดี", "ีค", "คร", "รั", "ับ", "บ"]),
        ("ok🎉👍🏽 1️⃣ ½", ["ok", "🎉", "👍", "1", "12"]),
        ("", []),
        ("--- !?", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert folded_words(text) == words


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("北京大学在中国", "大学"),
        ("北京大学在中国", "国"),
        ("北京大学在中国", '"京大"'),
        ("東京タワー", "タワー"),
        ("ขอบคุณครับ", "คุณ"),
        ("see example.com/path?x=1", "example.com"),
        ("Crème brûlée", "creme bru"),
        ("Привет, ёлка", "елк"),
        ("예약했습니다", "예약"),
        ("well done 🎉", "🎉"),
        ("version 3.14.1", "3.14"),
    ],
)
def test_what_is_asked_for_is_in_the_text(text: str, asked: str) -> None:
    term = term_of(asked, whole=asked.startswith('"'))
    assert term is not None
    assert term.pattern in row_of(folded_words(text))


def test_a_whole_word_is_not_the_beginning_of_another() -> None:
    term = term_of("cold", whole=True)
    assert term is not None
    assert term.pattern not in row_of(["colder"])
    assert term.pattern in row_of(["cold"])


def test_what_has_no_letters_asks_for_nothing() -> None:
    assert term_of("?!", whole=False) is None


@given(st.text())
def test_words_hold_nothing_that_an_index_takes_for_something_else(text: str) -> None:
    for word in words_in(text):
        assert 0 < len(word.folded) <= 70
        assert not any(each.isascii() and not each.isalnum() for each in word.folded)
        assert not any(each.isspace() or unicodedata.category(each) in ("Co", "Cs", "Cc") for each in word.folded)
        assert composed(text)[word.start : word.end] != ""


@given(st.text())
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    assert folded_words(unicodedata.normalize("NFD", text)) == folded_words(unicodedata.normalize("NFC", text))


@given(st.text(min_size=1))
def test_a_text_is_found_by_each_beginning_of_its_words(text: str) -> None:
    row = row_of(folded_words(text))
    for word in words_in(text):
        term = term_of(composed(text)[word.start : word.end], whole=False)
        assert term is None or term.pattern in row

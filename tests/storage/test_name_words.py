import pytest

from app.storage.name_words import fold, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ada", "ada"),
        ("José Ñandú", "jose nandu"),
        ("Jose\u0301", "jose"),
        ("Øyvind Łukasz", "oyvind lukasz"),
        ("GROß", "gross"),
        ("İpek Işıl", "ipek isil"),
        ("Юлия Йорк", "юлия иорк"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
        ("Οδυσσεύς", "οδυσσευσ"),
        ("\U0001d4d0\U0001d4ed\U0001d4ea", "ada"),
        ("田中", "田中"),
        ("", ""),
    ],
)
def test_what_two_spellings_have_in_common(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_somebody_is_found_by_the_handle_and_by_each_word_of_both() -> None:
    assert words_of("Grace_O", "Grace  Okafor-Nné (she)") == {"grace_o", "grace", "o", "okafor", "nne", "she"}


def test_what_cannot_be_typed_is_no_word() -> None:
    assert words_of("ada", "🐦 !!") == {"ada"}


def test_a_word_is_no_longer_than_an_index_takes() -> None:
    assert words_of("a" * 15, "ﷺ" * 50) == {"a" * 15, fold("ﷺ" * 50).split()[0][:64], *fold("ﷺ" * 50).split()}

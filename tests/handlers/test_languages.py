"""The interface's texts in each language: forms, numbers and markup."""

import pytest
from babel.numbers import format_decimal
from markupsafe import Markup

from app.handlers.languages import NAMES, Words, every_language

MEMBERS = ("{count} member", "{count} members")


@pytest.fixture(scope="module")
def languages() -> dict[str, Words]:
    return every_language()


@pytest.fixture(scope="module")
def russian(languages: dict[str, Words]) -> Words:
    return languages["ru"]


def test_a_text_is_its_own_english(languages: dict[str, Words]) -> None:
    assert languages["en"].text("Message #{room}", room="general") == "Message #general"
    assert languages["en"].text("Nobody has written this down") == "Nobody has written this down"
    assert languages["ru"].text("Nobody has written this down") == "Nobody has written this down"


def test_a_text_is_said_in_russian(russian: Words) -> None:
    assert russian.text("Message #{room}", room="general") == "Сообщение в #general"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 участников"),
        (1, "1 участник"),
        (2, "2 участника"),
        (5, "5 участников"),
        (11, "11 участников"),
        (21, "21 участник"),
        (22, "22 участника"),
        (1_001, "1\N{NO-BREAK SPACE}001 участник"),
    ],
)
def test_russian_has_three_forms_for_a_number(russian: Words, count: int, words: str) -> None:
    assert russian.number(*MEMBERS, count) == words


def test_english_has_two(languages: dict[str, Words]) -> None:
    counts = (0, 1, 2, 21, 1_001)
    assert [languages["en"].number(*MEMBERS, count) for count in counts] == [
        "0 members", "1 member", "2 members", "21 members", "1,001 members",
    ]  # fmt: skip


@pytest.mark.parametrize("language", NAMES)
def test_a_number_is_written_as_the_language_writes_it(languages: dict[str, Words], language: str) -> None:
    assert languages[language].text("{count}", count=1_234_567) == format_decimal(1_234_567, locale=language)


def test_markup_among_the_values_makes_the_whole_markup_and_nothing_else_does(russian: Words) -> None:
    room = Markup("<bdi>{}</bdi>").format("<tides>")
    assert russian.text("Message #{room}", room=room) == Markup("Сообщение в #<bdi>&lt;tides&gt;</bdi>")
    assert not isinstance(russian.text("Message #{room}", room="<tides>"), Markup)


def test_a_page_gets_the_texts_of_its_scripts_in_its_language(languages: dict[str, Words]) -> None:
    assert languages["en"].for_page() == {}
    words = languages["ru"].for_page()
    assert words["Today"] == "Сегодня"
    assert words["{count} member"] == ["{count} участник", "{count} участника", "{count} участников"]

"""What bots are called."""

from itertools import islice

import pytest

from app.chat.bots import bot_name, handles_of
from app.errors import BadRequest, BadRoomName


def test_a_name_is_kept_in_one_line() -> None:
    assert bot_name("  Build\n bot \u200b2 ") == "Build bot 2"


@pytest.mark.parametrize("name", ["", " ", "!!", "x" * 41])
def test_a_name_says_something_and_not_too_much(name: str) -> None:
    with pytest.raises(BadRequest):
        bot_name(name)


def test_a_name_in_two_alphabets_is_no_name() -> None:
    with pytest.raises(BadRoomName):
        bot_name("Buіld")


@pytest.mark.parametrize(
    ("name", "first", "next_one"),
    [
        ("Build bot", "build_bot", "build_bot2"),
        ("Météo", "meteo", "meteo2"),
        ("Погода", "bot", "bot2"),
        ("The longest name of all", "the_longest_nam", "the_longest_na2"),
        ("All", "all2", "all3"),
    ],
)
def test_a_handle_is_what_a_name_has_of_its_letters(name: str, first: str, next_one: str) -> None:
    assert list(islice(handles_of(name), 2)) == [first, next_one]

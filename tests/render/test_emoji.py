"""Emoji by name."""

import pytest

from app.render.emoji import characters, groups, spelled, takes_tone, with_emoji


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nice :tada:", "nice 🎉"),
        (":+1::heart:", "👍❤️"),
        ("(:tada:)", "(🎉)"),
        ("好:tada:好", "好🎉好"),
        (":nosuchname: :TADA: : :", ":nosuchname: :TADA: : :"),
        ("root:x:0:0 std::x::y http://a:x:b 12:100:00", "root:x:0:0 std::x::y http://a:x:b 12:100:00"),
    ],
)
def test_a_name_between_colons_is_the_character(text: str, shown: str) -> None:
    assert with_emoji(text) == shown


def test_every_name_of_the_table_can_be_written() -> None:
    assert len(characters()) > 1_800
    for name, character in characters().items():
        assert with_emoji(f":{name}:") == character
        assert not character.isascii()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("👍", "👍"),
        ("👍🏽", "👍🏽"),
        ("❤", "❤️"),
        ("❤️", "❤️"),
        ("☝️🏿", "☝🏿"),
        ("🕵🏻‍♀", "🕵🏻‍♀️"),
        ("👁‍🗨", "👁️‍🗨️"),
        ("#⃣", "#️⃣"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    ],
)
def test_each_emoji_has_one_spelling(typed: str, kept: str) -> None:
    assert spelled(typed) == kept


@pytest.mark.parametrize(
    "text", ["", "a", "1", "👍👍", "👍 ", "\ufe0f", "🏽", "🎉🏽", "👪🏽", "👍🏽🏽", ":+1:", "<b>", "\u200d"]
)
def test_what_is_no_emoji_has_none(text: str) -> None:
    assert spelled(text) is None


def test_every_emoji_of_the_table_is_spelled_as_it_stands_there_and_is_in_one_group() -> None:
    all_of_them = [emoji for group in groups().values() for emoji, _ in group]
    assert len(all_of_them) == len(set(all_of_them)) > 1_800
    assert all(spelled(emoji) == emoji for emoji in all_of_them)
    assert list(groups()) == ["people", "nature", "food", "places", "activities", "objects", "signs"]


def test_those_of_one_person_or_hand_take_a_tone() -> None:
    assert all(takes_tone(emoji) for emoji in ("👋", "☝️", "🧑‍🚒", "🕵️‍♂️", "💑", "🧔‍♀️"))
    assert not any(takes_tone(emoji) for emoji in ("🎉", "👪", "👨‍👩‍👧", "🧑‍🤝‍🧑", "🤼", "🧟", "🏴‍☠️"))

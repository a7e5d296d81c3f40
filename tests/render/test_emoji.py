"""Emoji by name."""

import pytest

from app.render.emoji import characters, with_emoji


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

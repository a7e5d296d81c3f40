"""What rooms may be called (SECURITY S30)."""

import pytest

from app.chat.room_names import SLUG_LIMIT, hidden_slug, plain_line, plain_text, room_name, room_slug, slug_of
from app.errors import BadRequest, BadRoomName


@pytest.mark.parametrize(
    ("text", "name", "slug"),
    [
        ("Tide Sensors", "Tide Sensors", "tide-sensors"),
        ("  tide \n sensors ", "tide sensors", "tide-sensors"),
        ("Морские датчики", "Морские датчики", "морские-датчики"),
        ("Python для всех", "Python для всех", "python-для-всех"),
        ("東京タワー", "東京タワー", "東京タワー"),
        ("한국어", "한국어", "한국어"),
        ("हिन्दी", "हिन्दी", "हिन्दी"),
        ("ไม่ได้", "ไม่ได้", "ไม่ได้"),
        ("Straße & Co.", "Straße & Co.", "strasse-co"),
        ("tide🌊sensors", "tide🌊sensors", "tide-sensors"),
        ("❤\ufe0f letters", "❤ letters", "letters"),
    ],
)
def test_a_name_makes_an_address(text: str, name: str, slug: str) -> None:
    assert room_name(text) == name
    assert slug_of(name) == slug
    assert room_slug(slug) == slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\ufb01sh", "fish"),  # a ligature
        ("ＦＩＳＨ", "fish"),  # wide letters
        ("cafe\u0301", "café"),  # composed and not
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),  # two small letters of one capital
        ("𝔣𝔦𝔰𝔥", "fish"),  # letters of mathematics
    ],
)
def test_what_is_the_same_text_has_the_same_address(one: str, other: str) -> None:
    assert slug_of(room_name(one)) == slug_of(room_name(other))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "needs a name"),
        (" \t ", "needs a name"),
        ("x" * 41, "at most 40"),
        ("sam\u202etxt", "cannot be seen"),  # turns the writing round
        ("ge\u200bneral", "cannot be seen"),  # no width
        ("general\u2069", "cannot be seen"),
        ("gen\x00eral", "cannot be seen"),
        ("general\u3164", "cannot be seen"),  # a blank that counts as a letter
        ("z\u0335\u0336\u0337\u0338algo", "too many accents"),
        ("gеneral", "mixes alphabets"),  # its first e is Cyrillic
        ("x\u0335а", "mixes alphabets"),  # a mark between two alphabets
        ("αdmin", "mixes alphabets"),
    ],
)
def test_a_name_that_deceives_or_cannot_be_read_is_refused_with_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(BadRoomName) as refusal:
        room_name(name)
    assert sentence in refusal.value.message


def test_a_name_without_letters_has_no_address() -> None:
    with pytest.raises(BadRoomName):
        slug_of(room_name("😀😀"))


@pytest.mark.parametrize("slug", ["а" + "dmin", "x\u0301\u0302\u0303\u0304", "\u0301", "ﬁsh", "Fish", "x" * 41])
def test_an_address_is_written_as_it_is_kept(slug: str) -> None:
    with pytest.raises(BadRoomName):
        room_slug(slug)


def test_nobody_guesses_the_address_of_a_private_room() -> None:
    made = {hidden_slug("council") for _ in range(50)}
    assert len(made) == 50
    for slug in (*made, hidden_slug("x" * SLUG_LIMIT), hidden_slug("x" * 32 + "-tail")):
        assert room_slug(slug) == slug


def test_a_topic_is_one_line_without_what_hides() -> None:
    assert plain_line(" Tides,\n\u202ebuoys\u0007  and more ") == "Tides, buoys and more"
    assert plain_text("one\n\ntwo\u200b ") == "one\n\ntwo"
    assert plain_line("a family: 👨\u200d👩\u200d👧") == "a family: 👨\u200d👩\u200d👧"
    for text, limit in ((plain_line, 250), (plain_text, 500)):
        assert len(text("x" * limit)) == limit
        with pytest.raises(BadRequest, match=f"{limit}"):
            text("x" * (limit + 1))

"""How large files are, in words, and pictures on the page."""

import pytest

from app.handlers.languages import every_language
from app.render.sizes import fitted, size_in_words


@pytest.mark.parametrize(
    ("size", "english", "russian"),
    [
        (0, "0 B", "0 Б"),
        (999, "999 B", "999 Б"),
        (1_000, "1 kB", "1 кБ"),
        (1_849, "1.8 kB", "1,8 кБ"),
        (9_960, "10 kB", "10 кБ"),
        (212_400, "212 kB", "212 кБ"),
        (1_800_000, "1.8 MB", "1,8 МБ"),
        (25_000_000, "25 MB", "25 МБ"),
        (3_000_000_000, "3 GB", "3 ГБ"),
    ],
)
def test_a_size_has_two_digits_that_matter(size: int, english: str, russian: str) -> None:
    words = every_language()
    text, number = size_in_words(size)
    assert words["en"].text(text, size=number) == english
    assert words["ru"].text(text, size=number) == russian


@pytest.mark.parametrize(
    ("pixels", "drawn"),
    [
        ((800, 600), (400, 300)),
        ((337, 600), (169, 300)),
        ((800, 8), (400, 4)),
        ((60, 40), (60, 40)),
        ((1, 600), (1, 300)),
        ((0, 0), (400, 300)),
    ],
)
def test_a_picture_is_drawn_as_large_as_there_is_room_and_never_larger_than_it_is(
    pixels: tuple[int, int], drawn: tuple[int, int]
) -> None:
    assert fitted(*pixels) == drawn

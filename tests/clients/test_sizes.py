"""How large files are."""

import pytest

from app.render.sizes import size_in_words
from clients.sizes import size_of


@pytest.mark.parametrize("size", [0, 999, 1_000, 1_849, 212_000, 999_999, 1_800_000, 12_000_000, 3_400_000_000])
def test_sizes_are_told_as_the_page_tells_them(size: int) -> None:
    text, number = size_in_words(size)
    assert size_of(size) == str(text).format(size=number)

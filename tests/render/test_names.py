"""Names come from X as people wrote them."""

import pytest

from app.render.names import LIMIT, plain_name


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ana", "Ana"),
        ("  Ana \t Lee\n", "Ana Lee"),
        ("\u202eanA", "anA"),
        ("A\u200bn\u2066a\u2069", "Ana"),
        ("Zoe\u0308 A\u030akerlund", "Zoë Åkerlund"),
        ("Z" + "\u0336\u0337\u0338\u0334\u0335" * 20, "Z\u0336\u0337\u0338"),
        ("\u200b\u202e", ""),
        ("田中 智", "田中 智"),
        ("ليلى", "ليلى"),
        ("Sol <b>&amp;</b> 🌞", "Sol <b>&amp;</b> 🌞"),
        ("a\ud800b", "ab"),
    ],
)
def test_a_name_loses_what_hides_and_nothing_else(written: str, shown: str) -> None:
    assert plain_name(written) == shown


def test_a_long_name_is_cut() -> None:
    assert len(plain_name("n" * 500)) == LIMIT

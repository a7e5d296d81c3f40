"""Text of others as plain text."""

from app.outbound.plain import plain


def test_white_space_is_single_blanks() -> None:
    assert plain(" a\n\t b\u00a0c\u2003d ", 100) == "a b c d"
    assert plain(" a  b \n\n c ", 100, lines=True) == "a b\nc"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert plain("\u202eevil\u202c \u2066x\u2069\0\x1b[1m\ufeff\u200b\ue000", 100) == "evil x[1m"


def test_what_some_scripts_are_written_with_stays() -> None:
    assert plain("می\u200cخواهم 👩\u200d🚀", 100) == "می\u200cخواهم 👩\u200d🚀"


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert plain("abc def", 7) == "abc def"
    assert plain("abc defg", 5) == "abc…"
    assert plain("x" * 1_000_000, 4) == "xxx…"

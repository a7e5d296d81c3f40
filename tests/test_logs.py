"""Lines of the log, whatever is written into them."""

import logging
import re
import sys
import unicodedata
from io import StringIO

import pytest

from app.logs import OneLine

ENDING = {"Cc", "Zl", "Zp"}
"""The categories of what ends a line or steers a terminal."""
EVIL = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ENDING]


@pytest.fixture
def written() -> StringIO:
    return StringIO()


@pytest.fixture
def log(written: StringIO) -> logging.Logger:
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine())
    log = logging.Logger("app.tried")  # noqa: LOG001  nobody else hears of it
    log.addHandler(handler)
    return log


def is_one_line(text: str) -> bool:
    return len(text.splitlines()) == 1 and text.endswith("\n") and not set(EVIL) & set(text[:-1])


@pytest.mark.parametrize("character", EVIL, ids=ascii)
def test_no_character_begins_a_line_or_steers_a_terminal(
    log: logging.Logger, written: StringIO, character: str
) -> None:
    log.warning("who is %s?", f"a{character}2026-11-24T12:00:00.123Z INFO app.server: forged")
    assert is_one_line(written.getvalue())
    assert f"who is a\\{'x' if ord(character) < 256 else 'u'}{ord(character):02x}2026" in written.getvalue()


def test_a_traceback_stays_on_its_line(log: logging.Logger, written: StringIO) -> None:
    try:
        raise ValueError("".join(EVIL))  # noqa: TRY301  it is what is written
    except ValueError:
        log.exception("it broke")
    assert is_one_line(written.getvalue())
    assert "Traceback" in written.getvalue()


def test_a_line_begins_with_its_time_in_utc_its_level_and_its_place(log: logging.Logger, written: StringIO) -> None:
    log.info("listening")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO app\.tried: listening\n", written.getvalue())

import json
import unicodedata
from pathlib import Path

import pytest

from app.protocol.events import Message
from clients.safe_text import safe_cells, safe_json, safe_text

HOSTILE: list[str] = json.loads((Path(__file__).parent / "hostile.json").read_text())


def acts(character: str) -> bool:
    """Whether a terminal might do something else than to draw it."""
    turns = unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or turns


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_reaches_a_terminal(text: str) -> None:
    assert any(map(acts, text)) or text != safe_text(text), "it is not hostile"
    assert not any(map(acts, safe_text(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_json_loses_nothing_and_is_plain(text: str) -> None:
    line = safe_json(Message(number=1, seq=1, author=1, at=1, nonce="n", text=text))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["text"] == text


def test_no_character_acts() -> None:
    assert not any(map(acts, safe_text("".join(map(chr, range(0x11000))))))


@pytest.mark.parametrize("text", ["plain", "Ünïcödé", "日本語", "👩‍👩‍👧 family", "שלום", "e\u0301"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_what_is_replaced_can_be_seen() -> None:
    assert safe_text("\x1b[31mred\x07\n\x7f\x9b\u202e\ud800") == "␛[31mred␇␊␡\\x9b\\u202e\\ud800"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_drawn_of_what_is_being_written_and_each_character_stays_one(text: str) -> None:
    drawn = safe_cells(text)
    assert not any(acts(character) for character in drawn if character != "\t")
    assert len(drawn) == len(text)
    assert [place for place, character in enumerate(drawn) if character == "\t"] == [
        place for place, character in enumerate(text) if character == "\t"
    ]


def test_what_is_being_written_shows_where_something_is_that_acts() -> None:
    assert safe_cells("\x1b[31mred\x07\t\x7f\x9b\u202e") == "␛[31mred␇\t␡\ufffd\ufffd"

"""What a file may be called, and how a header says it, whatever it was called by whom."""

import unicodedata
from email.message import Message

import pytest
from hypothesis import given
from hypothesis.strategies import text

from app.render.file_names import BYTES, disposition, plain_alt, plain_file_name
from app.render.names import UNSEEN

HOSTILE = (
    "a\r\nX-Evil: 1",
    'a"; filename="b.exe',
    "a\\",
    "a%00.png",
    "a;b=c,d",
    "\u202egnp.exe",
    "..\\..\\windows",
    "Ä" * 300,
    "\U0001f426.png",
    "a'b''c",
    "",
)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("notes.txt", "notes.txt"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "file"),
        ("", "file"),
        ("\u200b\u202e", "file"),
        (".htaccess", "htaccess"),
        ("a  b\t c.txt ", "a b c.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("line\r\nbreak", "linebreak"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_name_is_that_of_one_file_and_all_of_it_is_seen(given_name: str, name: str) -> None:
    assert plain_file_name(given_name) == name


def test_a_long_name_is_shortened_before_its_ending() -> None:
    name = plain_file_name("я" * 400 + ".jpeg")
    assert name == "я" * ((BYTES - 5) // 2) + ".jpeg"
    assert len(plain_file_name("a." + "b" * 400).encode()) == BYTES


@given(text())
def test_whatever_it_was_called_it_fits_a_disk_and_hides_nothing(given_name: str) -> None:
    name = plain_file_name(given_name.encode(errors="replace").decode())
    assert 0 < len(name.encode()) <= BYTES
    assert not set(name) & set("/\\")
    assert not [each for each in name if unicodedata.category(each) in UNSEEN]
    assert plain_file_name(name) == name


@pytest.mark.parametrize("given_name", HOSTILE)
def test_a_header_says_one_name_that_another_reader_reads_back(given_name: str) -> None:
    name = plain_file_name(given_name)
    header = disposition("attachment", name)
    assert header.isascii()
    assert not {"\r", "\n"} & set(header)
    reader = Message()
    reader["Content-Disposition"] = header
    assert reader.get_content_disposition() == "attachment"
    bare = Message()
    bare["Content-Disposition"] = f"attachment; {header.rpartition('; ')[2]}"
    assert bare.get_filename() == name


def test_what_a_picture_shows_is_one_line() -> None:
    assert plain_alt(" a buoy\n\u202eat  sunrise ") == "a buoy at sunrise"

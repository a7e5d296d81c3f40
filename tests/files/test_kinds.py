"""What a file is by its first bytes."""

import pytest

from app.files.kinds import HEAD, SHOWN, kind_of, type_of
from tests.support.files import photo


@pytest.mark.parametrize(
    ("head", "content_type", "kind"),
    [
        (photo(10, 10, "JPEG"), "image/jpeg", "image"),
        (photo(10, 10, "PNG"), "image/png", "image"),
        (photo(10, 10, "GIF"), "image/gif", "image"),
        (photo(10, 10, "WEBP"), "image/webp", "image"),
        (b"\0\0\0\x18ftypisom", "video/mp4", "video"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4", "audio"),
        (b"\0\0\0\x18ftypqt  ", "video/quicktime", "file"),
        (b"\0\0\0\x18ftypheic", "image/heic", "file"),
        (b"\0\0\0\x18ftypnone", "application/octet-stream", "file"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm", "video"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "application/octet-stream", "file"),
        (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg", "audio"),
        (b"OggS" + bytes(24) + b"\x80theora", "application/octet-stream", "file"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav", "audio"),
        (b"RIFF\0\0\0\0AVI LIST", "application/octet-stream", "file"),
        (b"ID3\x04", "audio/mpeg", "audio"),
        (b"\xff\xfb\x90\x64", "audio/mpeg", "audio"),
        (b"fLaC", "audio/flac", "audio"),
        (b"%PDF-1.7", "application/pdf", "file"),
        (b"PK\x03\x04", "application/zip", "file"),
        (b"<svg onload='alert(1)'>", "text/plain", "file"),
        (b"<!doctype html>", "text/plain", "file"),
        ("Привет\n".encode(), "text/plain", "file"),
        ("Привет\n".encode("koi8-r"), "application/octet-stream", "file"),
        (b"MZ\x90\0", "application/octet-stream", "file"),
        (b"\xff", "application/octet-stream", "file"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, content_type: str, kind: str) -> None:
    assert type_of(head) == content_type
    assert kind_of(content_type) == kind


def test_a_letter_that_the_end_of_the_look_cuts_in_two_is_a_letter() -> None:
    assert type_of(("a" + "я" * HEAD).encode()[:HEAD]) == "text/plain"
    assert type_of("я".encode()[:1]) == "application/octet-stream"


def test_nothing_that_can_carry_a_program_is_shown_in_place() -> None:
    assert not [each for each in SHOWN if "xml" in each or "html" in each or each.startswith(("text/", "application/"))]

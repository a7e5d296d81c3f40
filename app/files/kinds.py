"""What a file is by its first bytes, whatever it is called (SECURITY S32)."""

from typing import Literal

Kind = Literal["image", "video", "audio", "file"]

HEAD = 4_096
"""Bytes that are looked at."""
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Are made anew, so that nothing but pixels is left of them."""
SHOWN = (*PICTURES, "video/mp4", "video/webm", "audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4")
"""All that a browser is ever given to show in place; it saves everything else."""
UNKNOWN = "application/octet-stream"

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
BRANDS = {
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "video/mp4"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"heic", b"heix", b"mif1"), "image/heic"),
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
}
SOUNDS_OF_OGG = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")
MPEG_SYNC = (0xFB, 0xF3, 0xF2, 0xFA)
"""The second byte of a frame of layer III, after 0xFF."""
CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r\x1b"})
"""What no text holds."""


def type_of(head: bytes) -> str:
    """The media type, by the beginning of a file."""
    if found := next((kind for beginning, kind in BEGINNINGS if head.startswith(beginning)), None):
        return found
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], UNKNOWN)
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else UNKNOWN
    if head[:4] == b"OggS":
        return "audio/ogg" if head[28:].startswith(SOUNDS_OF_OGG) else UNKNOWN
    if head[:1] == b"\xff" and head[1:2] and head[1] in MPEG_SYNC:
        return "audio/mpeg"
    return "text/plain" if is_text(head) else UNKNOWN


def is_text(head: bytes) -> bool:
    if head.translate(None, CONTROLS) != head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The last character may be cut in two.
        return len(head) == HEAD and error.start >= len(head) - 3
    return True


def kind_of(content_type: str) -> Kind:
    """How a page may show it: "file" is only to be saved."""
    match content_type.partition("/")[0]:
        case ("image" | "video" | "audio") as kind if content_type in SHOWN:
            return kind
    return "file"

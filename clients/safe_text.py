"""Text of others, so that a terminal shows it and does not obey it (SECURITY S37)."""

import json
import re
from typing import Any

import msgspec

DELETE, DELETE_SHOWN = "\x7f", "\u2421"
PICTURES = 0x2400
"""Unicode has a picture of each control character of ASCII."""
UNKNOWN = "\ufffd"

# Controls (C0, DELETE, C1), halves of surrogate pairs, what turns the direction of writing, and line ends that are no
# controls: a line of ours stays one line, in the order in which it is written.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")


def safe_text(text: str) -> str:
    """One line, in which each character that does something is one that can be seen."""
    return _UNSAFE.sub(_shown, text)


def safe_cells(text: str) -> str:
    """The same of a line that is being written: each of its characters stays one, so that what is counted in it holds.
    A tab stays a tab, for whoever draws the line to make spaces of."""
    return _UNSAFE.sub(_in_one, text)


def safe_json(value: Any) -> str:
    """Of a struct: JSON in plain ASCII, one line, which loses nothing."""
    return json.dumps(msgspec.to_builtins(value), separators=(",", ":")).replace(DELETE, "\\u007f")


def _shown(found: "re.Match[str]") -> str:
    character = found[0]
    code = ord(character)
    if code < ord(" "):
        return chr(PICTURES + code)
    if character == DELETE:
        return DELETE_SHOWN
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004


def _in_one(found: "re.Match[str]") -> str:
    shown = _shown(found)
    if found[0] == "\t":
        return "\t"
    return shown if len(shown) == 1 else UNKNOWN

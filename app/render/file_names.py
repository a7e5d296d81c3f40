"""Names of files as they may be shown and saved: of one folder, and without what hides, overturns or commands."""

import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from app.render.names import UNSEEN

BYTES = 255
"""Of a name, on most disks."""
ENDING = 32
"""Bytes; what is longer is no ending."""
NAMELESS = "file"
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-^_`{}~. ()[]")
"""May stand in a header between quotes without being taken for anything else."""


def plain_file_name(given: str) -> str:
    """The name without folders and without unseen characters (SECURITY S30), shortened before its ending."""
    last = given.replace("\\", "/").rpartition("/")[2]
    name = " ".join(seen(last).split()).strip(". ")
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > ENDING:
        ending = ""
    return shortened(name.removesuffix(ending), BYTES - len(ending.encode())) + ending if name else NAMELESS


def plain_alt(given: str) -> str:
    """What is to be seen, in one line of words."""
    return " ".join(seen(given.replace("\n", " ")).split())


def seen(text: str) -> str:
    """Without what hides or overturns (SECURITY S30)."""
    return "".join(each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each) not in UNSEEN)


def shortened(text: str, most: int) -> str:
    """At most so many bytes, and no half character."""
    return text.encode()[:most].decode(errors="ignore")


def disposition(how: str, name: str) -> str:
    """The header Content-Disposition (RFC 6266): for old programs in ASCII, for the others as it is."""
    ascii_name = "".join(each if each in PLAIN else "_" for each in name)
    return f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"

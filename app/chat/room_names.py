"""What a room may be called, and its address: what looks the same is the same (SECURITY S30)."""

import re
import secrets
import unicodedata
from itertools import groupby

from app.errors import BadRequest, BadRoomName, said

NAME_LIMIT = 40
SLUG_LIMIT = 40
TOPIC_LIMIT = 250
DESCRIPTION_LIMIT = 500
"""Characters. All of them go into the first words of each connection, so they are few."""
MARKS = 3
"""On one letter; living scripts need no more."""
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls, invisible and direction-changing characters, half characters, line ends."""
BLANK = {*map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0))}
"""What counts as a letter or a mark and is not seen."""
LOOKS = dict.fromkeys((0xFE0E, 0xFE0F))
"""As a drawing or as a character: phones add it to what is chosen there."""
JOINER = "\u200d"
"""Keeps a family together, and a few scripts."""
TOGETHER = (
    {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "BOPOMOFO"},
    {"CJK", "IDEOGRAPHIC", "HANGUL"},
)
"""Scripts that one word is written in."""
LETTERS = ("Ll", "Lu", "Lt", "Lo")
ENDING = "abcdefghijkmnpqrstuvwxyz23456789"


def room_name(text: str) -> str:
    """The name as it is kept. Raises BadRoomName."""
    name = " ".join(unicodedata.normalize("NFKC", text.translate(LOOKS)).split())
    if not name:
        raise BadRoomName(said("A room needs a name."))
    if len(name) > NAME_LIMIT:
        raise BadRoomName(said("A room's name holds at most {limit} characters."), limit=NAME_LIMIT)
    check(name)
    return name


def slug_of(name: str) -> str:
    """The address that a name makes. Raises BadRoomName when it has no letter and no digit."""
    slug = hyphenated(unicodedata.normalize("NFKC", name).casefold())[:SLUG_LIMIT].strip("-")
    if not has_letters(slug):
        raise BadRoomName(said("A room's name has a letter or a digit in it: its address is made of them."))
    return slug


def room_slug(text: str) -> str:
    """The address as it was given. Raises BadRoomName when it is none."""
    if len(text) > SLUG_LIMIT or not has_letters(text) or hyphenated(text.casefold()) != text:
        raise BadRoomName(
            said(
                "A room's address is at most {limit} small letters, digits and single hyphens between them, such as "
                "tide-sensors."
            ),
            limit=SLUG_LIMIT,
        )
    check(text)
    return text


def hidden_slug(slug: str) -> str:
    """The address of a private room. Its ending is made by chance, so that nobody finds out by a refusal that there is
    such a room."""
    ending = "".join(secrets.choice(ENDING) for _ in range(6))
    return f"{slug[: SLUG_LIMIT - 7].strip('-')}-{ending}"


def plain_line(text: str) -> str:
    """A topic as it is kept: one line, without what hides or overturns. Raises BadRequest when it is too long."""
    return " ".join(plain_text(text, TOPIC_LIMIT).split())


def plain_text(text: str, limit: int = DESCRIPTION_LIMIT) -> str:
    """A description as it is kept."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character in ("\n", JOINER) or unicodedata.category(character) not in UNSEEN
    ).strip()
    if len(kept) > limit:
        raise BadRequest("This is too long: at most {limit} characters are kept.", limit=limit)
    return kept


def hyphenated(text: str) -> str:
    """Its words, with everything else made one hyphen."""
    normal = unicodedata.normalize("NFKC", text)
    return "-".join("".join(each if is_of_a_word(each) else " " for each in normal).split())


def has_letters(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def check(text: str) -> None:
    check_seen(text)
    check_marks(text)
    check_scripts(text)


def check_seen(text: str) -> None:
    if any(unicodedata.category(character) in UNSEEN or character in BLANK for character in text):
        raise BadRoomName(said("There is a character in it that cannot be seen. Type it again."))


def check_marks(text: str) -> None:
    for is_mark, run in groupby(text, lambda character: unicodedata.category(character) in ("Mn", "Me")):
        if is_mark and len(list(run)) > MARKS:
            raise BadRoomName(said("There are too many accents on one letter."))


def check_scripts(text: str) -> None:
    """Each word is written in one script: a Cyrillic letter in a Latin word is there to deceive."""
    for word in hyphenated(text).split("-"):
        scripts = {script_of(character) for character in word if unicodedata.category(character) in LETTERS}
        if len(scripts) > 1 and not any(scripts <= together for together in TOGETHER):
            raise BadRoomName(said("One of its words mixes alphabets. Write each word in one of them."))


def script_of(letter: str) -> str:
    """The first word of its name, such as LATIN."""
    return re.split("[ -]", unicodedata.name(letter, "UNKNOWN"))[0]

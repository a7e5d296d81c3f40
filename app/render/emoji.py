"""Emoji: those that are written by name, between colons, and those that there are."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("emoji.txt")
NAMED = re.compile(r":([a-z0-9_+-]{1,40}):")
STANDING_ALONE = re.compile(rf"(?<![A-Za-z0-9_:/])(?:{NAMED.pattern})+(?![A-Za-z0-9_:])")
"""One or several. Inside of something else colons have a meaning of their own: `root:x:0`, `std::x::y`."""
GROUP = re.compile(r"\[(\w+)\]")

TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
TAKES_TONE = re.compile(
    "[\u261d\u26f9\u270a-\u270d\U0001f385\U0001f3c2-\U0001f3c4\U0001f3c7\U0001f3ca-\U0001f3cc\U0001f442\U0001f443"
    "\U0001f446-\U0001f450\U0001f466-\U0001f469\U0001f46b-\U0001f46e\U0001f470-\U0001f478\U0001f47c\U0001f481-\U0001f483"
    "\U0001f485-\U0001f487\U0001f48f\U0001f491\U0001f4aa\U0001f574\U0001f575\U0001f57a\U0001f590\U0001f595\U0001f596"
    "\U0001f645-\U0001f647\U0001f64b-\U0001f64f\U0001f6a3\U0001f6b4-\U0001f6b6\U0001f6c0\U0001f6cc\U0001f90c\U0001f90f"
    "\U0001f918-\U0001f91f\U0001f926\U0001f930-\U0001f939\U0001f93d\U0001f93e\U0001f977\U0001f9b5\U0001f9b6\U0001f9b8"
    "\U0001f9b9\U0001f9bb\U0001f9cd-\U0001f9cf\U0001f9d1-\U0001f9dd\U0001fac3-\U0001fac5\U0001faf0-\U0001faf8]"
)
"""Emoji_Modifier_Base of Unicode 15, without families, wrestlers and people with bunny ears, which fonts draw in one
colour only (UTS #51)."""
AS_EMOJI = "\ufe0f"
"""Behind a character that may be drawn as a letter, too. Keyboards leave it out, or put it where it is not needed."""


def with_emoji(text: str) -> str:
    """The text with `:tada:` as the character. What is no name stays as it is."""
    return STANDING_ALONE.sub(lambda run: NAMED.sub(character, run[0]), text)


def character(named: re.Match[str]) -> str:
    return characters().get(named[1], named[0])


def spelled(emoji: str) -> str | None:
    """An emoji, in whatever skin tone, in the one spelling that it has here; None: this is no emoji."""
    return _spellings().get(emoji.replace(AS_EMOJI, ""))


def takes_tone(emoji: str) -> bool:
    """Whether there is one for each skin tone. Of two people each would have their own."""
    return len(TAKES_TONE.findall(emoji)) == 1


def toned(emoji: str, tone: str) -> str:
    return emoji[0] + tone + emoji[1:].removeprefix(AS_EMOJI)


@cache
def characters() -> dict[str, str]:
    """By name."""
    return {name: emoji for group in groups().values() for emoji, names in group for name in names}


@cache
def groups() -> dict[str, list[tuple[str, list[str]]]]:
    """Every emoji with its names, in the order in which they are shown."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    group: list[tuple[str, list[str]]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if named := GROUP.fullmatch(line):
            group = found.setdefault(named[1], [])
        elif not line.startswith("# "):
            emoji, *names = line.split()
            group.append((emoji, names))
    return found


def as_module() -> bytes:
    """The table as a module of the page's script: by group, each emoji with its names and whether it takes a tone."""
    table = {
        group: [[emoji, " ".join(names), int(takes_tone(emoji))] for emoji, names in listed]
        for group, listed in groups().items()
    }
    return f"export const GROUPS = {json.dumps(table, ensure_ascii=False, separators=(',', ':'))};\n".encode()


@cache
def _spellings() -> dict[str, str]:
    """By what they are without AS_EMOJI."""
    return {each.replace(AS_EMOJI, ""): each for each in _all()}


def _all() -> Iterator[str]:
    for group in groups().values():
        for emoji, _ in group:
            yield emoji
            if takes_tone(emoji):
                yield from (toned(emoji, tone) for tone in TONES)

"""Choosing an emoji by its name."""

from rich.text import Text

from clients.terminal.completion import emoji_names
from clients.terminal.picker import Choice, Picker

USUAL = ("+1", "heart", "joy", "tada", "open_mouth", "cry", "eyes", "white_check_mark")
MOST = 40


class Reacting(Picker):
    placeholder = "React with …"

    def choices(self, query: str) -> list[Choice]:
        names = emoji_names()
        wanted = query.strip(": ").casefold()
        found = [name for name in names if wanted in name] if wanted else [name for name in USUAL if name in names]
        if wanted:
            found.sort(key=lambda name: (not name.startswith(wanted), len(name), name))
        shown = {names[name]: name for name in reversed(found[:MOST])}
        return [Choice(emoji, Text(f"{emoji}  :{name}:")) for emoji, name in reversed(shown.items())]

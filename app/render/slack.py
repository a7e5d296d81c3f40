"""What programs that were written for Slack send as a message, in our Markdown."""

import re

ANGLED = re.compile(r"<([!@#][^<>|\n]+|[a-z][a-z0-9+.-]*:[^<>|\s]+)(?:\|([^<>\n]*))?>", re.IGNORECASE)
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""The three that Slack wants escaped, in the order in which none makes another one."""
CALLS = {"here": "@here", "channel": "@all", "everyone": "@all"}
IN_NAMES = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\"})
IN_URLS = str.maketrans({"(": "%28", ")": "%29"})


def markdown_of(text: str) -> str:
    """Links and names as we write them, and no entities; all else stays, for what both call emphasis is much the same.

    What calls people, or names somebody there by an id, is a word here."""
    shown = ANGLED.sub(lambda found: written(found[1], found[2]), text)
    for entity, character in ENTITIES:
        shown = shown.replace(entity, character)
    return shown


def written(target: str, name: str | None) -> str:
    """What stood between `<` and `>`, before and behind the `|`."""
    if target.startswith("!"):
        return CALLS.get(target[1:]) or name or target[1:]
    if target[0] in "@#":
        return f"{target[0]}{name or target[1:]}"
    if not name or name == target:
        return target
    return f"[{name.translate(IN_NAMES)}]({target.translate(IN_URLS)})"

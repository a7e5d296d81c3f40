"""What is meant by a text that begins with a slash: as the page has it (static/js/core/slash.js)."""

import re
from typing import NamedTuple

from app.protocol.events import MessageKind

COMMAND = re.compile(r"/([a-z][a-z-]*)(?:\s+(.*))?\Z", re.IGNORECASE | re.DOTALL)
SHRUG = "¯\\_(ツ)_/¯"


class UnknownCommand(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no command /{name} here. Write //{name} to send it as text.")


class Meant(NamedTuple):
    text: str
    kind: MessageKind = "msg"


def meant_by(text: str) -> Meant:
    """Raises UnknownCommand. Two slashes are one that was meant so; a path is text."""
    if re.match(r"//\w", text):
        return Meant(text[1:])
    command = COMMAND.match(text)
    if command is None:
        return Meant(text)
    name, rest = command[1].lower(), (command[2] or "").strip()
    if name == "me" and rest:
        return Meant(rest, "me")
    if name == "shrug":
        return Meant(f"{rest} {SHRUG}".strip())
    raise UnknownCommand(name)

"""What one may ask of a room only in it, and how a refusal is compared with another."""

import secrets
from typing import Any

from tests.faults.client import Event

UNKNOWN = 999_999_999
"""A room that does not exist."""


def commands_of_members(room: int, person: int, epoch: str) -> list[Event]:
    """Every command that takes being in the room; `person` is somebody who is."""

    def command(kind: str, **fields: Any) -> Event:
        return {"type": kind, "room": room, **fields}

    return [
        command("message.list"),
        command("message.list", before=5),
        command("message.send", nonce=secrets.token_urlsafe(16), text="once more"),
        command("room.open"),
        command("room.open", epoch=epoch, since=1),
        command("room.read", number=1),
        command("room.unread", number=1),
        command("room.prefer", muted=True),
        command("room.type"),
        command("room.members", here=True),
        command("room.members", here=False),
        command("people.search", prefix="p"),
        command("thread.open", number=1),
        command("draft.save", text="begun"),
        command("room.change", topic="mine"),
        command("room.add", person=person),
        command("room.remove", person=person),
        command("room.leave"),
        command("room.join"),
    ]


def without_ref(answer: Event) -> Event:
    return {name: value for name, value in answer.items() if name != "ref"}

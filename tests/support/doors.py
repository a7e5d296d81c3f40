"""Every command with values that fit, and every address with one that exists."""

from typing import Any

import msgspec
from tornado.routing import URLSpec

from app.assets import Assets
from app.chat.rights import Action
from app.handlers.api.base import Method
from app.handlers.api.routes import EMOJI
from app.models import User
from app.protocol.commands import Command
from app.urls import DAY, FILE, NUMBER, SLUG, VERSION, routes
from tests.support.house import new_nonce


def rights_of(spec: URLSpec) -> list[tuple[Method | None, Action]]:
    operations = (spec.kwargs or {}).get("operations")
    if operations is None:
        return [(None, spec.handler_class.action)]
    return [(method, operation.action) for method, operation in operations.items()]


SPECS = routes(Assets(debug=True))
ADDRESSES = {spec.regex.pattern: spec.handler_class for spec in SPECS}
"""The handler of each pattern."""
RIGHTS: list[tuple[str, Method | None, Action]] = [
    (spec.regex.pattern, method, action) for spec in SPECS for method, action in rights_of(spec)
]
"""The right that each address takes, at the API by its methods."""


def command_in(kind: type[Command], room: int, person: User) -> Command:
    """A command of this kind, about this room and this person, who is to have the role that they have."""
    values: dict[str, Any] = {
        "ref": 0,
        "room": room,
        "person": person.id,
        "role": person.role,
        "nonce": new_nonce(),
        "text": "hello",
        "number": 1,
        "emoji": "👍",
        "here": True,
        "idle": True,
        "prefix": "a",
        "name": "Annex",
        "kind": "public",
        "reason": "spam",
        "minutes": 10,
        "act": 999_999,
        "arrival": 1,
        "let_in": True,
        "people": [],
        "on": True,
    }
    return kind(**{field.name: values[field.name] for field in msgspec.structs.fields(kind) if field.required})


def written(pattern: str) -> str:
    """A pattern as docs/rights.md writes it."""
    bare = pattern.removesuffix("$").removeprefix("(?:https?://[^/]+)?").replace("\\", "")
    for part, name in (
        (SLUG, "SLUG"),
        (DAY, "DAY"),
        (NUMBER, "NUMBER"),
        (VERSION, "VERSION"),
        (FILE, "FILE"),
        (EMOJI, "EMOJI"),
        (".*", ""),
    ):
        bare = bare.replace(f"({part})", name)
    return bare


def path_of(pattern: str) -> str:
    return (
        written(pattern)
        .replace("SLUG", "general")
        .replace("NUMBER", "1")
        .replace("DAY", "2025-11-14")
        .replace("VERSION", 16 * "0")
        .replace("FILE", 32 * "0")
        .replace("EMOJI", "%F0%9F%91%8D")
    )

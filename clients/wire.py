"""What a connection asks of whatever carries its commands and events."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_event
from app.protocol.commands import Command
from app.protocol.events import AnyEvent
from clients.failures import BROKEN, Ended, Incompatible

OPEN_LIMIT = 20.0
"""Seconds for a line to come about."""
BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of one event: many times the longest answer. A server cannot make a client hold more."""


class Wire(Protocol):
    """One line to a server. It is open when it is made, and does not come back."""

    def say(self, command: Command) -> None:
        """Without waiting. What is said to a line that has ended is lost."""

    async def hear(self) -> AnyEvent:
        """The next event. Raises Ended, and Incompatible."""

    def close(self) -> None:
        """Give it up, once or more often."""


class _Kind(msgspec.Struct):
    type: str


_kinds = msgspec.json.Decoder(_Kind)


def encode(command: Command) -> bytes:
    return msgspec.json.encode(command)


def decode(body: bytes) -> AnyEvent | None:
    """None for an event of a kind that a later server may have: who keeps to the numbers misses nothing by that.

    Raises Ended for what is no event, and Incompatible for one that has other fields than it should."""
    try:
        return decode_event(body)
    except msgspec.ValidationError as problem:
        if str(problem).endswith("- at `$.type`"):
            return None
        raise Incompatible(_kind(body)) from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Ended(BROKEN) from problem


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds after which an answer over HTTP asks to come again, where it does."""
    wait = headers.get("Retry-After", "")
    return float(wait) if wait.isascii() and wait.isdecimal() else None


def code_for(status: int) -> int:
    """The close code that stands for an answer over HTTP that lets nobody in."""
    return {401: CloseCode.NOT_SIGNED_IN, 403: CloseCode.POLICY_VIOLATION}.get(status, BROKEN)


def _kind(body: bytes) -> str:
    try:
        return _kinds.decode(body).type[:40]
    except msgspec.DecodeError:
        return "no event"

"""What can go wrong for a client.

ClientError
 +-- BadAddress       this is no address of a server
 +-- Unreachable      nobody answers there
 +-- Disconnected     the line broke before the answer; whether the command was carried out is unknown
 +-- NoAnswer         the line lives, and no answer came
 +-- Refused          the server said no: `code` is one of docs/protocol.md
 +-- RoomGone         the person is not in the room any more
 +-- Incompatible     the server says what this client does not understand
 +-- Ended            the connection is over, and does not come back by itself
      +-- SignedOut   until somebody signs in again
      +-- Banned      the person was put out of the community
"""

from copy import copy
from typing import Self

from app.protocol.close_codes import CloseCode
from app.protocol.events import Problem

BROKEN = 1006
"""The code of a connection that ended without one (RFC 6455 section 7.1.5)."""


class ClientError(Exception):
    """Base of all. `text` is what was to be sent, where that was a message: nothing that was written is lost."""

    text: str = ""

    def of(self, text: str) -> Self:
        """The same, of this message."""
        error = copy(self)
        error.text = text
        return error


class BadAddress(ClientError):
    pass


class Unreachable(ClientError):
    pass


class Disconnected(ClientError):
    def __init__(self) -> None:
        super().__init__("The connection broke before the answer came.")


class NoAnswer(ClientError):
    def __init__(self) -> None:
        super().__init__("The server did not answer.")


class Refused(ClientError):
    """`temporary`: the same may work later, after `retry_after` seconds if that is known."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
        self.code = problem.code
        self.temporary = problem.temporary
        self.retry_after = problem.retry_after

    def __str__(self) -> str:
        return self.problem.message


class RoomGone(ClientError):
    def __init__(self) -> None:
        super().__init__("You are not in this room any more.")


class RoomClosed(RoomGone):
    pass


class Incompatible(ClientError):
    def __init__(self, what: str) -> None:
        super().__init__(f"The server says something that this client does not understand ({what}). Update the client.")


class Ended(ClientError):
    """A line ended with the close code `code`; raised to who uses the library only when it does not come back."""

    def __init__(self, code: int, reason: str = "", retry_after: float | None = None) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason
        self.retry_after = retry_after
        """Seconds, where the server said so."""

    def __str__(self) -> str:
        return self.reason or _sentence(self.code)


class SignedOut(Ended):
    pass


class Banned(Ended):
    pass


def for_good(ended: Ended) -> Ended:
    """What to tell of a line that does not come back."""
    if ended.code in {CloseCode.SESSION_ENDED, CloseCode.NOT_SIGNED_IN}:
        return SignedOut(ended.code, ended.reason)
    return (Banned if ended.code == CloseCode.BANNED else Ended)(ended.code, ended.reason)


def _sentence(code: int) -> str:
    try:
        return CloseCode(code).sentence
    except ValueError:
        return f"The connection ended ({code})."

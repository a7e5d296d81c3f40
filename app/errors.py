"""Everything that can go wrong and be said to somebody.

    RoostError
     +-- BadRequest            bad_request            400
     |    +-- BadCommand       bad_command            400
     |    +-- TextTooLong      text_too_long          400
     |    +-- TextEmpty        text_empty             400
     +-- NotSignedIn           not_signed_in          401
     +-- Forbidden             forbidden              403
     +-- NotFound              not_found              404
     +-- TooFast               too_fast               429  temporary
     +-- Unavailable           unavailable            503  temporary
     +-- StorageFull           storage                503  temporary
     +-- SettingsError         settings               500
     |    +-- SettingsMissing  settings_missing       500
     +-- SignInFailed          sign_in                400

An error keeps data; the sentence is made from it in `message`. Sentences are safe to show: they never hold a secret, a
path or somebody else's text.
"""

from typing import ClassVar


class RoostError(Exception):
    """Base of all errors with a stable `code`; `temporary` tells a client that the same request may work later."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    temporary: ClassVar[bool] = False
    sentence: ClassVar[str] = "Something broke on our side. It has been written down."

    @property
    def message(self) -> str:
        return self.sentence

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before trying again, or None when waiting does not help or is up to the client."""
        return None

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class BadRequest(RoostError):
    """The request makes no sense as it stands; `reason` says what to change."""

    code = "bad_request"
    status = 400

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def message(self) -> str:
        return self.reason


class BadCommand(BadRequest):
    """A command that does not decode: unknown type, missing or extra field, value out of bounds."""

    code = "bad_command"


class TextTooLong(BadRequest):
    code = "text_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A message holds at most {limit:,} characters. Shorten it, or send it as two.")
        self.limit = limit


class TextEmpty(BadRequest):
    code = "text_empty"

    def __init__(self) -> None:
        super().__init__("There is nothing to send yet. Write something first.")


class NotSignedIn(RoostError):
    code = "not_signed_in"
    status = 401
    sentence = "You are signed out. Sign in and try again."


class Forbidden(RoostError):
    code = "forbidden"
    status = 403
    sentence = "You may not do this."


class NotFound(RoostError):
    """Absent, or not for the person who asks: the two look alike on purpose."""

    code = "not_found"
    status = 404
    sentence = "There is nothing here, or it is not for you."


class TooFast(RoostError):
    """A rate limit; `seconds` is how long to wait."""

    code = "too_fast"
    status = 429
    temporary = True

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def message(self) -> str:
        return f"That was too fast. Try again in {max(1, round(self.seconds))} s."

    @property
    def retry_after(self) -> float:
        return round(self.seconds, 3)


class Unavailable(RoostError):
    """The database cannot be reached; nothing was stored."""

    code = "unavailable"
    status = 503
    temporary = True
    sentence = "The server cannot reach its database just now. Try again in a moment."

    @property
    def retry_after(self) -> float:
        return 2.0


class StorageFull(RoostError):
    """The disk is full or failing; nothing was stored, reading goes on."""

    code = "storage"
    status = 503
    temporary = True
    sentence = "The server's disk is full or failing, so nothing new can be kept. Its operator has been told."

    @property
    def retry_after(self) -> float:
        return 5.0


class SettingsError(RoostError):
    """Wrong or missing settings, all of them: `problems` maps a variable's name to what is wrong and the cure."""

    code = "settings"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems

    @property
    def message(self) -> str:
        return "\n".join(f"{name}: {problem}" for name, problem in self.problems.items())


class SettingsMissing(SettingsError):
    """What a new app on a host still lacks, while nothing is wrong. `commands` maps each variable that is needed to the
    command that sets it, `for_sign_in` those without which nobody can sign in; a page can say so on `port`."""

    code = "settings_missing"

    def __init__(self, commands: dict[str, str], for_sign_in: dict[str, str], port: int) -> None:
        super().__init__({name: f"It is missing. Set it with: {command}" for name, command in commands.items()})
        self.commands = commands
        self.for_sign_in = for_sign_in
        self.port = port


class SignInFailed(RoostError):
    """Signing in with X did not work. `kind` says why: cancelled, expired, refused, not_configured, callback, clock or
    unavailable; the sign-in page has a sentence for each."""

    code = "sign_in"
    status = 400

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    @property
    def message(self) -> str:
        return f"Signing in with X did not work ({self.kind}). Try again."

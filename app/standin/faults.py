"""How the stand-in can be told to misbehave. Switched through the Python object by tests, never over HTTP."""

from dataclasses import dataclass
from enum import StrEnum


class ProfileFault(StrEnum):
    """Answers of the profile endpoints that X is known to give."""

    INVALID_TOKEN = "401 with code 89"
    NO_CREDITS = "402"
    NO_ACCESS = "403 with code 453"
    NOT_ENROLLED = "403 client-not-enrolled"
    RATE_LIMITED = "429 with code 88"
    UNAVAILABLE = "503"
    HTML = "200 with an HTML page"
    GARBAGE = "200 with invalid JSON"
    WRONG_SHAPE = "200 with JSON of another shape"
    HANG = "no answer"
    CUT = "connection cut"
    OTHER_PERSON = "the profile of somebody else"


class TokenFault(StrEnum):
    """Answers of the two token endpoints."""

    NOT_CONFIRMED = "oauth_callback_confirmed=false"
    WRONG_CLOCK = "401 with code 135 and a Date header an hour ahead"
    NO_IDENTITY = "an access token without user_id"
    UNAVAILABLE = "503"
    BLOCKED = "403 with an HTML page"
    HTML = "200 with an HTML page"
    NOT_TEXT = "200 with bytes that are not UTF-8"
    TOO_LONG = "200 with a body without end"
    HANG = "no answer"
    CUT = "connection cut"
    CUT_ONCE = "connection cut, the first time"


class PictureFault(StrEnum):
    """Answers of the host of pictures."""

    GONE = "404"
    LARGE_ONE_GONE = "404 for the largest size"
    ELSEWHERE = "302 to another host"
    HTML = "200 with an HTML page that is called a picture"
    TOO_LONG = "200 with a picture without end"
    HANG = "no answer"
    CUT = "connection cut"


@dataclass
class Faults:
    request_token: TokenFault | None = None
    access_token: TokenFault | None = None
    users_me: ProfileFault | None = None
    verify_credentials: ProfileFault | None = None
    picture: PictureFault | None = None
    no_verifier: bool = False
    callback_refused_as_json: bool = False

    def profiles(self, fault: ProfileFault | None) -> None:
        """Both profile endpoints at once."""
        self.users_me = self.verify_credentials = fault

"""Why a connection ends, and whether the client should come back.

Below 3000 the codes are those of RFC 6455 section 7.4.1 and its registry. Ours: 3000 to 3499 "come back", 3500 to 3999
"stay away until a person has done something".
"""

from enum import IntEnum

# What an endpoint may put into a close frame (RFC 6455 section 7.4 and its registry): not 1004 to 1006, not 1015.
_SENDABLE = (range(1000, 1004), range(1007, 1015), range(3000, 5000))
_STAY_AWAY = range(3500, 4000)


class CloseCode(IntEnum):
    """The codes this server closes with."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    BAD_DATA = 1007
    POLICY_VIOLATION = 1008
    TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    RESTARTING = 1012
    TRY_AGAIN_LATER = 1013
    SLOW = 3001
    SESSION_ENDED = 3500
    NOT_SIGNED_IN = 3501
    TOO_MANY_CONNECTIONS = 3502
    BANNED = 3503

    @property
    def sentence(self) -> str:
        """For the person in front of the client and for the close frame; at most 123 bytes."""
        return _SENTENCES[self]


def should_come_back(code: int) -> bool:
    """Whether a client that was closed with this code, known here or not, reconnects by itself.

    It does not when the talk is over or when it would do again what it was closed for. It does after a connection that
    broke without a close frame (1005, 1006).
    """
    return code not in _FINAL_CODES and code not in _STAY_AWAY


def may_be_sent(code: int) -> bool:
    """Whether a close frame may carry this code; any other in a received frame is a protocol error, never echoed."""
    return any(code in codes for codes in _SENDABLE)


_FINAL_CODES = frozenset(
    (
        CloseCode.NORMAL,
        CloseCode.PROTOCOL_ERROR,
        CloseCode.UNSUPPORTED_DATA,
        CloseCode.BAD_DATA,
        CloseCode.POLICY_VIOLATION,
        CloseCode.TOO_BIG,
    )
)

_SENTENCES = {
    CloseCode.NORMAL: "The conversation is over.",
    CloseCode.GOING_AWAY: "The other side went away.",
    CloseCode.PROTOCOL_ERROR: "The frames did not follow the protocol.",
    CloseCode.UNSUPPORTED_DATA: "Only text frames are understood here.",
    CloseCode.BAD_DATA: "The text was not valid UTF-8.",
    CloseCode.POLICY_VIOLATION: "That is not allowed here.",
    CloseCode.TOO_BIG: "The message was too big.",
    CloseCode.INTERNAL_ERROR: "Something went wrong on the server.",
    CloseCode.RESTARTING: "The server is restarting.",
    CloseCode.TRY_AGAIN_LATER: "The server cannot serve this connection just now.",
    CloseCode.SLOW: "The connection could not keep up.",
    CloseCode.SESSION_ENDED: "You were signed out.",
    CloseCode.NOT_SIGNED_IN: "Sign in first.",
    CloseCode.TOO_MANY_CONNECTIONS: "Too many connections are open for this account.",
    CloseCode.BANNED: "You were banned from this community.",
}

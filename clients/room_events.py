"""What happens in a room that is open, as whoever reads it hears of it."""

from dataclasses import dataclass

from app.protocol.events import (
    MemberJoined,
    MemberLeft,
    MessageChanged,
    MessagePosted,
    ReactionsChanged,
    RoomChanged,
)
from app.protocol.fields import Id, Number


@dataclass(frozen=True, slots=True)
class RoomReset:
    """What was known of the room is not up to date, and what follows begins with its newest messages: more was missed
    than the server tells, or than was kept for a slow reader. `after` is the number of the last message that was told;
    None: another database tells now, whose numbers mean other messages."""

    room: Id
    after: Number | None


RoomEvent = MessagePosted | MessageChanged | ReactionsChanged | MemberJoined | MemberLeft | RoomChanged | RoomReset
Durable = MessagePosted | MessageChanged | ReactionsChanged | MemberJoined | MemberLeft | RoomChanged

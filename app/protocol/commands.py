"""What a client may ask. Every command carries `ref`, which its reply repeats; unknown types and keys are refused."""

import msgspec

from app.protocol.fields import Epoch, Id, Nonce, Number, PageSize, Ref, Seq, Text


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of the commands. `ref` is the client's number for this request, unique among those under way."""

    ref: Ref


class SendMessage(Command, frozen=True, tag="message.send"):
    """Post `text` in `room`. The reply comes after the durable commit. Repeating a nonce returns the first result."""

    room: Id
    nonce: Nonce
    text: Text


class ListMessages(Command, frozen=True, tag="message.list"):
    """A page of history: the newest, or those `before`, `after` or `around` a number (at most one of the three)."""

    room: Id
    before: Number | None = None
    after: Number | None = None
    around: Number | None = None
    limit: PageSize = 50


class OpenRoom(Command, frozen=True, tag="room.open"):
    """Receive everything of `room` from here on. With `epoch` and `since` (the last seq seen) the reply holds what
    changed in between, or the newest page and `reset: true` when that is too much or cannot be told."""

    room: Id
    epoch: Epoch | None = None
    since: Seq | None = None


class CloseRoom(Command, frozen=True, tag="room.close"):
    """Receive only `room.activity` of `room` from here on."""

    room: Id


class ReadRoom(Command, frozen=True, tag="room.read"):
    """Everything up to `number` has been read. Never moves backwards."""

    room: Id
    number: Number


class TypeInRoom(Command, frozen=True, tag="room.type"):
    """The person is writing in `room`; send it at most every 3 s while the text changes."""

    room: Id


class Ping(Command, frozen=True, tag="ping"):
    """Answered at once with an empty reply: how a client that sees no control frames asks whether the line lives."""


AnyCommand = SendMessage | ListMessages | OpenRoom | CloseRoom | ReadRoom | TypeInRoom | Ping

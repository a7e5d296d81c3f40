"""What a server may say. Events that carry `seq` are durable changes of a room, numbered without holes; the others are
hints of the moment. Replies answer one command each and repeat its `ref`."""

from typing import Literal

import msgspec

from app.protocol.fields import Epoch, Id, Number, Ref, Seq

MessageKind = Literal["msg", "me"]


class Value(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of the shapes inside events."""


class Person(Value, frozen=True):
    """Who somebody is. `imported` people wrote elsewhere and cannot sign in."""

    id: Id
    handle: str
    name: str
    imported: bool = False


class Message(Value, frozen=True):
    """One message as everybody sees it. `html` is made by the server and safe to insert; `at` is its time (ms)."""

    number: Number
    seq: Seq
    author: Id
    at: int
    html: str
    text: str
    nonce: str
    kind: MessageKind = "msg"


class Room(Value, frozen=True):
    """A room in the sidebar of one member: `number` and `seq` are its heads, `read` the member's read marker."""

    id: Id
    slug: str
    name: str
    topic: str
    kind: Literal["public", "private"]
    number: Number
    seq: Seq
    read: Number


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type"):
    """Base of the events."""


class SessionStarted(Event, frozen=True, tag="session.started"):
    """First words on every connection: who you are, the database's epoch, your rooms, who is online, what holds here.

    `heartbeat` is the seconds between heartbeats; after 45 s of silence a client should reconnect (DELIVERY D9)."""

    epoch: Epoch
    person: Person
    rooms: list[Room]
    heartbeat: float
    text_limit: int


class MessagePosted(Event, frozen=True, tag="message.posted"):
    """Somebody posted. `person` is its author as known now."""

    room: Id
    seq: Seq
    message: Message
    person: Person


class MemberJoined(Event, frozen=True, tag="member.joined"):
    room: Id
    seq: Seq
    person: Person


class RoomJoined(Event, frozen=True, tag="room.joined"):
    """You became a member of `room`, from another place than this connection."""

    room: Room


class RoomActivity(Event, frozen=True, tag="room.activity"):
    """Something was posted in a room of yours that is not open here; at most once a second per room."""

    room: Id
    number: Number
    seq: Seq


class RoomRead(Event, frozen=True, tag="room.read"):
    """Your read marker moved, on this or another device."""

    room: Id
    number: Number


class TypingStarted(Event, frozen=True, tag="typing.started"):
    """`person` is writing in an open room; forget it after 5 s or with their next message."""

    room: Id
    person: Person


class PresenceChanged(Event, frozen=True, tag="presence.changed"):
    """So many people of an open room are connected now; at most once a second."""

    room: Id
    online: Number


class PersonChanged(Event, frozen=True, tag="person.changed"):
    """Somebody's handle or name is another now; old messages show it too."""

    person: Person


class Heartbeat(Event, frozen=True, tag="heartbeat"):
    """Every `heartbeat` seconds: heads (room id -> seq) of your rooms that changed since the last one (DELIVERY D6)."""

    heads: dict[str, Seq] = {}


class ServerRestarting(Event, frozen=True, tag="server.restarting"):
    """The server goes away on purpose; come back after `after` seconds and show no banner for 20 s (DELIVERY D10)."""

    after: float


class SessionEnded(Event, frozen=True, tag="session.ended"):
    """Session `session` of yours was ended; if it is this one, the connection closes next and must not come back by
    itself."""

    session: Id


class Problem(Value, frozen=True):
    """Why a command failed. `temporary`: the same command may work after `retry_after` seconds."""

    code: str
    message: str
    temporary: bool = False
    retry_after: float | None = None


class Failed(Event, frozen=True, tag="error"):
    """Answer to a command that failed. `ref` is absent when the command could not be read that far."""

    error: Problem
    ref: Ref | None = None


class Done(Event, frozen=True, tag="done"):
    """Answer to a command that has nothing to return."""

    ref: Ref


class Sent(Event, frozen=True, tag="sent"):
    """Answer to message.send: stored for ever as `number`. `dup`: it was there before, `message` is that one."""

    ref: Ref
    room: Id
    message: Message
    dup: bool = False


class Page(Event, frozen=True, tag="page"):
    """Answer to message.list, oldest first. `first` and `last` tell whether the page touches the room's begin and end;
    `people` are the authors in it."""

    ref: Ref
    room: Id
    messages: list[Message]
    people: list[Person]
    first: bool
    last: bool


class RoomOpened(Event, frozen=True, tag="opened"):
    """Answer to room.open; what follows live has a seq above `room.seq`.

    `reset: true`: forget what you hold of this room, `messages` is its newest page and `first` tells whether that is
    all. Otherwise `messages` are all rows changed since, in order of seq; with `more: true` only those up to
    `room.seq`, and another such answer follows by itself. `members` counts the room's people, `online` those connected
    now."""

    ref: Ref
    room: Room
    messages: list[Message]
    people: list[Person]
    members: Number
    online: Number
    reset: bool = False
    first: bool = False
    more: bool = False


AnyEvent = (
    SessionStarted
    | MessagePosted
    | MemberJoined
    | RoomJoined
    | RoomActivity
    | RoomRead
    | TypingStarted
    | PresenceChanged
    | PersonChanged
    | Heartbeat
    | ServerRestarting
    | SessionEnded
    | Failed
    | Done
    | Sent
    | Page
    | RoomOpened
)

"""What a server may say. Events that carry `seq` are durable changes of a room, numbered without holes; the others are
hints of the moment. Replies answer one command each and repeat its `ref`."""

from typing import Literal

import msgspec

from app.models import Deed, Level, Posting, Role, RoomKind, RoomRole
from app.models import Preferences as Preferences  # noqa: PLC0414  clients take it from here
from app.protocol.fields import Epoch, Id, Number, Ref, Seq

MessageKind = Literal["msg", "me"]
FileKind = Literal["image", "video", "audio", "file"]


class Value(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of the shapes inside events."""


class Person(Value, frozen=True):
    """Who somebody is. `imported` people wrote elsewhere and cannot sign in, `former` ones have deleted their account.
    A `bot` is by whose name a webhook speaks. `role` is that in the community. `avatar` is the address of their
    picture, which another picture does not share."""

    id: Id
    handle: str
    name: str
    imported: bool = False
    role: Role = "member"
    avatar: str | None = None
    former: bool = False
    bot: bool = False


class File(Value, frozen=True):
    """A file of a message, at the address `url`. `kind` is how it can be shown: "image", "video" and "audio" in place,
    "file" only to be saved. A picture is `width` by `height` pixels; its thumbnail, at the address `thumb`, is
    `thumb_width` by `thumb_height` and never moves, while the picture is `animated` or not. `size` are bytes; `alt` is
    what it shows, in its sender's words."""

    id: str
    url: str
    name: str
    type: str
    size: int
    kind: FileKind = "file"
    width: int = 0
    height: int = 0
    thumb: str | None = None
    thumb_width: int = 0
    thumb_height: int = 0
    animated: bool = False
    alt: str = ""


class Reaction(Value, frozen=True):
    """An `emoji` on a message; `people` are the ids of those who put it there, the first of them first."""

    emoji: str
    people: list[Id]


class ReactionChange(Value, frozen=True):
    """Somebody's `emoji` is on a message now, or not any more."""

    emoji: str
    person: Id
    on: bool = False


class Thread(Value, frozen=True):
    """The talk beside a message: `room` is where, `count` how many messages are in it, `at` the time of the last (ms),
    `people` who wrote last, three at most."""

    room: Id
    count: Number
    at: int
    people: list[Id] = []


class Card(Value, frozen=True):
    """What the link `url` of a message leads to, in plain text: a page, or a post on X, which has a `date` in X's words
    and is said by `title`."""

    url: str
    title: str
    kind: Literal["link", "post"] = "link"
    site: str = ""
    text: str = ""
    date: str = ""


class Message(Value, frozen=True):
    """One message as everybody sees it. `html` is made by the server and safe to insert; `at` is its time (ms), and
    `edited` that of its last edit; `mentions` are the ids of those whom it mentions by name, `told` those whom it calls
    together, "all" being everybody in the room; `reply_to` is the number of the message of the room that it answers,
    `pinned` is who pinned it; `reactions` come in the order of their first use. A `removed` one has neither `html` nor
    `text`; `removed_by` is who did it, unless that was its author; `answered`: a message that was there answered it.
    `card` is of its first link, once that was looked up. `thread` is what is said beside it."""

    number: Number
    seq: Seq
    author: Id
    at: int
    nonce: str
    html: str = ""
    text: str = ""
    kind: MessageKind = "msg"
    edited: int | None = None
    removed: bool = False
    removed_by: Id | None = None
    mentions: list[Id] = []
    reactions: list[Reaction] = []
    card: Card | None = None
    pinned: Id | None = None
    told: Literal["all"] | tuple[Id, ...] | None = None
    reply_to: Id | None = None
    answered: bool = False
    thread: Thread | None = None
    files: list[File] = []


class Room(Value, frozen=True):
    """A room in the sidebar of one member: `number` and `seq` are its heads, `read` the member's read marker, `role`
    theirs in it, `created` the time (ms) it was made. From `favourite` to `level` it is how they want to have it
    (`room.prefer`); `mentions` are numbers of messages past the marker that mention them, as session.started has them.

    A direct room has no name: `people` are all whose talk it is, `here` those of them who are connected, `idle` those
    of `here` who do nothing, and `at` is when something was posted in it last (ms). A thread has none either, but an
    `at`: it is about message `root` of the room `parent`, and `hidden` while its person does not follow it."""

    id: Id
    slug: str
    name: str
    topic: str
    kind: RoomKind
    number: Number
    seq: Seq
    read: Number
    created: int
    description: str = ""
    posting: Posting = "everybody"
    slow_seconds: int = 0
    archived: bool = False
    is_default: bool = False
    role: RoomRole = "member"
    people: list[Person] = []
    here: list[Id] = []
    idle: list[Id] = []
    at: int = 0
    is_readable: bool = False
    is_unlisted: bool = False
    cards: bool = True
    favourite: bool = False
    muted: bool = False
    hidden: bool = False
    level: Level = "default"
    mentions: list[Number] = []
    parent: Id | None = None
    root: Number | None = None


class Listing(Value, frozen=True):
    """A room of the directory: `members` counts its people, `at` is when something was posted last (ms; 0: never),
    `joined` tells whether who asked is in it."""

    id: Id
    slug: str
    name: str
    topic: str
    kind: RoomKind
    members: Number
    at: int
    description: str = ""
    archived: bool = False
    joined: bool = False


class Busy(Value, frozen=True):
    """A room of one member with something new to them: its last `message`, by `person`, and `since` when (ms)."""

    room: Id
    message: Message
    person: Person
    since: int


class Draft(Value, frozen=True):
    """What its person has begun to write in a room; `at` orders the states of one draft. Emptied, it has no text."""

    room: Id
    text: str
    at: int


class Version(Value, frozen=True):
    """What a message said before it was edited for the `version`-th time, and when that was written (ms)."""

    version: Id
    text: str
    at: int


class Mention(Value, frozen=True):
    """A `message` of a room that mentions the one who asked, or answers theirs; `id` is only for the next page.
    `quoted` is what it answers, if anything. Of a thread `parent` and `root` tell where it is."""

    id: Id
    room: Id
    message: Message
    quoted: Message | None = None
    parent: Id | None = None
    root: Number | None = None


class Followed(Value, frozen=True):
    """A thread that the one who asked follows, as a `room` of theirs, and the `message` that it is about."""

    room: Room
    message: Message


class Line(Value, frozen=True):
    """The beginning of a message that stands beside another one."""

    number: Number
    author: Id
    text: str


class Hit(Value, frozen=True):
    """A message that was found, in whose HTML `<mark>` is around what was looked for, and its neighbours. Of a thread
    `parent` and `root` tell where it is."""

    room: Id
    message: Message
    before: Line | None = None
    after: Line | None = None
    parent: Id | None = None
    root: Number | None = None


class Chip(Value, frozen=True):
    """A filter of a search, as it stands in the `text`."""

    kind: Literal["from", "in", "before", "after", "on", "has", "mentions"]
    value: str
    text: str


class SavedMessage(Value, frozen=True):
    """A `message` of a room that the one who asked has saved; in the words of a mention."""

    id: Id
    room: Id
    message: Message
    quoted: Message | None = None
    parent: Id | None = None
    root: Number | None = None


class FormerHandle(Value, frozen=True):
    """What somebody was called here `until` a time (ms)."""

    handle: str
    until: int


class Namesake(Value, frozen=True):
    """Somebody else who had a handle `until` a time (ms), or who is shown under it still. `person` only where you share
    a room with them."""

    until: int | None = None
    person: Person | None = None


class Act(Value, frozen=True):
    """One entry of the log of acts: `actor` did `what` to `person`, in `room`, `at` this time (ms), and it was `undone`
    at that one. Without an actor it was done on the server's command line."""

    id: Id
    what: Deed
    at: int
    actor: Id | None = None
    person: Id | None = None
    room: Id | None = None
    details: dict[str, str | int] = {}
    undone: int | None = None


class Restraint(Value, frozen=True):
    """What holds you back: you post nothing before `muted_until` (ms), which is in `muted_for` milliseconds; and for
    `new_for` milliseconds you are new here."""

    muted_until: int = 0
    muted_for: int = 0
    new_for: int = 0


class Arrival(Value, frozen=True):
    """Somebody who signed in with X and waits since `at` (ms) to be let in, or was `refused`. They are no person here
    yet: `id` is only for the answer."""

    id: Id
    handle: str
    name: str
    at: int
    refused: bool = False


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type"):
    """Base of the events."""


class SessionStarted(Event, frozen=True, tag="session.started"):
    """First words on every connection: who you are, the database's epoch, your rooms and settings, what holds here,
    your drafts that have a text, whom you have blocked, and those `threads` that you follow in which something is new
    to you, or in which you have a draft, of very many the newest.

    `heartbeat` is the seconds between heartbeats; after 45 s of silence a client should reconnect (DELIVERY D9).
    `release` names the files that the server gives to pages: a page of another one is out of date. `edit_minutes` is
    for how long one may edit what one has sent; 0: for ever. `file_limit` are the bytes of the largest file that is
    taken; 0: none is."""

    epoch: Epoch
    person: Person
    rooms: list[Room]
    heartbeat: float
    text_limit: int
    preferences: Preferences
    drafts: list[Draft] = []
    release: str = ""
    blocked: list[Id] = []
    edit_minutes: int = 0
    file_limit: int = 0
    restraint: Restraint | None = None
    reports: Number = 0
    threads: list[Room] = []


class MessagePosted(Event, frozen=True, tag="message.posted"):
    """Somebody posted. `person` is its author as known now, `people` are those whom it mentions; `quoted` is what it
    answers, as that is now."""

    room: Id
    seq: Seq
    message: Message
    person: Person
    people: list[Person] = []
    quoted: list[Message] = []


class MentionPosted(Event, frozen=True, tag="mention.posted"):
    """Message `number` of a room of yours mentions you, or answers one of yours, whether it is open here or not. `by`
    is told where it calls everybody: its author, who is not meant, and neither is whoever has blocked them."""

    room: Id
    number: Number
    by: Id | None = None


class MessageChanged(Event, frozen=True, tag="message.changed"):
    """A message is this one now: it was edited, removed, or put back. `people` and `quoted` as of one posted."""

    room: Id
    seq: Seq
    message: Message
    people: list[Person] = []
    quoted: list[Message] = []


class ReactionsChanged(Event, frozen=True, tag="reactions.changed"):
    """What people put on message `number`, or took away from it, in this order. `people` are those who put something
    there. It is nothing to read: it marks no room as unread."""

    room: Id
    seq: Seq
    number: Number
    changes: list[ReactionChange]
    people: list[Person] = []


class MessageSaved(Event, frozen=True, tag="message.saved"):
    """You have saved message `number` of a room of yours, on this or another device, or have it saved no longer."""

    room: Id
    number: Number
    on: bool


class MemberJoined(Event, frozen=True, tag="member.joined"):
    room: Id
    seq: Seq
    person: Person


class MemberLeft(Event, frozen=True, tag="member.left"):
    """Somebody is not in the room any more: they left, or `by` took them out."""

    room: Id
    seq: Seq
    person: Person
    by: Id | None = None


class RoomChanged(Event, frozen=True, tag="room.changed"):
    """The room is called so now, and has these rules: all of them, also those that are as before. Members hear it
    whether they have the room open or not."""

    room: Id
    seq: Seq
    slug: str
    name: str
    topic: str
    kind: RoomKind
    description: str = ""
    posting: Posting = "everybody"
    slow_seconds: int = 0
    archived: bool = False
    is_default: bool = False
    is_readable: bool = False
    is_unlisted: bool = False
    cards: bool = True


class RoomRemoved(Event, frozen=True, tag="room.removed"):
    """You are not in `room` any more, and hear nothing of it that came after `seq`: you left it, on this or another
    device, or the person `by` took you out."""

    room: Id
    seq: Seq
    by: Id | None = None


class RoomJoined(Event, frozen=True, tag="room.joined"):
    """You became a member of `room`, from another place than this connection; or something was posted for the first
    time in a direct room of yours, or something that is new to you in a thread that you follow."""

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


class RoomUnread(Event, frozen=True, tag="room.unread"):
    """Your read marker was moved back to `number`, on this or another device; show what follows as unread until you
    leave the room. `mentions` are the messages past it that mention you."""

    room: Id
    number: Number
    mentions: list[Number] = []


class RoomPreferred(Event, frozen=True, tag="room.preferred"):
    """You want to have the room like this now, as you chose on this or another device."""

    room: Id
    favourite: bool = False
    muted: bool = False
    hidden: bool = False
    level: Level = "default"


class DraftChanged(Event, frozen=True, tag="draft.changed"):
    """A draft of yours is another one now, written on this or another device."""

    draft: Draft


class PreferencesChanged(Event, frozen=True, tag="preferences.changed"):
    """Your settings are these now, changed on this or another device."""

    preferences: Preferences


class TypingStarted(Event, frozen=True, tag="typing.started"):
    """`person` is writing in an open room; forget it after 5 s or with their next message."""

    room: Id
    person: Person


class PresenceChanged(Event, frozen=True, tag="presence.changed"):
    """So many people of an open room, or of a direct one, are connected now; at most once a second. `came` and `went`
    name those of the difference, unless they are too many: then all is empty. `idle` are people who are connected and
    do nothing now; who did nothing and does something again is in `came`."""

    room: Id
    online: Number
    came: list[Id] = []
    went: list[Id] = []
    idle: list[Id] = []


class PersonChanged(Event, frozen=True, tag="person.changed"):
    """Somebody's handle, name or role is another now; old messages show it too."""

    person: Person


class RestraintChanged(Event, frozen=True, tag="restraint.changed"):
    """What holds you back is this now. Nobody else hears of it."""

    restraint: Restraint | None = None


class ReportsChanged(Event, frozen=True, tag="reports.changed"):
    """So many people and messages that were reported wait for a moderator now. Only those hear it who may answer."""

    count: Number


class WaitingChanged(Event, frozen=True, tag="waiting.changed"):
    """So many people wait to be let in now. Only those hear it who may let them in."""

    count: Number


class PersonBlocked(Event, frozen=True, tag="person.blocked"):
    """You have blocked `person`, on this or another device, or you have not any more. Nobody else hears of it."""

    person: Person
    blocked: bool


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
    """Why a command failed. `temporary`: the same command may work after `retry_after` seconds.

    `message` is `sentence` with `values` in its {places}; both are absent when it has none.
    """

    code: str
    message: str
    temporary: bool = False
    retry_after: float | None = None
    sentence: str | None = None
    values: dict[str, str | int] | None = None


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


class Edited(Event, frozen=True, tag="edited"):
    """Answer to message.edit: the message as it is now."""

    ref: Ref
    room: Id
    message: Message


class Versions(Event, frozen=True, tag="versions"):
    """Answer to message.versions: what message `number` said before, the newest first. `last`: nothing is older."""

    ref: Ref
    room: Id
    number: Number
    versions: list[Version]
    last: bool


class Reactors(Event, frozen=True, tag="reactors"):
    """Answer to reaction.list: who put `emoji` on message `number`, the first of them first, up to a hundred of
    `count`."""

    ref: Ref
    room: Id
    number: Number
    emoji: str
    people: list[Person]
    count: Number


class Saved(Event, frozen=True, tag="saved"):
    """Answer to draft.save: the draft that holds, which is another one when that was written later. `replaced` gave way
    to it, and is not the one that was known: it is nowhere any more unless the client keeps it."""

    ref: Ref
    draft: Draft
    replaced: Draft | None = None


class Page(Event, frozen=True, tag="page"):
    """Answer to message.list, oldest first. `first` and `last` tell whether the page touches the room's begin and end;
    `quoted` are messages that others in it answer and that are not in it, `people` the authors of all, and those whom
    they mention."""

    ref: Ref
    room: Id
    messages: list[Message]
    people: list[Person]
    first: bool
    last: bool
    quoted: list[Message] = []


class PeopleFound(Event, frozen=True, tag="people"):
    """Answer to people.search: `people` of the room, who spoke last there first, then `others`, who are in
    other rooms of yours."""

    ref: Ref
    people: list[Person]
    others: list[Person] = []


class RoomOpened(Event, frozen=True, tag="opened"):
    """Answer to room.open; what follows live has a seq above `room.seq`.

    `reset: true`: forget what you hold of this room, `messages` is its newest page and `first` tells whether that is
    all. Otherwise `messages` are all rows changed since, in order of seq; with `more: true` only those up to
    `room.seq`, and another such answer follows by itself. `members` counts the room's people, `online` those connected
    now; `quoted` as of a page."""

    ref: Ref
    room: Room
    messages: list[Message]
    people: list[Person]
    members: Number
    online: Number
    reset: bool = False
    first: bool = False
    more: bool = False
    quoted: list[Message] = []


class Members(Event, frozen=True, tag="members"):
    """Answer to room.members: people of the room by handle, who are connected (`here`), and `idle` or not where that
    was asked, or else are not. `last`: nobody follows."""

    ref: Ref
    room: Id
    here: bool
    people: list[Person]
    last: bool
    idle: bool | None = None


class RoomShown(Event, frozen=True, tag="room"):
    """Answer to room.create, room.change, room.join and direct.open: the room as it is now."""

    ref: Ref
    room: Room


class Rooms(Event, frozen=True, tag="rooms"):
    """Answer to room.list, by name. `last`: no room follows."""

    ref: Ref
    rooms: list[Listing]
    last: bool


class PersonShown(Event, frozen=True, tag="person"):
    """Answer to person.show: `rooms` are those that both are in, `here` whether the person is connected, `idle` whether
    they do nothing then, `since` when
    they have been here (ms), `formerly` their handles of before, the newest first. `namesakes` are others who had their
    handle; `handle_lost` tells that X calls somebody else so now. `muted_until` (ms) is told who may mute."""

    ref: Ref
    person: Person
    rooms: list[Id]
    since: int
    here: bool = False
    idle: bool = False
    formerly: list[FormerHandle] = []
    namesakes: list[Namesake] = []
    handle_lost: bool = False
    muted_until: int = 0


class Digest(Event, frozen=True, tag="digest"):
    """Answer to digest.show: your `rooms` with something new, 20 at most, where one was posted in last first. `online`
    counts those who are connected and in a room of yours, without you; `here` are up to six of them."""

    ref: Ref
    rooms: list[Busy]
    here: list[Person]
    online: Number


class Mentions(Event, frozen=True, tag="mentions"):
    """Answer to mention.list, the newest first; `people` are those in their messages and in what these answer. `last`:
    nothing is older."""

    ref: Ref
    mentions: list[Mention]
    people: list[Person]
    last: bool


class ThreadShown(Event, frozen=True, tag="thread"):
    """Answer to thread.open: the thread as a room of yours, the `message` that it is about, and the people in that."""

    ref: Ref
    room: Room
    message: Message
    people: list[Person]


class Threads(Event, frozen=True, tag="threads"):
    """Answer to thread.list: threads that you follow, where something was said last first; `people` are those in their
    messages. `last`: none follows."""

    ref: Ref
    threads: list[Followed]
    people: list[Person]
    last: bool


class Found(Event, frozen=True, tag="found"):
    """Answer to message.search, the newest first; `people` are those in the messages, `chips` the filters that were
    understood. Older ones are `before` this, where it is not null; there may be none."""

    ref: Ref
    hits: list[Hit]
    people: list[Person]
    chips: list[Chip]
    before: Id | None


class Pins(Event, frozen=True, tag="pins"):
    """Answer to pin.list, what was pinned last first; `people` are those in the messages, and who pinned them; `quoted`
    as of a page."""

    ref: Ref
    room: Id
    messages: list[Message]
    people: list[Person]
    quoted: list[Message] = []


class RoomFiles(Event, frozen=True, tag="room.files"):
    """Answer to file.list, the newest first; `people` are those in the messages. The next page is `before`; None:
    nothing is older."""

    ref: Ref
    room: Id
    messages: list[Message]
    people: list[Person]
    before: Id | None


class SavedMessages(Event, frozen=True, tag="saved.messages"):
    """Answer to saved.list, what was saved last first; `people` are those in the messages. `last`: nothing is older."""

    ref: Ref
    saved: list[SavedMessage]
    people: list[Person]
    last: bool


class SavedNumbers(Event, frozen=True, tag="saved.numbers"):
    """Answer to saved.show: the `numbers` of the messages of the room that you have saved, the newest 1,000 at most."""

    ref: Ref
    room: Id
    numbers: list[Number]


class Acts(Event, frozen=True, tag="acts"):
    """Answer to acts.list, the newest first; `people` are those in it. `last`: nothing is older."""

    ref: Ref
    acts: list[Act]
    people: list[Person]
    last: bool


class Acted(Event, frozen=True, tag="acted"):
    """Answer to member.mute and member.ban: what was done is `act` of the log, which act.undo takes back."""

    ref: Ref
    act: Id


class Waiting(Event, frozen=True, tag="waiting"):
    """Answer to waiting.list: those who wait, the longest first, then those who were refused; at most 100."""

    ref: Ref
    people: list[Arrival]


AnyEvent = (
    SessionStarted
    | MessagePosted
    | MessageChanged
    | ReactionsChanged
    | MentionPosted
    | MessageSaved
    | MemberJoined
    | MemberLeft
    | RoomChanged
    | RoomJoined
    | RoomRemoved
    | RoomActivity
    | RoomRead
    | RoomUnread
    | RoomPreferred
    | DraftChanged
    | PreferencesChanged
    | TypingStarted
    | PresenceChanged
    | PersonChanged
    | RestraintChanged
    | ReportsChanged
    | WaitingChanged
    | PersonBlocked
    | Heartbeat
    | ServerRestarting
    | SessionEnded
    | Failed
    | Done
    | Sent
    | Edited
    | Versions
    | Reactors
    | Saved
    | Page
    | PeopleFound
    | RoomOpened
    | RoomShown
    | Rooms
    | Members
    | PersonShown
    | Digest
    | Mentions
    | Found
    | Pins
    | RoomFiles
    | SavedMessages
    | SavedNumbers
    | ThreadShown
    | Threads
    | Acts
    | Acted
    | Waiting
)

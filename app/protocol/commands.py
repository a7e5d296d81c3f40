"""What a client may ask. Every command carries `ref`, which its reply repeats; unknown types and keys are refused."""

import msgspec

from app.models import Level, MadeKind, MessageKind, Posting, Reason, ReportReason, Role
from app.protocol.fields import (
    ROOMS_LIMIT,
    Age,
    Alts,
    Asked,
    Emoji,
    Epoch,
    FileIds,
    HitsSize,
    Id,
    Ids,
    Minutes,
    Nonce,
    Number,
    PageSize,
    People,
    Prefix,
    Ref,
    RoomsSize,
    RoomText,
    Seq,
    SlowSeconds,
    Text,
    Time,
    Zone,
)


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of the commands. `ref` is the client's number for this request, unique among those under way."""

    ref: Ref


class SendMessage(Command, frozen=True, tag="message.send"):
    """Post `text` in `room`, "me" as what the person does, perhaps as an answer to its message `reply_to`. The reply
    comes after the durable commit. Repeating a nonce returns the first result. `files` are ids that POST /files gave
    out; with some, the text may be empty. `alts` say what each shows, in their order."""

    room: Id
    nonce: Nonce
    text: Text
    kind: MessageKind = "msg"
    reply_to: Id | None = None
    files: FileIds = []
    alts: Alts = []


class ListMessages(Command, frozen=True, tag="message.list"):
    """A page of history: the newest, or those `before`, `after` or `around` a number, or around the first message `at`
    a time (ms) or later (at most one of the four)."""

    room: Id
    before: Number | None = None
    after: Number | None = None
    around: Number | None = None
    at: Time | None = None
    limit: PageSize = 50


class RemoveMessage(Command, frozen=True, tag="message.remove"):
    """Take away message `number` of `room`, for everybody. Once more is harmless. `reason`, of somebody else's, is for
    the log of acts."""

    room: Id
    number: Id
    reason: Reason | None = None


class EditMessage(Command, frozen=True, tag="message.edit"):
    """Let message `number` of `room`, one of the person's own, say `text`. What it said before is kept."""

    room: Id
    number: Id
    text: Text


class ListVersions(Command, frozen=True, tag="message.versions"):
    """What message `number` of `room` said before: the newest versions, or those `before` one."""

    room: Id
    number: Id
    before: Id | None = None


class React(Command, frozen=True, tag="message.react"):
    """Let the person's `emoji` be on message `number` of `room`, or not. Once more is harmless."""

    room: Id
    number: Id
    emoji: Emoji
    on: bool


class ListReaction(Command, frozen=True, tag="reaction.list"):
    """Who put `emoji` on message `number` of `room`."""

    room: Id
    number: Id
    emoji: Emoji


class RemoveCard(Command, frozen=True, tag="card.remove"):
    """Take the card from message `number` of `room`. It has none as long as it has this link."""

    room: Id
    number: Id


class PinMessage(Command, frozen=True, tag="message.pin"):
    """Keep message `number` of `room` in sight for everybody there, or not any more. Once more is harmless."""

    room: Id
    number: Id
    on: bool


class ListPins(Command, frozen=True, tag="pin.list"):
    """What `room` has pinned."""

    room: Id


class ListFiles(Command, frozen=True, tag="file.list"):
    """A page of the messages of `room` that have files, the newest first; the next ones are `before` what the last
    answer says."""

    room: Id
    before: Id | None = None
    limit: HitsSize = 30


class SaveMessage(Command, frozen=True, tag="message.save"):
    """Keep message `number` of `room` for oneself, or not any more. Once more is harmless. Nobody else is told."""

    room: Id
    number: Id
    on: bool


class ListSaved(Command, frozen=True, tag="saved.list"):
    """A page of what the person has saved, in rooms they are in: what was saved last, or `before` another one."""

    before: Id | None = None
    limit: PageSize = 30


class ShowSaved(Command, frozen=True, tag="saved.show"):
    """Which messages of `room` the person has saved."""

    room: Id


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


class UnreadRoom(Command, frozen=True, tag="room.unread"):
    """Message `number` and all that follow are unread again. Never moves the marker forward."""

    room: Id
    number: Id


class PreferRoom(Command, frozen=True, tag="room.prefer"):
    """The person wants to have `room` like this; what is not given stays as it is. `level` is of what they are told
    there, "default": as their settings say. Nobody else is told."""

    room: Id
    favourite: bool | None = None
    muted: bool | None = None
    hidden: bool | None = None
    level: Level | None = None


class TypeInRoom(Command, frozen=True, tag="room.type"):
    """The person is writing in `room`; send it at most every 3 s while the text changes."""

    room: Id


class RestPresence(Command, frozen=True, tag="presence.idle"):
    """For some minutes (5 as a rule) nobody has touched the device of this connection, or somebody has again."""

    idle: bool


class CreateRoom(Command, frozen=True, tag="room.create"):
    """Make a room, with the person in it as its moderator. Its address is made of its name."""

    name: RoomText
    kind: MadeKind
    topic: RoomText = ""
    description: RoomText = ""


class ChangeRoom(Command, frozen=True, tag="room.change"):
    """Let `room` have what is given, and leave the rest as it is. A new name leaves the address (`slug`) alone."""

    room: Id
    name: RoomText | None = None
    slug: RoomText | None = None
    topic: RoomText | None = None
    description: RoomText | None = None
    kind: MadeKind | None = None
    posting: Posting | None = None
    slow_seconds: SlowSeconds | None = None
    archived: bool | None = None
    is_default: bool | None = None
    is_readable: bool | None = None
    is_unlisted: bool | None = None
    cards: bool | None = None


class JoinRoom(Command, frozen=True, tag="room.join"):
    """Be in the public room `room` from here on."""

    room: Id


class LeaveRoom(Command, frozen=True, tag="room.leave"):
    """Be in `room` no longer."""

    room: Id


class AddToRoom(Command, frozen=True, tag="room.add"):
    """Bring `person` into a room that one is in."""

    room: Id
    person: Id


class RemoveFromRoom(Command, frozen=True, tag="room.remove"):
    """Take `person` out of `room`."""

    room: Id
    person: Id


class ListRooms(Command, frozen=True, tag="room.list"):
    """The directory: public rooms and one's own by name, those that begin with `prefix`, past the room `after`."""

    prefix: Prefix = ""
    after: Id | None = None
    limit: RoomsSize = ROOMS_LIMIT


class OpenDirect(Command, frozen=True, tag="direct.open"):
    """The room in which one talks with these people, 8 at most. There is one for each set of people, and the others
    hear of it with its first message."""

    people: Ids


class SaveDraft(Command, frozen=True, tag="draft.save"):
    """Keep `text`, written in `room` `age` milliseconds ago, for the person's other devices, unless something newer is
    kept. An empty text is one, too: it was sent, or given up. `known` is the `at` of the draft it was made from.

    An age and no time, because a client's clock may be wrong; what passed on it is right (DELIVERY D14)."""

    room: Id
    text: Text
    age: Age = 0
    known: Time = 0


class ListMembers(Command, frozen=True, tag="room.members"):
    """People of `room` by handle: those who are connected (`here`), or the others; past the person `after`. `idle`: of
    those who are connected only who is idle, or only who is not."""

    room: Id
    here: bool
    after: Id | None = None
    limit: PageSize = 50
    idle: bool | None = None


class ShowPerson(Command, frozen=True, tag="person.show"):
    """Who `person` is, and which rooms both of you are in."""

    person: Id


class BlockPerson(Command, frozen=True, tag="person.block"):
    """The person does not want to read `person`. Nobody else is told."""

    person: Id


class UnblockPerson(Command, frozen=True, tag="person.unblock"):
    """The person reads `person` again."""

    person: Id


class SearchPeople(Command, frozen=True, tag="people.search"):
    """Whom the person may mean by `prefix` in `room`: the first letters of a handle, or of any word of a name."""

    room: Id
    prefix: Prefix
    limit: People = 8


class ShowDigest(Command, frozen=True, tag="digest.show"):
    """What is new to the person in their rooms, a line each, and who is here."""


class ListMentions(Command, frozen=True, tag="mention.list"):
    """A page of the messages that mention the person, in rooms they are in: the newest, or those `before` a mention."""

    before: Id | None = None
    limit: PageSize = 30


class SearchMessages(Command, frozen=True, tag="message.search"):
    """The newest messages that match `text` (docs/search.md), in rooms the person is in; the next ones are `before`
    what the last answer says. Days are those of `zone`, in minutes east of UTC."""

    text: Asked
    before: Id | None = None
    limit: HitsSize = 30
    zone: Zone = 0


class SetRole(Command, frozen=True, tag="role.set"):
    """Give `person` this role in the community. Everybody may step down, but not the only owner."""

    person: Id
    role: Role


class ReportMessage(Command, frozen=True, tag="message.report"):
    """Tell moderators of message `number` of `room`. Nobody else hears of it, and nobody who reported it."""

    room: Id
    number: Id
    reason: ReportReason
    note: RoomText = ""


class ReportPerson(Command, frozen=True, tag="person.report"):
    """Tell moderators of `person`. Nobody else hears of it, and nobody who reported them."""

    person: Id
    reason: ReportReason
    note: RoomText = ""


class MuteMember(Command, frozen=True, tag="member.mute"):
    """Let `person` read and post nothing for so many `minutes`."""

    person: Id
    minutes: Minutes


class UnmuteMember(Command, frozen=True, tag="member.unmute"):
    """Let `person` post again."""

    person: Id


class BanMember(Command, frozen=True, tag="member.ban"):
    """Put `person` out of the community, `with_messages`: and all that they wrote. `reason` is for moderators."""

    person: Id
    reason: RoomText = ""
    with_messages: bool = False


class ListActs(Command, frozen=True, tag="acts.list"):
    """A page of the log of acts: the newest, or those `before` an act."""

    before: Id | None = None
    limit: PageSize = 50


class OpenThread(Command, frozen=True, tag="thread.open"):
    """The talk beside message `number` of `room`, begun when there is none. It is a room: everything else is done by
    its id."""

    room: Id
    number: Id


class ListThreads(Command, frozen=True, tag="thread.list"):
    """The threads that the person follows, where something was said last first; past the thread `before`."""

    before: Id | None = None
    limit: PageSize = 30


class UndoAct(Command, frozen=True, tag="act.undo"):
    """Take back what an act of the log did."""

    act: Id


class ListWaiting(Command, frozen=True, tag="waiting.list"):
    """Who signed in with X and waits to be let in, and who was refused of late."""


class AnswerWaiting(Command, frozen=True, tag="waiting.answer"):
    """Let in whoever waits, or was refused, as `arrival`, or else refuse them."""

    arrival: Id
    let_in: bool


class Ping(Command, frozen=True, tag="ping"):
    """Answered at once with an empty reply: how a client that sees no control frames asks whether the line lives."""


AnyCommand = (
    SendMessage
    | ListMessages
    | RemoveMessage
    | EditMessage
    | ListVersions
    | React
    | ListReaction
    | RemoveCard
    | PinMessage
    | ListPins
    | ListFiles
    | SaveMessage
    | ListSaved
    | ShowSaved
    | OpenRoom
    | CloseRoom
    | ReadRoom
    | UnreadRoom
    | PreferRoom
    | TypeInRoom
    | RestPresence
    | CreateRoom
    | ChangeRoom
    | JoinRoom
    | LeaveRoom
    | AddToRoom
    | RemoveFromRoom
    | ListRooms
    | OpenDirect
    | SaveDraft
    | ListMembers
    | ShowPerson
    | BlockPerson
    | UnblockPerson
    | SearchPeople
    | ShowDigest
    | ListMentions
    | SearchMessages
    | OpenThread
    | ListThreads
    | SetRole
    | ReportMessage
    | ReportPerson
    | MuteMember
    | UnmuteMember
    | BanMember
    | ListActs
    | UndoAct
    | ListWaiting
    | AnswerWaiting
    | Ping
)

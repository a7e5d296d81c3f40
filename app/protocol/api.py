"""What is asked and answered over the HTTP API, besides the shapes that events.py has already. Unknown keys are refused
here, too; what is left out is not the same as null."""

import msgspec
from msgspec import UNSET, UnsetType

from app.models import Hears, MadeKind, MessageKind, OffReason, Posting, Reason, Scope, WebhookKind
from app.protocol.events import Chip, Hit, Listing, Message, Person, Restraint, Room
from app.protocol.fields import (
    ROOMS_LIMIT,
    Alts,
    Asked,
    FileIds,
    HitsSize,
    Id,
    Number,
    PageSize,
    Prefix,
    RoomsSize,
    RoomText,
    SlowSeconds,
    Text,
    Time,
    Zone,
)


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of bodies, and of what stands behind the question mark of an address."""


class HistoryAsked(Given, frozen=True):
    """A page of messages: the newest, or those `before`, `after` or `around` a number (at most one of the three)."""

    before: Number | UnsetType = UNSET
    after: Number | UnsetType = UNSET
    around: Number | UnsetType = UNSET
    limit: PageSize = 50


class NewMessage(Given, frozen=True):
    """A message to be posted, "me" as what one does, perhaps as an answer to message `reply_to` of the room. `files`
    are ids of files that were sent before; with some, the text may be empty. `alts` say what each of them shows."""

    text: Text = ""
    kind: MessageKind = "msg"
    reply_to: Id | UnsetType = UNSET
    files: FileIds = []
    alts: Alts = []


class NewText(Given, frozen=True):
    """What one's own message shall say."""

    text: Text


class RemovalAsked(Given, frozen=True):
    """Why somebody else's message goes: for the log of acts."""

    reason: Reason | UnsetType = UNSET


class NewRoom(Given, frozen=True):
    """A room to be made. Its address is made of its name."""

    name: RoomText
    kind: MadeKind
    topic: RoomText = ""
    description: RoomText = ""


class RoomChange(Given, frozen=True):
    """What a room shall have; what is left out stays as it is. A new name leaves the address (`slug`) alone."""

    name: RoomText | UnsetType = UNSET
    slug: RoomText | UnsetType = UNSET
    topic: RoomText | UnsetType = UNSET
    description: RoomText | UnsetType = UNSET
    kind: MadeKind | UnsetType = UNSET
    posting: Posting | UnsetType = UNSET
    slow_seconds: SlowSeconds | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET
    is_readable: bool | UnsetType = UNSET
    is_unlisted: bool | UnsetType = UNSET
    cards: bool | UnsetType = UNSET


class DirectoryAsked(Given, frozen=True):
    """A page of the rooms that one may know of, those whose name begins with `prefix`, past what the page before it
    said."""

    prefix: Prefix = ""
    cursor: Id | UnsetType = UNSET
    limit: RoomsSize = ROOMS_LIMIT


class MembersAsked(Given, frozen=True):
    """A page of the people of a room, past what the page before it said."""

    cursor: Id | UnsetType = UNSET
    limit: PageSize = 50


class NewMember(Given, frozen=True):
    """Whom to bring into a room."""

    person: Id


class SearchAsked(Given, frozen=True):
    """The newest messages that match `q` (docs/search.md), past what the page before it said. Days are those of `zone`,
    in minutes east of UTC."""

    q: Asked
    cursor: Id | UnsetType = UNSET
    limit: HitsSize = 30
    zone: Zone = 0


class FileAsked(Given, frozen=True):
    """The room that a file is for."""

    room: Id


class Shape(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of what is answered."""


class Me(Shape, frozen=True):
    """The `person` for whom the token acts, its `scope` (older servers tell of none), and what holds them back, if
    anything. `text_limit` are the characters of one message, `file_limit` the bytes of the largest file (0: none is
    taken), `edit_minutes` for how long one may edit what one has sent (0: for ever)."""

    person: Person
    text_limit: int
    file_limit: int
    edit_minutes: int
    restraint: Restraint | None = None
    scope: Scope | None = None


class Rooms(Shape, frozen=True):
    """The rooms that one is in, oldest first."""

    rooms: list[Room]


class Directory(Shape, frozen=True):
    """Public rooms and one's own, by name. `next` is the address of the next page, left out where none follows."""

    rooms: list[Listing]
    next: str | None = None


class Posted(Shape, frozen=True):
    """One message of a `room`. Where it is asked for by its number, `people` are those in it, and `quoted` is what it
    answers."""

    room: Id
    message: Message
    people: list[Person] = []
    quoted: list[Message] = []


class History(Shape, frozen=True):
    """Messages of a `room`, oldest first. `people` wrote them or are mentioned in them; `quoted` are messages that
    others answer and that are not in it. `previous` is the address of the page of older ones, `next` that of newer
    ones, each left out where there are none."""

    room: Id
    messages: list[Message]
    people: list[Person]
    quoted: list[Message] = []
    previous: str | None = None
    next: str | None = None


class People(Shape, frozen=True):
    """People of a room, by handle. `next` is the address of the next page, left out where nobody follows."""

    people: list[Person]
    next: str | None = None


class Webhook(Shape, frozen=True):
    """A webhook of a room; it speaks as its `bot`, and its `holder` answers for it. An outgoing one leads to a `url`
    and `hears` all or what mentions its bot; `off` says why it was switched off. `held` is false where who answers for
    it may not any more: until somebody gives it another secret it does nothing."""

    id: Id
    kind: WebhookKind
    bot: Person
    holder: Person
    made: Time
    url: str | None = None
    hears: Hears | None = None
    off: OffReason | None = None
    held: bool = True


class Webhooks(Shape, frozen=True):
    """The webhooks of a room, oldest first."""

    webhooks: list[Webhook]


class SearchResults(Shape, frozen=True):
    """What was found, the newest first; `people` are those in it, `chips` the filters that were understood. `next` is
    the address of the next page, which may be empty; left out where there is none."""

    hits: list[Hit]
    people: list[Person]
    chips: list[Chip]
    next: str | None = None


class ProblemDetails(Shape, frozen=True):
    """Why nothing came of a request (RFC 9457). Decide by `code`, which is stable and ends `type`, too; `detail` is a
    sentence in English for a person, and `request_id` finds the line of the server's log. The same request may work
    after `retry_after` seconds."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    retry_after: float | None = None

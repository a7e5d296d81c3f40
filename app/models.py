"""The frozen records that storage returns and the layers above pass around. Times are milliseconds since 1970, UTC."""

from datetime import date
from typing import Annotated, Any, Literal, get_args

import msgspec

UserKind = Literal["person", "imported", "former", "bot"]
"""Who can sign in; who wrote elsewhere; who has deleted their account, and is nobody any more; and by whose name a
webhook speaks."""
Role = Literal["owner", "admin", "moderator", "member"]
RoomRole = Literal["moderator", "member"]
Standing = RoomRole | Literal["peer"]
"""A peer is in a direct room, which nobody moderates."""
MadeKind = Literal["public", "private"]
"""What people make and change. A direct room is the talk of one set of people, and never anything else."""
RoomKind = MadeKind | Literal["direct", "thread"]
"""A thread is the talk beside one message of another room, and under the rules of that one."""
Deed = Literal[
    "role.set",
    "role.claim",
    "room.remove",
    "message.remove",
    "door.set",
    "invite.make",
    "invite.revoke",
    "allow.add",
    "allow.remove",
    "door.let_in",
    "door.refuse",
    "public.set",
    "room.publish",
    "member.mute",
    "member.ban",
    "report.dismiss",
    "room.archive",
    "webhook.make",
    "webhook.rotate",
    "webhook.switch",
    "webhook.remove",
]
"""What an act of the log was: somebody was given a role; somebody took the one that was promised to their handle, or to
whoever has the code for the first owner; somebody was taken out of a room, or a message of theirs away; others may come
in now; an invite link was made or revoked; handles were put on the allow-list or taken off; somebody who waited was let
in or refused; rooms may be read without an account now, or not any more; this room may, and may be found; somebody may
post nothing for a while; somebody was banned; nothing was done about what was reported; a room was archived, or is not
any more; a webhook of a room was made, got another secret, was switched on again, or was removed."""
Door = Literal["open", "invited", "waiting"]
"""Who may come in besides those who are expected: everybody; nobody; whoever the team lets in."""
Posting = Literal["everybody", "moderators"]
MessageKind = Literal["msg", "me"]
Reason = Literal["off_topic", "spam", "unkind", "private"]
"""Why a moderator took somebody's message away."""
ReportReason = Literal["spam", "unkind", "private", "off_topic", "other"]
"""Why somebody reports a message, or a person."""
Theme = Literal["system", "day", "dusk"]
Density = Literal["roomy", "compact"]
Notify = Literal["all", "mentions", "none"]
Level = Literal["default", "everything", "mentions", "nothing"]
"""Of what in a room somebody wants to be told; `default`: as their settings say."""
WebhookKind = Literal["incoming", "outgoing"]
"""What is posted to it appears in its room; what is posted in its room goes to a URL."""
Hears = Literal["all", "mentions"]
"""What an outgoing webhook is told of: all that people post in its room, or what mentions its bot."""
OffReason = Literal["gone", "failing", "behind", "unsigned"]
"""Why an outgoing webhook was switched off: who answers there said that nothing will be there any more; nobody answered
as they should, too often in a row; more waited to be told than it may; or the server lost the key that its secret was
made of."""
Told = Literal["all"] | tuple[int, ...]
"""Whom @all or @here in a message tells of it: everybody in the room, or who was connected, by their ids."""
MessageSize = Annotated[int, msgspec.Meta(ge=13, le=20)]
Language = Annotated[str, msgspec.Meta(pattern=r"\A(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})?\Z")]


class Record(msgspec.Struct, frozen=True, gc=False):
    """Base of the records: immutable, compared by value, not tracked by the garbage collector."""


class User(Record, frozen=True):
    """Somebody with a name here. `twitter_id` is None before the first sign-in with X, and on imported people."""

    id: int
    twitter_id: str | None
    handle: str
    name: str
    kind: UserKind
    role: Role
    created_at: int
    profile_at: int | None = None
    """When name and picture were last asked of X (SIGNIN X9: at most once a day); None: never."""
    avatar: str | None = None
    """The version of their picture; None: they have none."""
    muted_until: int | None = None
    """They post nothing before this time."""
    trusted_at: int | None = None
    """Before this time they are new here, unless they have a role; None: a process of the version before made them."""


class FormerHandle(Record, frozen=True):
    """What somebody was called here until `ended_at`."""

    user_id: int
    handle: str
    ended_at: int


class TwitterProfile(Record, frozen=True):
    """Who X says somebody is. `user_id` is the identity; handle and name are attributes that change."""

    user_id: str
    handle: str
    name: str | None = None
    """None when the profile call failed or was not made: keep the name known before, or fall back to the handle."""
    fetched: bool = False
    """Whether the profile endpoint answered, so that it is not asked again today."""
    picture: str | None = None
    """The address at X of their picture, as the profile names it."""


class Avatar(Record, frozen=True):
    """Somebody's picture. `source` is the address at X that it came from."""

    user_id: int
    version: str
    source: str
    content_type: str
    body: bytes


class Session(Record, frozen=True):
    """One sign-in of one browser. Only a hash of its token is kept, so a copy of the database signs nobody in."""

    id: int
    user_id: int
    user_agent: str
    created_at: int
    seen_at: int
    expires_at: int


Scope = Literal["read", "write", "manage"]
"""What a token is for, of all that its person may: each has what those before it have (app/chat/rights.py)."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
USUAL_SCOPE: Scope = "write"
"""Of a program that does not say which it wants."""


class Token(Record, frozen=True):
    """A named bearer token of a program. Only a hash is kept. `seen_at`: None before its first use."""

    id: int
    user_id: int
    name: str
    created_at: int
    scope: Scope
    seen_at: int | None = None


class DeviceCode(Record, frozen=True):
    """A program that asks to be let in (RFC 8628), from an `address` and by a `name` of its own choice: dead after ten
    minutes. `user_id` is who answered, if anybody has, and `refused` what they said."""

    device_hash: str
    user_hash: str
    name: str
    address: str
    asked_at: int
    expires_at: int
    scope: Scope
    user_id: int | None = None
    refused: bool = False


class SignIn(Record, frozen=True):
    """A dance with X under way: made by `begin`, read and deleted at once by `take`, dead after ten minutes."""

    token: str
    secret: str
    next_page: str
    browser_hash: str
    expires_at: int
    invite_hash: str = ""
    """Of the invite link that they came by."""


class Invite(Record, frozen=True):
    """A link that lets people in, with a role and into rooms. Only a hash of its token is kept."""

    id: int
    role: Role
    rooms: tuple[int, ...]
    made_by: int | None
    """None: the server's operator."""
    made_at: int
    expires_at: int
    most_uses: int | None
    """None: no limit."""
    uses: int
    revoked_at: int | None


class Ban(Record, frozen=True):
    """Somebody was put out of the community. `rooms` are those that they were in, each with their role there."""

    id: int
    user_id: int
    at: int
    banned_by: int
    reason: str
    rooms: tuple[tuple[int, RoomRole], ...]
    undone_at: int | None = None


class Report(Record, frozen=True):
    """Somebody told moderators of a person, or of a message, which was the `number`-th of a room and `said` this then.
    Without a `reporter_id` it was Roost itself. `closed_at`: a moderator has seen to it."""

    id: int
    reporter_id: int | None
    person_id: int
    room_id: int | None
    number: int | None
    said: str
    reason: ReportReason
    note: str
    at: int
    closed_at: int | None = None


class Allowed(Record, frozen=True):
    """A line of the allow-list: whoever signs in first with this handle comes in, with a role and into rooms."""

    handle: str
    role: Role
    rooms: tuple[int, ...]
    made_by: int
    made_at: int
    user_id: int | None
    """Who came by it; nobody else does."""


class Arrival(Record, frozen=True):
    """Somebody who signed in with X and waits to be let in, or was refused. There is no user of theirs."""

    id: int
    twitter_id: str
    handle: str
    name: str | None
    user_agent: str
    token_hash: str
    """Of the cookie by which their browser is known; it becomes their session when they are let in."""
    asked_at: int
    signed_in_at: int
    refused_at: int | None


class Room(Record, frozen=True):
    """A place of talk. `last_number` counts its messages, `seq` its durable changes (docs/architecture.md)."""

    id: int
    slug: str
    name: str
    topic: str
    kind: RoomKind
    last_number: int
    seq: int
    last_at: int
    """Time of its newest message; message times never fall below it (DELIVERY D14)."""
    members: int
    """How many people are in it."""
    created_at: int
    description: str = ""
    posting: Posting = "everybody"
    """Who may post: where only moderators do, the others read announcements."""
    slow_seconds: int = 0
    """The least between two messages of one member; 0: as fast as everywhere."""
    is_default: bool = False
    """Newcomers join it."""
    archived_at: int | None = None
    """Since then nobody posts in it."""
    created_by: int | None = None
    """None: the server's operator made it."""
    changed_seq: int = 0
    """The `seq` of the last change of what stands here, the counters apart."""
    is_readable: bool = False
    """Whoever is not signed in may read it, while the community allows that at all."""
    is_unlisted: bool = False
    """Search engines are asked to leave it out."""
    cards: bool = True
    """Links in it have cards."""
    direct_key: str | None = None
    """Of a direct room: the ids of all its people, those too who are former members by now."""
    parent_id: int | None = None
    root_number: int | None = None
    """Of a thread: the room and the number of the message in it that it is about."""
    has_outgoing: bool = False
    """Outgoing webhooks are told of what is posted in it."""

    @property
    def party(self) -> tuple[int, ...]:
        """Whose talk a direct room is; of another one nobody's."""
        return tuple(int(each) for each in (self.direct_key or "").split(",") if each)

    def other_than(self, user_id: int) -> int | None:
        """The other one where two talk; None in every other room."""
        others = [each for each in self.party if each != user_id]
        return others[0] if len(others) == 1 else None


class Place(Record, frozen=True):
    """A room as search engines may find it, with the newest days (UTC) on which something was said."""

    room: Room
    days: tuple[date, ...]


class Membership(Record, frozen=True):
    """Somebody in a room, and how far they have read. A left membership stays as a row with `left_at` set."""

    room_id: int
    user_id: int
    read_number: int
    seq: int
    joined_at: int
    left_at: int | None = None
    role: Standing = "member"
    removed_by: int | None = None
    """Who took them out, unless they left by themselves."""
    favourite: bool = False
    """The next are their own wishes, which nobody else hears of. This one stands above the other rooms."""
    muted: bool = False
    """Nothing but a mention makes it stand out."""
    hidden: bool = False
    """It is not in the list of their rooms; of a thread: they do not follow it."""
    level: Level = "default"


class File(Record, frozen=True, omit_defaults=True):
    """What somebody added to a message. `id` is random, so nobody guesses its address; `size` are bytes. A picture has
    its pixels, as many as are seen, and those of its thumbnail; `animated`: it moves."""

    id: str
    name: str
    content_type: str
    size: int
    width: int = 0
    height: int = 0
    thumb_width: int = 0
    thumb_height: int = 0
    animated: bool = False
    alt: str = ""
    """What is to be seen, for those who do not see it."""


class Upload(Record, frozen=True):
    """How a file came: by whom, for which room, begun `at`, with a nonce that the client made. `ready_at`: it is there
    whole. `sent` is the nonce of the message that has it."""

    room_id: int
    user_id: int
    nonce: str
    at: int
    ready_at: int | None = None
    sent: str | None = None


class Reaction(Record, frozen=True):
    """An emoji on a message, and the ids of those who put it there, the first of them first."""

    emoji: str
    people: tuple[int, ...]


class Thread(Record, frozen=True, omit_defaults=True):
    """What a message tells of its thread: the room, how many messages are in it and up to which number they were
    counted, when the last was posted, and who wrote last, three at most."""

    room: int
    count: int
    last: int
    at: int
    people: tuple[int, ...] = ()


CardKind = Literal["link", "post", "none"]
"""A page; a post on X; none, because its author did not want it, or a moderator."""


class Card(Record, frozen=True, omit_defaults=True):
    """What the first link of a message leads to, in plain text."""

    url: str
    """As it stands in the message: the card goes when that does."""
    kind: CardKind = "link"
    site: str = ""
    title: str = ""
    text: str = ""
    date: str = ""
    """Of a post, in the words of X."""


class Pinned(Record, frozen=True):
    """Who pinned a message, and when."""

    by: int
    at: int


class Extras(Record, frozen=True, omit_defaults=True):
    """What few messages have. Kept as JSON, so that all the others pay for one empty column."""

    reactions: tuple[Reaction, ...] = ()
    """In the order of their first use."""
    card: Card | None = None
    pinned: Pinned | None = None
    told: Told | None = None
    files: tuple[File, ...] = ()
    answered: bool = False
    """Of what was removed: something that was there still answered it, so a trace of it stays."""
    thread: Thread | None = None


class Message(Record, frozen=True):
    """The `number`-th message of a room. `seq` is that of its last change."""

    room_id: int
    number: int
    seq: int
    author_id: int
    nonce: str
    kind: MessageKind
    text: str
    html: str
    at: int
    renderer: int = 1
    """The version of what made the HTML (app/render/text.py)."""
    edited_at: int | None = None
    removed_at: int | None = None
    """Since then it has neither text nor HTML."""
    removed_by: int | None = None
    posted_seq: int | None = None
    """What `seq` was before its first change; None: it never changed."""
    reply_to: int | None = None
    """The number of the message of the room that it answers."""
    extras: str | None = None
    """JSON of its Extras; None: it has none."""

    @property
    def answers(self) -> int | None:
        """What is shown of `reply_to`: removed, it answers nothing."""
        return self.reply_to if self.removed_at is None else None

    @property
    def more(self) -> Extras:
        return extras_of(self.extras)

    @property
    def said(self) -> str:
        """What it says; where it has no words, what its files are called."""
        return self.text or ", ".join(file.name for file in self.more.files)

    def with_more(self, more: Extras) -> "Message":
        """The message with these extras."""
        return msgspec.structs.replace(self, extras=write_extras(more))


NO_EXTRAS = Extras()


def write_extras(more: Extras) -> str | None:
    return None if more is NO_EXTRAS or more == NO_EXTRAS else msgspec.json.encode(more).decode()


_read_extras = msgspec.json.Decoder(Extras).decode


def extras_of(kept: str | None) -> Extras:
    return NO_EXTRAS if kept is None else _read_extras(kept)


class Version(Record, frozen=True):
    """What a message said before it was edited for the `version`-th time; written `at`."""

    version: int
    text: str
    at: int


class Removal(Record, frozen=True):
    """What was taken away of one author in one go, by whom and when: the three that tell which messages to put back."""

    author_id: int
    by: int
    at: int


class NewMessage(Record, frozen=True):
    """A message that waits for its place in the log. `at` is None for now, or when it was said elsewhere (import)."""

    room_id: int
    author_id: int
    nonce: str
    kind: MessageKind
    text: str
    html: str
    at: int | None = None
    renderer: int = 1
    mentions: tuple[int | None, ...] = ()
    """The ids of those whom it mentions, without its author; None: everybody in the room."""
    reply_to: int | None = None
    extras: str | None = None
    jobs: tuple[str, ...] = ()
    """What is to be done about it once it is there."""
    files: tuple[File, ...] = ()
    """Those of its `extras`, which become its own with it."""
    webhooks: tuple[int, ...] = ()
    """The ids of the outgoing ones that are told of it."""


class Job(Record, frozen=True):
    """Something to be done about a message. Until `due_at` it is left alone: somebody may be at it, for the `tries`-th
    time. 0: it was never tried. Those of one webhook are done one after the other."""

    id: int
    what: str
    room_id: int
    number: int
    due_at: int
    tries: int
    webhook_id: int | None = None


class NotBegun(msgspec.Struct, frozen=True):
    """Of a job: others kept it from being begun. It is tried again in so many `seconds`, and that was no try."""

    seconds: float


class Webhook(Record, frozen=True):
    """A way into a room for a program, or out of it. `user_id` is the bot by whose name it speaks; `made_by`, whoever
    was told its secret last, answers for it. Only a hash of the secret is kept. The last four are of an outgoing one:
    where it leads, what it hears, how many tries in a row came to nothing, and why it was switched off, if it was."""

    id: int
    kind: WebhookKind
    room_id: int
    user_id: int
    made_by: int
    made_at: int
    url: str | None = None
    hears: Hears | None = None
    failures: int = 0
    off: OffReason | None = None


class Reacting(Record, frozen=True):
    """Somebody wants their reaction to a message to be there (`on`), or not."""

    room_id: int
    number: int
    emoji: str
    person: User
    on: bool


class Mention(Record, frozen=True):
    """Message `number` of a room mentions somebody, or everybody there (`user_id` is None). Ids rise with time, across
    rooms."""

    id: int
    user_id: int | None
    room_id: int
    number: int


class Saved(Record, frozen=True):
    """Somebody keeps message `number` of a room for themselves. Ids rise with time, across rooms."""

    id: int
    user_id: int
    room_id: int
    number: int


class Draft(Record, frozen=True):
    """What somebody has begun to write in a room, as of `at`; an emptied one has no text."""

    room_id: int
    text: str
    at: int


class Posted(Record, frozen=True):
    """What the log says of a new message: what is stored, and whether it was there already."""

    message: Message
    duplicate: bool


class Act(Record, frozen=True):
    """Something done to keep the peace, or to let others do it. No `actor_id`: done on the server's command line."""

    id: int
    actor_id: int | None
    what: Deed
    person_id: int | None
    room_id: int | None
    at: int
    details: dict[str, Any]
    undone_at: int | None = None


class Preferences(Record, frozen=True):
    """How somebody wants Roost to look and behave, the same on all their devices."""

    theme: Theme = "system"
    density: Density = "roomy"
    message_size: MessageSize = 15
    """Pixels of what people write. The default is one more on phones."""
    reduce_motion: bool = False
    """Off: as the device says."""
    enter_sends: bool = True
    """Off: Ctrl Enter sends, and Enter starts a new line."""
    speak: bool = True
    """Whether a screen reader is given what arrives in the open room."""
    language: Language = ""
    """Empty: what the browser asks for."""
    notify: Notify = "all"
    sound: bool = False
    invisible: bool = False
    """Whether nobody is shown that they are here, nor that they write."""


class Visitor(Record, frozen=True):
    """Who asks: a signed-in person with their preferences, and the session or token that says so. `signed_in_at` is
    when the session began; a token never did. `scope` is the token's; None: all that the person may."""

    user: User
    session_id: int | None = None
    token_id: int | None = None
    preferences: Preferences = Preferences()
    signed_in_at: int | None = None
    scope: Scope | None = None

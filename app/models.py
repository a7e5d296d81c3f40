"""The frozen records that storage returns and the layers above pass around. Times are milliseconds since 1970, UTC."""

from typing import Literal

import msgspec

UserKind = Literal["person", "imported"]
Role = Literal["owner", "admin", "moderator", "member"]
RoomKind = Literal["public", "private"]
MessageKind = Literal["msg", "me"]


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


class TwitterProfile(Record, frozen=True):
    """Who X says somebody is. `user_id` is the identity; handle and name are attributes that change."""

    user_id: str
    handle: str
    name: str | None = None
    """None when the profile call failed or was not made: keep the name known before, or fall back to the handle."""
    fetched: bool = False
    """Whether the profile endpoint answered, so that it is not asked again today."""


class Session(Record, frozen=True):
    """One sign-in of one browser. Only a hash of its token is kept, so a copy of the database signs nobody in."""

    id: int
    user_id: int
    user_agent: str
    created_at: int
    seen_at: int
    expires_at: int


class Token(Record, frozen=True):
    """A named bearer token of a program. Only a hash is kept."""

    id: int
    user_id: int
    name: str
    created_at: int


class SignIn(Record, frozen=True):
    """A dance with X under way: made by `begin`, read and deleted at once by `take`, dead after ten minutes."""

    token: str
    secret: str
    next_page: str
    browser_hash: str
    expires_at: int


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


class Membership(Record, frozen=True):
    """Somebody in a room, and how far they have read. A left membership stays as a row with `left_at` set."""

    room_id: int
    user_id: int
    read_number: int
    seq: int
    joined_at: int
    left_at: int | None = None


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


class Draft(Record, frozen=True):
    """A message that waits for its place in the log. `at` is None for now, or when it was said elsewhere (import)."""

    room_id: int
    author_id: int
    nonce: str
    kind: MessageKind
    text: str
    html: str
    at: int | None = None


class Posted(Record, frozen=True):
    """What the log says of a draft: the stored message, and whether it was there already."""

    message: Message
    duplicate: bool


class Visitor(Record, frozen=True):
    """Who asks: a signed-in person, and the session or token that says so."""

    user: User
    session_id: int | None = None
    token_id: int | None = None

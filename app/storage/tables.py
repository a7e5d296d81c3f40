"""The one schema, for every engine; `migrations/` is compared with it by a test.

Times are milliseconds since 1970, UTC. `seq` of a row is the room's `seq` at the row's last change, so that "what
changed since" is a range of an index.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    false,
    text,
    true,
)
from sqlalchemy import UniqueConstraint as Unique

# Constraints need names, or a later migration cannot drop them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


Id = BigInteger().with_variant(Integer, "sqlite")
"""Clients ask for ids of up to 63 bits, which are compared with those in the tables. SQLite numbers rows by itself only
where the type is spelled INTEGER, and keeps 64 bits all the same."""

Folded = Text().with_variant(Text(collation="C"), "postgresql")
"""Texts that begin alike are one range of an index only where they are compared by their characters: PostgreSQL would
sort them as a dictionary does."""


def is_ours(name: str | None, *_about: object) -> bool:
    """For Alembic: whether what an engine has is said here. What it has to find words by is not."""
    return not (name or "").startswith("search_words")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _reference(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(target), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _index_where(condition: str, *names: str) -> Index:
    """Of the rows alone that meet the condition."""
    return Index(None, *names, sqlite_where=text(condition), postgresql_where=text(condition))


_time = _count

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    _text("value"),
)
"""What is true of the whole database: `epoch`, its random name, which changes when a backup is restored, and the counts
of storage/counters.py."""

users = Table(
    "users",
    metadata,
    _id(),
    _text("twitter_id", nullable=True),
    _text("handle"),
    _text("name"),
    _text("kind"),
    _text("role"),
    _time("created_at"),
    _time("profile_at", nullable=True),
    _text("handle_key"),
    _time("handle_at"),
    _text("preferences", nullable=True),
    _text("avatar", nullable=True),
    _time("muted_until", nullable=True),
    _time("trusted_at", nullable=True),
    Unique("twitter_id"),
    Index(None, "handle_key"),
)
"""`handle_key` is the folded handle, not unique: a handle given up on X may be taken by somebody else before its first
holder signs in here again. `handle_at` is when X last named them so; whoever has the newest one holds the handle.
`preferences` are JSON, as storage/preferences.py keeps them. `avatar` is the version of their picture, if they have
one. `muted_until`: they post nothing before. `trusted_at`: until then they are new here."""

handles = Table(
    "handles",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _text("handle"),
    _time("ended_at"),
    Column("handle_key", Text, nullable=False, server_default=""),
    Index(None, "user_id"),
    Index(None, "handle_key"),
)
"""Handles that people had before. Each began when the one before it ended, the first with the account."""

avatars = Table(
    "avatars",
    metadata,
    _reference("user_id", "users.id"),
    _text("version"),
    _text("source"),
    _text("content_type"),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("user_id"),
)
"""People's pictures. `source` is the address at X that one came from, `version` a name that no other one has."""

blocks = Table(
    "blocks",
    metadata,
    _reference("user_id", "users.id"),
    _reference("blocked_id", "users.id"),
    _time("at"),
    PrimaryKeyConstraint("user_id", "blocked_id"),
)
"""Whom somebody does not want to read."""

held_mutes = Table(
    "held_mutes",
    metadata,
    Column("mark", Text, primary_key=True),
    _time("muted_until"),
    Index(None, "muted_until"),
)
"""Mutes of people who have deleted their account, by a mark of their X id (chat/held_mutes.py)."""

name_words = Table(
    "name_words",
    metadata,
    Column("word", Folded, nullable=False),
    _reference("user_id", "users.id"),
    PrimaryKeyConstraint("word", "user_id"),
    Index(None, "user_id"),
)
"""The words of people's handles and names, folded; of those alone who can be spoken to."""

claims = Table(
    "claims",
    metadata,
    _text("handle_key"),
    _text("role"),
    _time("made_at"),
    _reference("user_id", "users.id", nullable=True),
    PrimaryKeyConstraint("handle_key", "role"),
)
"""Roles promised to a handle by OWNER_HANDLES or `user add`; `user_id` is who signed in with it first and has it."""

sessions = Table(
    "sessions",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _text("user_agent"),
    _time("created_at"),
    _time("seen_at"),
    _time("expires_at"),
    _text("token_hash"),
    _time("ended_at", nullable=True),
    Unique("token_hash"),
    Index(None, "user_id"),
    *(_index_where("ended_at IS NULL", name) for name in ("seen_at", "expires_at")),
    _index_where("ended_at IS NOT NULL", "ended_at"),
)
"""The last three find what has run out and what was ended long ago, without a look at all the others."""

tokens = Table(
    "tokens",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _text("name"),
    _time("created_at"),
    _text("token_hash"),
    Column("scope", Text, nullable=False, server_default="manage"),
    _time("seen_at", nullable=True),
    _time("ended_at", nullable=True),
    Unique("token_hash"),
    Index(None, "user_id"),
    _index_where("ended_at IS NULL", "seen_at"),
    _index_where("ended_at IS NOT NULL", "ended_at"),
)
"""`seen_at`: one that was never used has none. An ended one keeps its row, and so its id, for as long as there may be a
connection that came by it: SQLite gives the highest id again once its row is gone."""

device_codes = Table(
    "device_codes",
    metadata,
    Column("device_hash", Text, primary_key=True),
    _text("user_hash"),
    _text("name"),
    _text("address"),
    _time("asked_at"),
    _time("expires_at"),
    Column("scope", Text, nullable=False, server_default="manage"),
    _reference("user_id", "users.id", nullable=True),
    Column("refused", Boolean, nullable=False, server_default=false()),
    Unique("user_hash"),
    Index(None, "expires_at"),
    Index(None, "user_id"),
)
"""Programs that ask to be let in (RFC 8628). `user_id` is who answered, `refused` what."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", Text, primary_key=True),
    _text("secret"),
    _text("next_page"),
    _text("browser_hash"),
    _time("expires_at"),
    Column("invite_hash", Text, nullable=False, server_default=""),
    Index(None, "expires_at"),
)

rooms = Table(
    "rooms",
    metadata,
    _id(),
    _text("slug"),
    _text("name"),
    _text("topic"),
    _text("kind"),
    _count("last_number"),
    _count("seq"),
    _time("last_at"),
    _count("members"),
    _time("created_at"),
    Column("description", Text, nullable=False, server_default=""),
    Column("posting", Text, nullable=False, server_default="everybody"),
    Column("slow_seconds", BigInteger, nullable=False, server_default="0"),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    _time("archived_at", nullable=True),
    _reference("created_by", "users.id", nullable=True),
    Column("changed_seq", BigInteger, nullable=False, server_default="0"),
    Column("name_key", Folded, nullable=False, server_default=""),
    Column("is_readable", Boolean, nullable=False, server_default=false()),
    Column("is_unlisted", Boolean, nullable=False, server_default=false()),
    Column("cards", Boolean, nullable=False, server_default=true()),
    _text("direct_key", nullable=True),
    _count("parent_id", nullable=True),
    _count("root_number", nullable=True),
    Column("has_outgoing", Boolean, nullable=False, server_default=false()),
    Unique("slug"),
    Index(None, "name_key", "id"),
    Index(None, "direct_key", unique=True),
    Index(None, "parent_id", "root_number", unique=True),
)
"""`name_key` is the folded name: the order of the directory, and what its search compares. `direct_key` are the sorted
ids of a direct room's people, so that there is one room for each set of them. A thread is the room beside message
`root_number` of the room `parent_id`: one for each message."""

memberships = Table(
    "memberships",
    metadata,
    _reference("room_id", "rooms.id"),
    _reference("user_id", "users.id"),
    _count("read_number"),
    _count("seq"),
    _time("joined_at"),
    _time("left_at", nullable=True),
    Column("role", Text, nullable=False, server_default="member"),
    _count("removed_by", nullable=True),
    *(Column(name, Boolean, nullable=False, server_default=false()) for name in ("favourite", "muted", "hidden")),
    Column("level", Text, nullable=False, server_default="default"),
    PrimaryKeyConstraint("room_id", "user_id"),
    Index(None, "user_id"),
    Index(None, "room_id", "seq"),
    Index(None, "joined_at"),
)
"""`removed_by` is who took somebody out; who left by themselves has none. What comes after it is how somebody wants to
have the room, and goes with the membership."""

messages = Table(
    "messages",
    metadata,
    _reference("room_id", "rooms.id"),
    _count("number"),
    _count("seq"),
    _reference("author_id", "users.id"),
    _text("nonce"),
    _text("kind"),
    _text("text"),
    _text("html"),
    _time("at"),
    Column("renderer", BigInteger, nullable=False, server_default="1"),
    _time("edited_at", nullable=True),
    _time("removed_at", nullable=True),
    _count("removed_by", nullable=True),
    _count("posted_seq", nullable=True),
    _count("reply_to", nullable=True),
    _text("extras", nullable=True),
    PrimaryKeyConstraint("room_id", "number"),
    Unique("nonce", "author_id"),
    Unique("room_id", "seq"),
    _index_where("reply_to IS NOT NULL", "room_id", "reply_to"),
)
"""The unique nonce makes a repeated send harmless for ever (DELIVERY D3). It stands first in its index: nonces that
begin with the time, as our clients make them, then lie next to each other, and a batch dirties two pages instead of one
page a message, which was most of the cost of a commit. Random ones work as well, at half the speed.

`renderer` is the version of what made the HTML, `posted_seq` what `seq` was before the first change, if there was one.
What is removed keeps its row, for its number and its nonce, but not its text. `reply_to` is the number of another one
in the room, `extras` are JSON, as `models.Extras` names them; most messages have neither."""

removed_messages = Table(
    "removed_messages",
    metadata,
    _reference("room_id", "rooms.id"),
    _count("number"),
    _reference("author_id", "users.id"),
    _reference("removed_by", "users.id"),
    _text("text"),
    _text("html"),
    _time("at"),
    _text("extras", nullable=True),
    PrimaryKeyConstraint("room_id", "number"),
    Index(None, "author_id", "at"),
    Index(None, "at"),
)
"""What removed messages said, for as long as they can be put back; `at` is when they were removed."""

message_versions = Table(
    "message_versions",
    metadata,
    _reference("room_id", "rooms.id"),
    _count("number"),
    _count("version"),
    _text("text"),
    _time("at"),
    PrimaryKeyConstraint("room_id", "number", "version"),
)
"""What edited messages said before, from 1 on; `at` is when that was written."""

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("content_type"),
    *(_count(name) for name in ("size", "width", "height", "thumb_width", "thumb_height")),
    Column("animated", Boolean, nullable=False, server_default=false()),
    Column("alt", Text, nullable=False, server_default=""),
    _reference("room_id", "rooms.id"),
    _reference("user_id", "users.id"),
    _text("nonce"),
    _time("at"),
    _time("ready_at", nullable=True),
    _text("sent", nullable=True),
    _time("settled_at", nullable=True),
    Unique("user_id", "nonce"),
    Index(None, "user_id", "sent"),
    _index_where("settled_at IS NULL", "at"),
)
"""What people added to messages; the bytes lie elsewhere, under the id. `sent` is the nonce of the message of the
same person that has it, written in the transaction which stores that. `settled_at` is when it was
looked whether there is one, a day later; until then the file may be swept."""

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _text("what"),
    _reference("room_id", "rooms.id"),
    _count("number"),
    _time("due_at"),
    _count("tries"),
    _count("webhook_id", nullable=True),
    Index(None, "due_at"),
    _index_where("webhook_id IS NOT NULL", "webhook_id", "id"),
)
"""What is to be done about messages, written in the transaction that gives the reason. Whoever takes one moves its
`due_at` past the time that it may take: if they die, it is due again. Of those of one webhook only the first is taken,
which the second index finds."""

webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    _text("kind"),
    _reference("room_id", "rooms.id"),
    _reference("user_id", "users.id"),
    _reference("made_by", "users.id"),
    _time("made_at"),
    _text("url", nullable=True),
    _text("hears", nullable=True),
    Column("failures", BigInteger, nullable=False, server_default="0"),
    _text("off", nullable=True),
    _text("secret_hash"),
    _text("salt", nullable=True),
    _time("removed_at", nullable=True),
    Unique("secret_hash"),
    Index(None, "room_id"),
)
"""Ways into rooms for programs, and out of them. The secret of an outgoing one, which signs, is made anew each time of
its `salt` and the key of the settings (chat/webhook_secrets.py). What was removed keeps its row, and so its id: there
may be jobs of it, and SQLite gives the highest id again once its row is gone."""

link_cards = Table(
    "link_cards",
    metadata,
    Column("url_hash", Text, primary_key=True),
    _text("state"),
    _time("at"),
    _text("card", nullable=True),
    Index(None, "at"),
)
"""What links lead to, fetched once a day for all messages: `state` says whether that is under way since `at`, has given
a `card` (JSON) then, or none."""

mentions = Table(
    "mentions",
    metadata,
    _id(),
    _reference("user_id", "users.id", nullable=True),
    _reference("room_id", "rooms.id"),
    _count("number"),
    Unique("user_id", "room_id", "number"),
    Index(None, "user_id", "id"),
    Index(None, "room_id", "number"),
)
"""Who is mentioned in which message: a row for each person, none for most messages. One without a person means
everybody who was in the room then: with thousands there one row says so, too."""

search_entries = Table(
    "search_entries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    _reference("room_id", "rooms.id"),
    _count("number"),
    _reference("author_id", "users.id"),
    Column("words", Folded, nullable=False),
    Unique("room_id", "number"),
)
"""What is found of each message that is there, in the order of time: `id` begins with it. `words` are folded, in their
order, behind what else can be asked for (storage/search_entries.py). Each engine has an index of them, made by
migration 0021: SQLite a table beside this one, PostgreSQL one of an expression."""

search_marks = Table(
    "search_marks",
    metadata,
    _reference("room_id", "rooms.id"),
    _count("number"),
    PrimaryKeyConstraint("room_id"),
)
"""Up to which number a room's messages have entries. Whoever makes or changes entries of a room locks its row."""
pins = Table(
    "pins",
    metadata,
    _reference("room_id", "rooms.id"),
    _count("number"),
    _reference("pinned_by", "users.id"),
    _time("at"),
    PrimaryKeyConstraint("room_id", "number"),
)
"""What a room has pinned."""

saved = Table(
    "saved",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _reference("room_id", "rooms.id"),
    _count("number"),
    Unique("user_id", "room_id", "number"),
    Index(None, "user_id", "id"),
)
"""What people keep for themselves."""

drafts = Table(
    "drafts",
    metadata,
    _reference("user_id", "users.id"),
    _reference("room_id", "rooms.id"),
    _text("text"),
    _time("at"),
    PrimaryKeyConstraint("user_id", "room_id"),
)
"""What somebody has begun to write, one in each room. An emptied one stays, without text: it is newer than what another
device still holds."""

acts = Table(
    "acts",
    metadata,
    _id(),
    _reference("actor_id", "users.id", nullable=True),
    _text("what"),
    _reference("person_id", "users.id", nullable=True),
    _reference("room_id", "rooms.id", nullable=True),
    _time("at"),
    _text("details"),
    _time("undone_at", nullable=True),
)
"""What was done to keep the peace, in order: `what`, to whom, in which room, by whom; without an actor it was done on
the server's command line. `details` are JSON."""

bans = Table(
    "bans",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _time("at"),
    _reference("banned_by", "users.id"),
    _text("reason"),
    _text("rooms"),
    _time("undone_at", nullable=True),
    Index(None, "user_id"),
)
"""Who was put out of the community; in force where it is not undone. `rooms` are JSON: those that they were in, with
their roles there."""

reports = Table(
    "reports",
    metadata,
    _id(),
    _reference("reporter_id", "users.id", nullable=True),
    _reference("person_id", "users.id"),
    _reference("room_id", "rooms.id", nullable=True),
    _count("number", nullable=True),
    _text("said"),
    _text("reason"),
    _text("note"),
    _time("at"),
    _time("closed_at", nullable=True),
    _index_where("closed_at IS NULL", "at"),
    Index(None, "person_id"),
)
"""What people told moderators of a person, or of a message and what it `said` then."""

invites = Table(
    "invites",
    metadata,
    _id(),
    _text("role"),
    _text("rooms"),
    _reference("made_by", "users.id", nullable=True),
    _time("made_at"),
    _time("expires_at"),
    _count("most_uses", nullable=True),
    _count("uses"),
    _time("revoked_at", nullable=True),
    _text("token_hash"),
    Unique("token_hash"),
)
"""Links that let people in. `rooms` are ids, as JSON."""

allow_list = Table(
    "allow_list",
    metadata,
    Column("handle_key", Text, primary_key=True),
    _text("handle"),
    _text("role"),
    _text("rooms"),
    _reference("made_by", "users.id"),
    _time("made_at"),
    _reference("user_id", "users.id", nullable=True),
)
"""Handles that may come in; `handle_key` is folded, `rooms` are ids, as JSON, `user_id` is who came first."""

arrivals = Table(
    "arrivals",
    metadata,
    _id(),
    _text("twitter_id"),
    _text("handle"),
    _text("name", nullable=True),
    _text("user_agent"),
    _text("token_hash"),
    _time("asked_at"),
    _time("signed_in_at"),
    _time("refused_at", nullable=True),
    Unique("twitter_id"),
    Unique("token_hash"),
    Index(None, "asked_at"),
)
"""Who waits to be let in, or was refused: one row for each X id, with the browser that asked last."""

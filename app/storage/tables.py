"""The one schema, for every engine; `migrations/` is compared with it by a test.

Times are milliseconds since 1970, UTC. `seq` of a row is the room's `seq` at the row's last change, so that "what
changed since" is a range of an index.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text, text
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


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _reference(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(target), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _index_where(condition: str, name: str) -> Index:
    """Of the rows alone that meet the condition."""
    return Index(None, name, sqlite_where=text(condition), postgresql_where=text(condition))


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
    Unique("twitter_id"),
    Index(None, "handle_key"),
)
"""`handle_key` is the folded handle, not unique: a handle given up on X may be taken by somebody else before its first
holder signs in here again. `handle_at` is when X last named them so; whoever has the newest one holds the handle."""

handles = Table(
    "handles",
    metadata,
    _id(),
    _reference("user_id", "users.id"),
    _text("handle"),
    _time("ended_at"),
    Index(None, "user_id"),
)
"""Handles that people had before."""

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
    Unique("token_hash"),
    Index(None, "user_id"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", Text, primary_key=True),
    _text("secret"),
    _text("next_page"),
    _text("browser_hash"),
    _time("expires_at"),
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
    Unique("slug"),
)

memberships = Table(
    "memberships",
    metadata,
    _reference("room_id", "rooms.id"),
    _reference("user_id", "users.id"),
    _count("read_number"),
    _count("seq"),
    _time("joined_at"),
    _time("left_at", nullable=True),
    PrimaryKeyConstraint("room_id", "user_id"),
    Index(None, "user_id"),
    Index(None, "room_id", "seq"),
    Index(None, "joined_at"),
)

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
    PrimaryKeyConstraint("room_id", "number"),
    Unique("nonce", "author_id"),
    Unique("room_id", "seq"),
)
"""The unique nonce makes a repeated send harmless for ever (DELIVERY D3). It stands first in its index: nonces that
begin with the time, as our clients make them, then lie next to each other, and a batch dirties two pages instead of one
page a message, which was most of the cost of a commit. Random ones work as well, at half the speed."""

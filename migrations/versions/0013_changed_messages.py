"""Messages that are edited or removed, and what they said before."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("edited_at", "removed_at", "removed_by", "posted_seq"):
        op.add_column("messages", sa.Column(name, sa.BigInteger(), nullable=True))
    make_removed_messages()
    make_message_versions()


def make_removed_messages() -> None:
    op.create_table(
        "removed_messages",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("removed_by", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_removed_messages_room_id_rooms")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_removed_messages_author_id_users")),
        sa.ForeignKeyConstraint(["removed_by"], ["users.id"], name=op.f("fk_removed_messages_removed_by_users")),
        sa.PrimaryKeyConstraint("room_id", "number", name=op.f("pk_removed_messages")),
    )
    op.create_index(op.f("ix_removed_messages_author_id_at"), "removed_messages", ["author_id", "at"])
    op.create_index(op.f("ix_removed_messages_at"), "removed_messages", ["at"])


def make_message_versions() -> None:
    op.create_table(
        "message_versions",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_message_versions_room_id_rooms")),
        sa.PrimaryKeyConstraint("room_id", "number", "version", name=op.f("pk_message_versions")),
    )

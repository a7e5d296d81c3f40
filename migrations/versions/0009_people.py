"""Whose a handle was, people's pictures, and whom somebody has blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # The default is the database's: a process of the version before writes handles, too.
    op.add_column("handles", sa.Column("handle_key", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE handles SET handle_key = lower(handle)")
    op.create_index(op.f("ix_handles_handle_key"), "handles", ["handle_key"])
    op.add_column("users", sa.Column("avatar", sa.Text(), nullable=True))
    op.create_table(
        "avatars",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_avatars_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_avatars")),
    )
    op.create_table(
        "blocks",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("blocked_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_blocks_user_id_users")),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name=op.f("fk_blocks_blocked_id_users")),
        sa.PrimaryKeyConstraint("user_id", "blocked_id", name=op.f("pk_blocks")),
    )

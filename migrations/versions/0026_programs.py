"""Programs: the use and the end of their tokens, and codes by which one is let in."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    grow_tokens()
    op.create_table(
        "device_codes",
        sa.Column("device_hash", sa.Text(), nullable=False),
        sa.Column("user_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("refused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_device_codes_user_id_users")),
        sa.PrimaryKeyConstraint("device_hash", name=op.f("pk_device_codes")),
        sa.UniqueConstraint("user_hash", name=op.f("uq_device_codes_user_hash")),
    )
    op.create_index(op.f("ix_device_codes_expires_at"), "device_codes", ["expires_at"])
    op.create_index(op.f("ix_device_codes_user_id"), "device_codes", ["user_id"])


def grow_tokens() -> None:
    # The default is the database's: a process of the version before, which knows no scopes, makes tokens, too.
    op.add_column("tokens", sa.Column("scope", sa.Text(), nullable=False, server_default="chat"))
    op.add_column("tokens", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("tokens", sa.Column("ended_at", sa.BigInteger(), nullable=True))
    # Nobody wrote down until now when one was used: an old one may be in use every day.
    op.execute(sa.text("UPDATE tokens SET seen_at = :now").bindparams(now=time.time_ns() // 1_000_000))
    for condition, name in (("ended_at IS NULL", "seen_at"), ("ended_at IS NOT NULL", "ended_at")):
        where = sa.text(condition)
        op.create_index(op.f(f"ix_tokens_{name}"), "tokens", [name], sqlite_where=where, postgresql_where=where)

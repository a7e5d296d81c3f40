"""Webhooks, and jobs of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("hears", sa.Text(), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("off", sa.Text(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_webhooks_room_id_rooms")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_webhooks_user_id_users")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_webhooks_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_webhooks_secret_hash")),
    )
    op.create_index(op.f("ix_webhooks_room_id"), "webhooks", ["room_id"])
    op.add_column("rooms", sa.Column("has_outgoing", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("jobs", sa.Column("webhook_id", sa.BigInteger(), nullable=True))
    where = sa.text("webhook_id IS NOT NULL")
    names = ["webhook_id", "id"]
    op.create_index(op.f("ix_jobs_webhook_id_id"), "jobs", names, sqlite_where=where, postgresql_where=where)

"""Mutes of those who have deleted their account, for as long as they last."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_mutes",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("muted_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_held_mutes")),
    )
    op.create_index(op.f("ix_held_mutes_muted_until"), "held_mutes", ["muted_until"])

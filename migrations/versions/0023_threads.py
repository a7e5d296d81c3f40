"""Threads: rooms beside one message of another room."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a foreign key: SQLite would copy the table to add one.
    op.add_column("rooms", sa.Column("parent_id", sa.BigInteger(), nullable=True))
    op.add_column("rooms", sa.Column("root_number", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_rooms_parent_id_root_number"), "rooms", ["parent_id", "root_number"], unique=True)

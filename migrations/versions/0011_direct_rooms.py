"""Direct rooms: one for each set of people."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("direct_key", sa.Text(), nullable=True))
    op.create_index(op.f("ix_rooms_direct_key"), "rooms", ["direct_key"], unique=True)

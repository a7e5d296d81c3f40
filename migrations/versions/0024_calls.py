"""Mentions of everybody in a room, which are of nobody by name."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentions") as mentions:
        mentions.alter_column("user_id", nullable=True)

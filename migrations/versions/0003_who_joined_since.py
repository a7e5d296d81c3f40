"""Who joined since: found without a look at all members, by a process that heard nothing of the others for a while."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_memberships_joined_at"), "memberships", ["joined_at"])

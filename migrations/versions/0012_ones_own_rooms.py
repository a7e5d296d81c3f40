"""How somebody wants to have a room: favourite, muted, hidden, and how much they are told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults are the database's: a process of the version before makes memberships, too.
    for name in ("favourite", "muted", "hidden"):
        op.add_column("memberships", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("memberships", sa.Column("level", sa.Text(), nullable=False, server_default="default"))

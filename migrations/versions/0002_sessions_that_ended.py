"""Sessions that ended: found without a look at all the others, whether they have to be ended or forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIVING = sa.text("ended_at IS NULL")
ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    for column, condition in (("seen_at", LIVING), ("expires_at", LIVING), ("ended_at", ENDED)):
        name = op.f(f"ix_sessions_{column}")
        op.create_index(name, "sessions", [column], sqlite_where=condition, postgresql_where=condition)

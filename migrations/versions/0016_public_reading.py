"""Public reading: which rooms may be read without an account, and which of them search engines are to leave out."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults are the database's: a process of the version before makes rooms, too.
    for name in ("is_readable", "is_unlisted"):
        op.add_column("rooms", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))

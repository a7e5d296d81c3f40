"""Which version of the renderer made the HTML of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is the database's: a process of the version before, which makes HTML as version 1, posts, too.
    op.add_column("messages", sa.Column("renderer", sa.BigInteger(), nullable=False, server_default="1"))

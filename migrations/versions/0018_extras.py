"""What few messages have: what they answer, and what others added to them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("reply_to", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("extras", sa.Text(), nullable=True))
    op.add_column("removed_messages", sa.Column("extras", sa.Text(), nullable=True))

"""Which messages were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_reply = sa.text("reply_to IS NOT NULL")
    columns = ["room_id", "reply_to"]
    op.create_index(
        op.f("ix_messages_room_id_reply_to"), "messages", columns, sqlite_where=is_reply, postgresql_where=is_reply
    )

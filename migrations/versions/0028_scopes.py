"""Scopes of programs, where one stood for all."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever asked before asked for all, and so does who asks a process of the version before.
    op.add_column("device_codes", sa.Column("scope", sa.Text(), nullable=False, server_default="manage"))
    op.execute("UPDATE tokens SET scope = 'manage' WHERE scope = 'chat'")
    with op.batch_alter_table("tokens") as tokens:
        tokens.alter_column("scope", existing_type=sa.Text(), server_default="manage")

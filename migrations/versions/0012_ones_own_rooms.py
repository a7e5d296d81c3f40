"""How somebody wants to have a room (favourite, muted, hidden, how much they are told of it), and who is mentioned."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # The defaults are the database's: a process of the version before makes memberships, too.
    for name in ("favourite", "muted", "hidden"):
        op.add_column("memberships", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("memberships", sa.Column("level", sa.Text(), nullable=False, server_default="default"))
    op.create_table(
        "mentions",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mentions_user_id_users")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_mentions_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("user_id", "room_id", "number", name=op.f("uq_mentions_user_id_room_id_number")),
    )
    op.create_index(op.f("ix_mentions_user_id_id"), "mentions", ["user_id", "id"])

"""Messages that a room has pinned, and those that somebody keeps for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pins",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("pinned_by", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_pins_room_id_rooms"),
        sa.ForeignKeyConstraint(["pinned_by"], ["users.id"], name="fk_pins_pinned_by_users"),
        sa.PrimaryKeyConstraint("room_id", "number", name="pk_pins"),
    )
    op.create_table(
        "saved",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_user_id_users"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_saved_room_id_rooms"),
        sa.PrimaryKeyConstraint("id", name="pk_saved"),
        sa.UniqueConstraint("user_id", "room_id", "number", name="uq_saved_user_id_room_id_number"),
    )
    op.create_index("ix_saved_user_id_id", "saved", ["user_id", "id"])

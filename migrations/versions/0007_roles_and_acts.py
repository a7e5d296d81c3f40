"""Who moderates a room, and the log of what is done to keep the peace."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # The default is the database's: a process of the version before, which knows no roles, lets people join too.
    op.add_column("memberships", sa.Column("role", sa.Text(), nullable=False, server_default="member"))
    op.create_table(
        "acts",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("room_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_acts_actor_id_users")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_acts_person_id_users")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_acts_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )

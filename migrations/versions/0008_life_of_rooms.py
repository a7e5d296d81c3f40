"""What rooms are for and who may post there, who made them, and which ones newcomers join."""

import sqlalchemy as sa
from alembic import op

from app.storage.name_words import fold

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # The defaults are the database's: a process of the version before makes rooms, too.
    with op.batch_alter_table("rooms") as rooms:
        rooms.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        rooms.add_column(sa.Column("posting", sa.Text(), nullable=False, server_default="everybody"))
        rooms.add_column(sa.Column("slow_seconds", sa.BigInteger(), nullable=False, server_default="0"))
        rooms.add_column(sa.Column("is_default", sa.Boolean(), nullable=False, server_default=sa.false()))
        rooms.add_column(sa.Column("archived_at", sa.BigInteger(), nullable=True))
        rooms.add_column(sa.Column("created_by", ID, nullable=True))
        rooms.add_column(sa.Column("changed_seq", sa.BigInteger(), nullable=False, server_default="0"))
        rooms.add_column(sa.Column("name_key", WORD, nullable=False, server_default=""))
        rooms.create_foreign_key(op.f("fk_rooms_created_by_users"), "users", ["created_by"], ["id"])
    op.create_index(op.f("ix_rooms_name_key_id"), "rooms", ["name_key", "id"])
    op.add_column("memberships", sa.Column("removed_by", sa.BigInteger(), nullable=True))
    op.execute("UPDATE rooms SET is_default = (kind = 'public')")
    fill_name_keys()


def fill_name_keys() -> None:
    rooms = sa.table("rooms", sa.column("id"), sa.column("name"), sa.column("name_key"))
    for room_id, name in op.get_bind().execute(sa.select(rooms.c.id, rooms.c.name)).all():
        op.execute(rooms.update().where(rooms.c.id == room_id).values(name_key=fold(name)))

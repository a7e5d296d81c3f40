"""What messages are found by. The entries are made by the server, in the background, from its first start on."""

import sqlalchemy as sa
from alembic import op

from app.storage import postgres_words, sqlite_words

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CREATE = {"sqlite": sqlite_words.CREATE, "postgresql": postgres_words.CREATE}


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_search_entries_room_id_rooms")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_search_entries_author_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_search_entries_room_id_number")),
    )
    op.create_table(
        "search_marks",
        sa.Column("room_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_search_marks_room_id_rooms")),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_search_marks")),
    )
    op.create_index(op.f("ix_mentions_room_id_number"), "mentions", ["room_id", "number"])
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)

"""The words of people's names: whom somebody means who has written the first letters of one."""

import sqlalchemy as sa
from alembic import op

from app.storage.name_words import words_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    name_words = op.create_table(
        "name_words",
        sa.Column("word", WORD, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_name_words_user_id_users")),
        sa.PrimaryKeyConstraint("word", "user_id", name=op.f("pk_name_words")),
    )
    people = op.get_bind().execute(sa.text("SELECT id, handle, name FROM users WHERE kind = 'person'"))
    rows = [{"word": word, "user_id": one.id} for one in people for word in words_of(one.handle, one.name)]
    if rows:
        op.bulk_insert(name_words, rows)
    op.create_index(op.f("ix_name_words_user_id"), "name_words", ["user_id"])

"""What people report to moderators, and who is new."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("trusted_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE users SET trusted_at = created_at")
    op.create_table(
        "reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("reporter_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("room_id", ID, nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name=op.f("fk_reports_reporter_id_users")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_reports_person_id_users")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_reports_room_id_rooms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(op.f("ix_reports_at"), "reports", ["at"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_index(op.f("ix_reports_person_id"), "reports", ["person_id"])

"""Alembic runs this to apply or compare migrations; `app/storage/migrate.py` gives it the connection and the lock."""

from alembic import context

from app.storage.tables import is_ours, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,  # SQLite cannot alter most things in place
)
with context.begin_transaction():
    context.run_migrations()

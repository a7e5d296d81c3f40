import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import migrate as migrate_module
from app.storage.migrate import MIGRATIONS, make_migration, migrate

VERSIONS = MIGRATIONS / "versions"
ADA = "INSERT INTO users VALUES (1, '42', 'ada', 'Ada', 'person', 'member', 1, NULL, 'ada', 1, NULL, NULL, NULL, 1)"
NEWEST = max(path.stem for path in VERSIONS.glob("*.py")).partition("_")[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roost.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may spoil; returns its folder of versions."""
    copy = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate_module, "MIGRATIONS", copy)
    return copy / "versions"


def add_version(versions: Path, body: str) -> None:
    head = f'from alembic import op\n\nrevision = "next"\ndown_revision = "{NEWEST}"\n\n\ndef upgrade() -> None:\n'
    (versions / "next_step.py").write_text(head + body)


def ask(path: Path, query: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute(query)]


def test_two_databases_have_two_epochs(tmp_path: Path) -> None:
    epochs = set()
    for name in ("one.db", "two.db"):
        migrate(f"sqlite:///{tmp_path / name}")
        epochs |= set(ask(tmp_path / name, "SELECT value FROM meta"))
    assert len(epochs) == 2


def test_migrating_again_changes_nothing(path: Path, url: str) -> None:
    migrate(url)
    before = path.read_bytes()
    assert migrate(url) == []
    assert path.read_bytes() == before


def test_a_table_that_others_refer_to_can_be_built_anew(path: Path, url: str, own_migrations: Path) -> None:
    migrate(url)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(ADA)
        connection.execute("INSERT INTO tokens VALUES (1, 1, 'bot', 1, 'hash', 'chat', NULL, NULL)")
    add_version(
        own_migrations,
        '    with op.batch_alter_table("users", recreate="always") as users:\n'
        '        users.alter_column("name", new_column_name="label")\n',
    )
    assert migrate(url) == ["next_step"]
    assert ask(path, "SELECT label FROM users") == ["Ada"]
    assert ask(path, "SELECT name FROM tokens JOIN users ON users.id = user_id") == ["bot"]


def test_a_migration_that_would_lose_what_others_refer_to_is_refused(
    path: Path, url: str, own_migrations: Path
) -> None:
    migrate(url)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(ADA)
        connection.execute("INSERT INTO tokens VALUES (1, 1, 'bot', 1, 'hash', 'chat', NULL, NULL)")
    add_version(own_migrations, '    op.execute("DELETE FROM users")\n')
    with pytest.raises(RuntimeError, match="refer to missing ones"):
        migrate(url)
    assert ask(path, "SELECT name FROM users") == ["Ada"]


def test_the_migrations_make_what_the_tables_say(own_migrations: Path) -> None:
    assert make_migration("nothing new") is None
    assert [one.name for one in own_migrations.glob("*.py")] == [one.name for one in VERSIONS.glob("*.py")]


def test_a_made_migration_brings_what_was_missing(path: Path, url: str, own_migrations: Path) -> None:
    leave_out(own_migrations / "0001_first_light.py", '        sa.Column("topic", sa.Text(), nullable=False),\n')
    leave_out(own_migrations / "0001_first_light.py", '"topic": "Where everybody meets", ')
    leave_out(own_migrations / "0001_first_light.py", '"topic", ')
    made = make_migration("Say what a room is about")
    assert made == own_migrations / f"{int(NEWEST) + 1:04}_say_what_a_room_is_about.py"
    assert 'batch_alter_table("rooms"' in made.read_text().replace("'", '"')
    assert "topic" in made.read_text()
    compile(made.read_text(), made.name, "exec")


def leave_out(script: Path, text: str) -> None:
    before = script.read_text()
    assert text in before
    script.write_text(before.replace(text, ""))

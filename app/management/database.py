"""migrate, release, makemigration."""

import argparse
import signal
from pathlib import Path

from app.errors import SettingsMissing
from app.management.commands import Commands, add_command
from app.settings import Settings
from app.storage.migrate import make_migration
from app.storage.migrate import migrate as migrate_database


def add_commands(commands: Commands) -> None:
    add_command(commands, "migrate", "Bring the database to the newest schema.", migrate)
    text = "What a deploy runs before the new server starts: migrate."
    add_command(commands, "release", text, release, let_deploy)
    parser = add_command(
        commands, "makemigration", "Write the next migration from app/storage/tables.py.", makemigration
    )
    parser.add_argument("message", help="what changes, in a few words")


def migrate(settings: Settings, arguments: argparse.Namespace) -> None:
    done = migrate_database(settings.database_url)
    print(f"Migrated: {', '.join(done)}." if done else "The database is up to date.")


def release(settings: Settings, arguments: argparse.Namespace) -> None:
    migrate(settings, arguments)
    if settings.honcho_process_name:
        # honcho stops everything as soon as one process ends, so a finished release waits for its SIGTERM there.
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # sigwait takes only blocked ones; others end the process
        print("Released; waiting, because honcho would stop the server if this ended.", flush=True)
        signal.sigwait(ends)


def let_deploy(missing: SettingsMissing) -> None:
    """A refusal here would keep the page away that tells what to set."""
    print(
        f"Nothing to migrate yet. Roost still needs {', '.join(missing.commands)}; the app's page says how to set it."
    )


def makemigration(settings: Settings, arguments: argparse.Namespace) -> None:
    path = make_migration(arguments.message)
    print(f"Written: {path.relative_to(Path.cwd())}. Read it before you commit it." if path else "Nothing has changed.")

"""restore, restored."""

import argparse
from contextlib import closing
from pathlib import Path

from app.errors import BadRequest
from app.management.commands import Commands, add_command, with_services
from app.settings import Settings
from app.storage import epoch
from app.storage.backups import backups_of
from app.storage.store import claim_database


def add_commands(commands: Commands) -> None:
    text = "Bring back what `backup` copied. Stop the server first."
    parser = add_command(commands, "restore", text, restore)
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="also when there are people in the database: they go")
    text = "Say that something else than `restore` brought the database back, so that clients begin anew."
    add_command(commands, "restored", text, restored)


def restore(settings: Settings, arguments: argparse.Namespace) -> None:
    """Clients that come back hold messages of another time; by the new epoch they notice it (DELIVERY D7)."""
    if not arguments.file.is_file():
        raise BadRequest(f"There is no file {arguments.file}.")
    backups = backups_of(settings.database_url)
    with closing(claim_database(settings.database_url)):
        if not arguments.replace and backups.has_people():
            raise BadRequest("There are people in the database. With --replace all of it goes, and the copy comes.")
        backups.restore(arguments.file, epoch.new())
    print(f"Restored from {arguments.file}. Start the server.")


def restored(settings: Settings, arguments: argparse.Namespace) -> None:
    with closing(claim_database(settings.database_url)):
        with_services(settings, lambda services: services.store.write(epoch.renew))
    print("The database has a new epoch. Start the server.")

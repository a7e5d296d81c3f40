"""backup."""

import argparse
from pathlib import Path

from app.errors import BadRequest
from app.management.commands import Commands, add_command
from app.settings import Settings
from app.storage.backups import backups_of
from app.storage.new_file import new_file


def add_commands(commands: Commands) -> None:
    text = "Write a copy of the database into a new file, while the server runs."
    parser = add_command(commands, "backup", text, backup)
    parser.add_argument("file", type=Path)


def backup(settings: Settings, arguments: argparse.Namespace) -> None:
    file: Path = arguments.file
    if file.exists():
        raise BadRequest(f"{file} is there already. Choose another name.")
    with new_file(file) as written:
        backups_of(settings.database_url).save(written)
    print(f"Copied and checked: {file}, {file.stat().st_size:,} bytes.")

"""`python manage.py COMMAND`: reads the settings, finds the command, turns errors into sentences."""

import argparse
import sys
from pathlib import Path

from app.errors import RoostError, SettingsError, SettingsMissing
from app.logs import set_up_logs
from app.management import (
    backup,
    check,
    database,
    doors,
    gateway,
    imports,
    people,
    rendering,
    restore,
    rooms,
    serving,
    shell,
)
from app.settings import load_settings, read_dotenv

ROOT = Path(__file__).parents[2]

COMMANDS = (serving, database, check, shell, rooms, people, doors, imports, rendering, gateway, backup, restore)
"""Each module adds its commands with `add_commands`, and each command names its function in `run`."""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit status: 0 done, 1 could not be done, 2 not understood."""
    parser = make_parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help()
        return 2
    try:
        return carry_out(chosen) or 0
    except SettingsError as error:
        print(f"Roost cannot run like this:\n{error.message}", file=sys.stderr)
        return 1
    except RoostError as error:
        print(error.message, file=sys.stderr)
        return 1


def carry_out(chosen: argparse.Namespace) -> int | None:
    try:
        settings = load_settings(read_dotenv(ROOT), ROOT)
    except SettingsMissing as missing:
        if chosen.meanwhile is None:
            raise
        set_up_logs("info")
        chosen.meanwhile(missing)
        return 0
    set_up_logs(settings.log_level)
    status: int | None = chosen.run(settings, chosen)
    return status


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py", description="Roost, a chat that a community runs itself.")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in COMMANDS:
        module.add_commands(commands)
    return parser

"""room add."""

import argparse

from app.chat import rooms
from app.management.commands import Commands, add_command, add_group, with_services
from app.settings import Settings


def add_commands(commands: Commands) -> None:
    actions = add_group(commands, "room", "Rooms.")
    add_parser = add_command(actions, "add", "Make a public room that everybody is in.", add)
    add_parser.add_argument("slug", help="its address, such as tide-sensors")


def add(settings: Settings, arguments: argparse.Namespace) -> None:
    room = with_services(settings, lambda services: rooms.add(services, arguments.slug))
    print(f"Made room {room.slug}: {settings.public_url}/chat/{room.slug}")

"""rerender."""

import argparse

from app.chat import rendering
from app.management.commands import Commands, add_command, with_services
from app.services import Services
from app.settings import Settings


def add_commands(commands: Commands) -> None:
    text = "Make the HTML of messages that an older release made anew. It may run beside the server, and be broken off."
    add_command(commands, "rerender", text, rerender)


def rerender(settings: Settings, arguments: argparse.Namespace) -> None:
    made = with_services(settings, count)
    print(f"{made:,} messages rendered anew.")


async def count(services: Services) -> int:
    return sum([made async for made in rendering.rerender(services)])

"""shell: Python with Roost in it."""

import argparse
import asyncio
import code

from app.chat import access, accounts, messages, reading, rooms
from app.management.commands import Commands, add_command, with_services
from app.services import Services
from app.settings import Settings

BANNER = "Roost: `services` is open; `run(coroutine)` waits for one, as in run(rooms.missed(services, 1, 0))."


def add_commands(commands: Commands) -> None:
    add_command(commands, "shell", "Python with an open database.", shell)


def shell(settings: Settings, arguments: argparse.Namespace) -> None:
    with_services(settings, talk)


async def talk(services: Services) -> None:
    """The console runs in a thread of its own, so that the loop is free for what is asked of it."""
    loop = asyncio.get_running_loop()
    names = {
        "services": services,
        "run": lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result(),
        **{module.__name__.rpartition(".")[2]: module for module in (access, accounts, messages, reading, rooms)},
    }
    await asyncio.to_thread(code.interact, banner=BANNER, local=names, exitmsg="")

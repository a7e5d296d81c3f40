"""What the modules of commands share."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from app.bus.memory import MemoryBus
from app.errors import SettingsMissing
from app.services import Services, make_services
from app.settings import Settings
from app.storage.migrate import migrate
from app.storage.store import open_store

T = TypeVar("T")
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  argparse names it nowhere else
Run = Callable[[Settings, argparse.Namespace], int | None]
Meanwhile = Callable[[SettingsMissing], None]


def add_group(commands: Commands, name: str, text: str) -> Commands:
    """A command that only holds others: `room add`."""
    parser = commands.add_parser(name, help=text, description=text)
    return parser.add_subparsers(title="actions", metavar="ACTION", required=True)


def add_command(
    commands: Commands, name: str, text: str, run: Run, meanwhile: Meanwhile | None = None
) -> argparse.ArgumentParser:
    """`meanwhile` is what it does on a new app that lacks settings; others refuse to run there."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run, meanwhile=meanwhile)
    return parser


def with_services(settings: Settings, act: Callable[[Services], Awaitable[T]]) -> T:
    """Do something with the migrated database, beside a running server if there is one.

    The server hears of it by looking at the heads of its rooms, within 20 s (DELIVERY D6)."""
    migrate(settings.database_url)
    return asyncio.run(_with_services(settings, act))


async def _with_services(settings: Settings, act: Callable[[Services], Awaitable[T]]) -> T:
    store = await open_store(settings.database_url, connections=2)
    try:
        return await act(make_services(settings, store, MemoryBus()))
    finally:
        await store.close()

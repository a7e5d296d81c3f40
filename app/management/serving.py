"""runserver and standin."""

import argparse
import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from app.errors import SettingsMissing
from app.management.commands import Commands, add_command
from app.management.error_reports import report_errors
from app.server import serve
from app.set_up import serve_set_up
from app.settings import Settings
from app.standin.application import serve as serve_standin
from app.standin.state import State

log = logging.getLogger(__name__)

STANDIN_PORT = 5100


def add_commands(commands: Commands) -> None:
    add_command(commands, "runserver", "Serve the chat on PORT until SIGTERM or Ctrl-C.", runserver, show_set_up)
    parser = add_command(commands, "standin", "Serve the stand-in for X alone, on this computer only.", standin)
    parser.add_argument("--port", type=int, default=STANDIN_PORT, help=f"port to listen on ({STANDIN_PORT})")


def runserver(settings: Settings, arguments: argparse.Namespace) -> None:
    if settings.dyno and settings.database_url.startswith("sqlite:"):
        log.warning("DATABASE_URL is a file, and a dyno loses its files at every restart, once a day at least")
    report_errors(settings)
    run_on_loop(lambda: serve(settings))


def show_set_up(missing: SettingsMissing) -> None:
    run_on_loop(lambda: serve_set_up(missing))


def standin(settings: Settings, arguments: argparse.Namespace) -> None:
    print(f"The stand-in for X answers on http://localhost:{arguments.port} (Ctrl-C stops it)")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_standin(State(settings), arguments.port))


def run_on_loop(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """On uvloop where it installs, which is everywhere but Windows."""
    try:
        import uvloop  # noqa: PLC0415  absent on Windows
    except ImportError:
        asyncio.run(main())
    else:
        uvloop.run(main())

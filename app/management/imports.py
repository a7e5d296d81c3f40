"""import."""

import argparse
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

from app.chat import imports
from app.errors import BadRequest
from app.management.commands import Commands, add_command, with_services
from app.services import Services
from app.settings import Settings

BAR = 30
GZIP_MAGIC = b"\x1f\x8b"


def add_commands(commands: Commands) -> None:
    text = "Load messages from a file in JSON lines (room, at, author, kind, text), gzipped or not."
    parser = add_command(commands, "import", text, load)
    parser.add_argument("file", type=Path)


def load(settings: Settings, arguments: argparse.Namespace) -> None:
    lines = list(read_lines(arguments.file))
    stored = with_services(settings, lambda services: load_lines(services, lines))
    print(f"{len(lines):,} lines read, {stored:,} messages new.")


def read_lines(path: Path) -> Iterator[bytes]:
    try:
        packed = path.read_bytes()
        yield from (gzip.decompress(packed) if packed.startswith(GZIP_MAGIC) else packed).splitlines()
    except (OSError, EOFError) as error:
        raise BadRequest(f"{path} cannot be read: {error}") from error


async def load_lines(services: Services, lines: list[bytes]) -> int:
    """How many messages were new."""
    total = 0
    async for done, stored in imports.load(services, lines):
        show_progress(done, len(lines))
        total = stored
    return total


def show_progress(done: int, of: int) -> None:
    """A bar on a terminal, nothing in a pipe."""
    if sys.stderr.isatty():
        full = BAR * done // of if of else BAR
        end = "\n" if done == of else ""
        print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done:,} of {of:,}", end=end, file=sys.stderr, flush=True)

"""A file that is there whole or not at all, whatever happens while it is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from app.errors import BadRequest


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, for its owner alone. It takes the name `path`, and the place of what has it, when
    the context ends without an error, and is removed otherwise. Raises BadRequest when the folder takes no files."""
    try:
        descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    except OSError as error:
        raise BadRequest(f"No file can be made in {path.parent}: {error.strerror}.") from error
    os.close(descriptor)
    written = Path(name)
    try:
        yield written
        flush(written)
        written.replace(path)
        flush(path.parent)
    finally:
        written.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Return when the disk has what was written to this file, or which files are in this folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

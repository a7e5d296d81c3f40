"""A file for its owner alone."""

import os
import secrets
from pathlib import Path


def write_privately(path: Path, text: str) -> None:
    """In one step: whoever reads meanwhile finds all of the old one or of the new one. Raises OSError, and then leaves
    nothing beside it: on a full disk each try would leave a file more."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise

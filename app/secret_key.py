"""The key that signs cookies, where the environment holds none."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from app.errors import SettingsError

SAMPLE = "replace-this-with-a-long-random-text-of-your-own"
"""The line of .env.example, which everybody can read; refused."""

LENGTH = 32
"""Characters below which a key is refused."""

HOW_TO_MAKE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def local(data: Path) -> str:
    """The key in `data`/secret_key, made on first need; SettingsError when it cannot be read, made or believed."""
    path = data / "secret_key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            {"SECRET_KEY": "data/secret_key cannot be read or made. Let Roost write in data/."}
        ) from error
    if len(key) < LENGTH:
        raise SettingsError({"SECRET_KEY": "data/secret_key is damaged. Remove it; everybody has to sign in again."})
    return key


def version(key: str) -> int:
    """A number for the key that depends on nothing else, so that keys beside it may come and go."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])


def _make(path: Path) -> None:
    """`web` and `release` start together under honcho, so the file appears by one link of a finished file: neither can
    read half a key, and the second to come finds the key of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret_key-") as draft:  # made with mode 0600
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)

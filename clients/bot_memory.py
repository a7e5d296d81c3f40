"""How far a bot has come in each room."""

import secrets
from pathlib import Path

import msgspec

from clients.failures import ClientError
from clients.private_file import write_privately


class BrokenMemory(ClientError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be read. Move it away, and the bot begins with what is said from then on.")


class Kept(msgspec.Struct):
    """`done` has the number of the last message that was done with, by the id of its room. What is posted once is known
    by `seed`, too: two bots of one person answer the same message with a message each."""

    seed: str
    done: dict[int, int]


class BotMemory:
    """In a file, if there is one, whole after each change; else it ends with the program."""

    def __init__(self, path: Path | None) -> None:
        """Raises BrokenMemory."""
        self._path = path
        self._kept = _read(path) if path is not None and path.exists() else Kept(secrets.token_hex(16), {})

    @property
    def seed(self) -> str:
        return self._kept.seed

    def done(self, room: int) -> int | None:
        return self._kept.done.get(room)

    def note(self, room: int, number: int) -> None:
        """All up to this message is done. Raises OSError."""
        if self._kept.done.get(room) == number:
            return
        self._kept.done[room] = number
        if self._path is not None:
            write_privately(self._path, msgspec.json.encode(self._kept).decode())


def _read(path: Path) -> Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BrokenMemory(path) from problem

"""What was typed and is not stored by the server: drafts, what waits, and what was refused. It outlives the window."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from clients.private_file import write_privately
from clients.storing import Send

FILE = "unsent.json"
FROM_BEFORE = "It was not sent when the window was closed."

Part = dict[str, Any]
Parts = tuple[Part, Part]
"""Of the file: drafts by their room, and what waits by its nonce."""
NOTHING: Parts = {}, {}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`why` it is not on its way; None: it is."""

    send: Send
    why: str | None = None


class Unsent:
    """Of one server, whose URL is `url`; the file has those of others, too."""

    def __init__(self, path: Path, url: str) -> None:
        self.drafts: dict[int, str] = {}
        self._path, self._url = path, url
        self._waiting: dict[str, Waiting] = {}
        self._kept = NOTHING
        self._is_saved = True
        self._load()

    def __iter__(self) -> Iterator[Waiting]:
        """In the order in which they were written."""
        return iter(self._waiting.values())

    def of(self, room: int) -> tuple[Waiting, ...]:
        return tuple(each for each in self if each.send.room == room)

    def find(self, nonce: str) -> Waiting | None:
        return self._waiting.get(nonce)

    def keep(self, send: Send, why: str | None = None) -> None:
        self._waiting[send.nonce] = Waiting(send, why)
        self._is_saved = False

    def refuse(self, nonce: str, why: str) -> None:
        if nonce in self._waiting:
            self._waiting[nonce] = replace(self._waiting[nonce], why=why)

    def drop(self, nonce: str) -> Waiting | None:
        self._is_saved = False
        return self._waiting.pop(nonce, None)

    def draft(self, room: int, text: str) -> None:
        if text == self.drafts.get(room, ""):
            return
        self._is_saved = False
        self.drafts[room] = text
        if not text.strip():
            del self.drafts[room]

    # The file

    def save(self) -> None:
        """In one step, for its owner alone, if anything has changed. What another window has kept there in the meantime
        stays. Raises OSError."""
        if self._is_saved:
            return
        mine = self._parts
        servers = _read(self._path)
        theirs = _parts_of(servers.pop(self._url, {})) or NOTHING
        drafts, waiting = map(_merged, theirs, self._kept, mine)
        if drafts or waiting:
            servers[self._url] = {"drafts": drafts, "waiting": list(waiting.values())}
        write_privately(self._path, json.dumps(servers, indent=2))
        self._kept = mine
        self._is_saved = True

    @property
    def _parts(self) -> Parts:
        return {str(room): text for room, text in self.drafts.items()}, {
            each.send.nonce: asdict(each.send) for each in self
        }

    def _load(self) -> None:
        parts = _parts_of(_read(self._path).get(self._url, {}))
        if parts is None:
            _move_away(self._path)
            return
        self._kept = parts
        drafts, waiting = parts
        self.drafts = {int(room): text for room, text in drafts.items()}
        self._waiting = {nonce: Waiting(Send(**given), FROM_BEFORE) for nonce, given in waiting.items()}


def _parts_of(kept: Any) -> Parts | None:
    """None for what this program cannot have written."""
    try:
        drafts = {str(int(room)): str(text) for room, text in kept.get("drafts", {}).items()}
        return drafts, {send.nonce: asdict(send) for send in (Send(**given) for given in kept.get("waiting", []))}
    except (TypeError, ValueError, AttributeError):
        return None


def _merged(theirs: Part, before: Part, mine: Part) -> Part:
    """What was changed or dropped here since `before`, and of everything else what stands there."""
    stays = {key: value for key, value in theirs.items() if key in mine or key not in before}
    return stays | {key: value for key, value in mine.items() if before.get(key) != value}


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        kept = None
    if not isinstance(kept, dict):
        _move_away(path)
        return {}
    return kept


def _move_away(path: Path) -> None:
    """Somebody can still read in it what this program cannot."""
    if path.exists():
        path.replace(path.with_name(f"unsent-{secrets.token_hex(4)}.json"))

"""Pictures: has each one made anew by a process of its own, one after the other."""

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from app.errors import PictureBroken, PictureTooLarge
from app.files import kinds

log = logging.getLogger(__name__)

DRAWING = Path(__file__).with_name("drawing.py")
AT_ONCE = 1
"""The largest one takes half a gigabyte while it is drawn."""
SECONDS = 40.0
"""Until a drawing is ended that does not end by itself."""


class Pictures:
    """A process for each picture costs a tenth of a second. It gives back all the memory that the picture took, and
    whatever a decoder does on a hostile one, it harms nobody else's."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._own_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def draw(self, whose: int, content_type: str, given: Path, whole: Path, thumb: Path) -> dict[str, Any]:
        """The picture at `given`, of the person with this id, made anew at `whole`, and small at `thumb`; returns its
        measures, as `models.File` names them. Raises PictureTooLarge or PictureBroken."""
        assert content_type in kinds.PICTURES
        command = [sys.executable, "-I", str(DRAWING), content_type, str(given), str(whole), str(thumb)]
        own_turn = self._own_turns.setdefault(whose, asyncio.Lock())
        # One picture of each person waits, so that nobody's hundred stand before the one of somebody else.
        async with own_turn, self._turn:
            outcome = await asyncio.to_thread(run, command)
        match outcome.get("error"):
            case None:
                return outcome
            case "too_large":
                raise PictureTooLarge
        log.info("a picture was refused: %s", outcome.get("why"))
        raise PictureBroken


def run(command: list[str]) -> dict[str, Any]:
    """In a thread: not even the fork is felt by the event loop."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)  # noqa: S603  our own program
        outcome: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:  # it met a bound, or its decoder crashed
        return {"error": "broken", "why": str(error)}
    return outcome

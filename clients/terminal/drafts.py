"""What is being written, by room: here at once, on the server when the writing pauses, and by way of it on the person's
other devices. What was written here and not saved is never replaced: what comes then from elsewhere stands below it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.protocol import commands, events
from app.protocol.events import Draft
from app.protocol.fields import DRAFT_LIMIT
from clients.connection import Connection
from clients.failures import ClientError

SAVED_AFTER = 1.0
"""Seconds without a key."""


@dataclass(slots=True)
class Entry:
    """`held` is what the server has, `at` since when by its clock; `changed` is when it was written, by our own."""

    text: str = ""
    held: str = ""
    at: int = 0
    changed: float = 0.0
    refused: str | None = None


class Drafts:
    """`filled(room)` is called when a text stands there that was not written here; `waits(room)` tells whether messages
    are on their way: an emptied draft is saved after them, so that no text is ever nowhere."""

    def __init__(self, connection: Connection, filled: Callable[[int], None], waits: Callable[[int], bool]) -> None:
        self._connection = connection
        self._filled = filled
        self._waits = waits
        self._entries: dict[int, Entry] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._saving: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def text(self, room: int) -> str:
        return self._entry(room).text

    def has(self, room: int) -> bool:
        return bool(self.text(room).strip())

    @property
    def unsaved(self) -> list[str]:
        return [entry.text for entry in self._entries.values() if entry.text.strip() and entry.text != entry.held]

    def write(self, room: int, text: str) -> None:
        entry = self._entry(room)
        if text == entry.text:
            return
        entry.text, entry.changed, entry.refused = text, time.monotonic(), None
        self.save_soon()

    def hear(self, draft: Draft) -> None:
        """The server holds this now."""
        entry = self._entry(draft.room)
        if draft.at < entry.at:
            return
        untouched = entry.text == entry.held
        known = {entry.text, entry.held}
        entry.held, entry.at = draft.text, draft.at
        if draft.text in known:
            return
        if untouched:
            entry.text = draft.text
        elif draft.text.strip():
            entry.text = f"{entry.text}\n\n{draft.text}"
            self.save_soon()
        self._filled(draft.room)

    def meet(self, drafts: dict[int, Draft]) -> None:
        """All that have a text, as a new connection tells them."""
        for room, entry in self._entries.items():
            if entry.held and room not in drafts:
                self.hear(Draft(room, "", entry.at))
        for draft in drafts.values():
            self.hear(draft)
        self.save_soon()

    def save_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(SAVED_AFTER, self._save_all)

    async def flush(self) -> None:
        """Nobody writes any more."""
        self._save_all()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SAVED_AFTER)

    def _save_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for room, entry in self._entries.items():
            is_due = entry.text not in {entry.held, entry.refused} and len(entry.text) <= DRAFT_LIMIT
            if is_due and room not in self._saving and (entry.text or not self._waits(room)):
                self._saving.add(room)
                task = asyncio.create_task(self._save(room, entry, entry.text))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _save(self, room: int, entry: Entry, text: str) -> None:
        age = int((time.monotonic() - entry.changed) * 1000)
        try:
            answer = await self._connection.request(commands.SaveDraft(0, room, text, age=age, known=entry.at))
        except ClientError:
            # Without a line it is saved with the next one; what is refused stays here until it is another text.
            entry.refused = text if self._connection.state.status == "live" else None
            return
        finally:
            self._saving.discard(room)
        assert isinstance(answer, events.Saved)
        self._saved(entry, answer, text)

    def _saved(self, entry: Entry, answer: events.Saved, text: str) -> None:
        if answer.draft.text == text:
            entry.held, entry.at = text, answer.draft.at
        else:
            self.hear(answer.draft)
        if answer.replaced is not None and answer.replaced.text.strip():
            entry.text = f"{entry.text}\n\n{answer.replaced.text}".lstrip("\n")
            self._filled(answer.draft.room)
        if entry.text != entry.held:
            self.save_soon()

    def _entry(self, room: int) -> Entry:
        return self._entries.setdefault(room, Entry())

"""The event loop of the library, in a thread of its own: Tk has the main one, and is never called from here."""

import asyncio
import queue
import threading

from clients.connection import connect
from clients.desktop.asks import Ask, Stop
from clients.desktop.changes import Change, Over
from clients.desktop.conversation import Conversation

PATIENCE = 1.5
"""Seconds."""


class Loop:
    """`ask` and `changes` are the two ways between the threads."""

    def __init__(self, url: str, token: str) -> None:
        self.changes: queue.SimpleQueue[Change] = queue.SimpleQueue()
        self._url, self._token = url, token
        self._loop = asyncio.new_event_loop()
        self._asks: asyncio.Queue[Ask] = asyncio.Queue()
        self._thread = threading.Thread(target=self._run, name="roost", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask(self, ask: Ask) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._asks.put_nowait, ask)

    def stop(self) -> None:
        self.ask(Stop())

    def join(self) -> None:
        """Return when it has stopped. Whatever keeps it keeps nobody else: the thread ends with the process."""
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._talk())
        finally:
            self.changes.put(Over())

    async def _talk(self) -> None:
        connection = connect(self._url, token=self._token)
        await Conversation(connection, self.changes.put).run(self._asks)

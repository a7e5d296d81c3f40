"""Whether there is a connection, and what waits for one."""

import time
from collections.abc import Callable

from rich.text import Text

from clients.safe_text import safe_text
from clients.state import State
from clients.terminal.palette import Styles

PATIENCE = 20.0
"""Seconds for which a server that restarts is not missed (docs/protocol.md, D10)."""
UNSEEN = 2.0
"""Seconds of a gap that nobody has to know of."""


class Status:
    """`met` is whether the server was ever heard."""

    def __init__(self, state: State, now: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._now = now
        self._since = now()
        self.met = False
        self.reason = ""
        """Why it does not come back."""

    def look(self) -> None:
        """It may be another now."""
        if self._state.status == "live":
            self.met = True
            self._since = self._now()

    def shown(self, waiting: int, styles: Styles) -> Text:
        gone = self._now() - self._since
        unsent = f" · {waiting} waiting" if waiting else ""
        if self._state.status == "live":
            return Text.assemble(("● ", styles.accent), ("live", styles.hint), (unsent, styles.accent))
        if self._state.status == "offline" and self.reason:
            return Text(f"○ offline: {safe_text(self.reason)}{unsent}", styles.failure)
        if self._state.restarting and gone < PATIENCE:
            return Text(f"◌ the server restarts{unsent}", styles.hint)
        word = "reconnecting" if self.met else "connecting"
        seconds = f", {gone:.0f} s" if gone >= UNSEEN else ""
        return Text(f"◌ {word}{seconds}{unsent}", styles.mark if seconds else styles.hint)

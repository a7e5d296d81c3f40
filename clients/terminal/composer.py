"""Where one writes. It never waits for anything."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message as Told
from textual.widgets import TextArea

from clients.safe_text import safe_cells
from clients.terminal.completion import begun

NEW_LINE = {"ctrl+j", "alt+enter", "shift+enter"}
UNDER_SUGGESTIONS = {"up": -1, "down": 1}


class Composer(TextArea):
    """What its keys do that concern more than the text, it tells."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Composer {
        height: auto; min-height: 3; max-height: 40%; border: round $edge; padding: 0 1;
        background: $canvas; color: $ink;
        & .text-area--cursor-line { background: $canvas; }
        & .text-area--placeholder { color: $ink-3; }
        &:focus { border: round $accent; }
    }
    """

    class Completed(Told):
        """Tab was pressed."""

    class Cancelled(Told):
        """Escape was pressed."""

    class LastWanted(Told):
        """Up was pressed where nothing stands."""

    class Stepped(Told):
        """Up or Down was pressed while something is suggested."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Scrolled(Told):
        """By pages up (-1) or down (1), or to the end (0)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, send: Callable[[], None]) -> None:
        """`send` is called by Enter, at once: a message to whoever sends would come behind the next keys, which would
        then be sent, too."""
        super().__init__(id="composer", soft_wrap=True, highlight_cursor_line=False, compact=False)
        self.suggesting = False
        self._send = send

    @property
    def before_cursor(self) -> str:
        """Of the line in which the cursor is."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def get_line(self, line_index: int) -> Text:
        """As it is drawn. The text stays what it is, but not all of it was typed here: programs save drafts of their
        person, too, and a server may send whatever it wants (SECURITY S37)."""
        return Text(safe_cells(self.document.get_line(line_index)), end="", no_wrap=True)

    def fill(self, text: str) -> None:
        """The cursor stands behind it."""
        if text != self.text:
            self.load_text(text)
            self.move_cursor(self.document.end)

    def complete(self, inserted: str) -> None:
        """In place of what was begun."""
        word = begun(self.before_cursor)
        row, column = self.cursor_location
        begin = (row, column - (word.length if word is not None else 0))
        self.replace(f"{inserted} ", begin, (row, column))

    async def _on_key(self, event: events.Key) -> None:
        told = self._told(event.key)
        if told is not None:
            event.stop()
            event.prevent_default()
            self.post_message(told)
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            self._send()
        elif event.key in NEW_LINE:
            event.stop()
            event.prevent_default()
            self.insert("\n")
        else:
            await super()._on_key(event)

    def _told(self, key: str) -> Told | None:
        if self.suggesting and key in UNDER_SUGGESTIONS:
            return self.Stepped(UNDER_SUGGESTIONS[key])
        if key == "up" and not self.text:
            return self.LastWanted()
        keys = {
            "tab": self.Completed(),
            "escape": self.Cancelled(),
            "pageup": self.Scrolled(-1),
            "pagedown": self.Scrolled(1),
            "ctrl+end": self.Scrolled(0),
        }
        return keys.get(key)

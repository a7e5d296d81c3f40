"""A question before something that cannot be taken back. What does no harm has the focus."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class Asking(ModalScreen[bool]):
    """Ends with whether it is to be done; `deed` names it, and `shown` is what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", show=False),
        Binding("left,right,up,down", "app.focus_next", show=False),
    ]
    DEFAULT_CSS = """
    Asking {
        align: center middle; background: $frame 60%;
        & > Vertical { width: 60; max-width: 96%; height: auto; padding: 1 2; background: $raised;
            border: round $edge; }
        & Static { height: auto; margin-bottom: 1; color: $ink; background: $raised; }
        & Horizontal { height: auto; align-horizontal: right; background: $raised; }
        & Button { margin-left: 1; min-width: 0; padding: 0 1; background: $raised; color: $ink-2; }
        & Button:focus { background: $select; color: $ink; text-style: bold reverse; }
    }
    """

    def __init__(self, question: str, shown: Text, deed: str, instead: str) -> None:
        super().__init__()
        self._question = question
        self._shown = shown
        self._deed = deed
        self._instead = instead

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Text(self._question, "bold"))
            yield Static(self._shown)
            with Horizontal():
                yield Button(self._instead, id="instead", compact=True)
                yield Button(self._deed, id="deed", compact=True)

    @on(Button.Pressed)
    def pressed(self, event: Button.Pressed) -> None:
        _ = self.dismiss(event.button.id == "deed")

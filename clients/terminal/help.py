"""The keys, as clients/terminal/keys.py has them."""

from typing import ClassVar

from rich.table import Column, Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from clients.terminal.keys import KEYS
from clients.terminal.palette import Styles

HEADINGS = {"anywhere": "Anywhere", "composer": "Where you write", "timeline": "Among the messages"}
COLUMN = 20


class Help(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q", "dismiss(None)", show=False)]
    DEFAULT_CSS = """
    Help {
        align: center middle; background: $frame 60%;
        & > VerticalScroll { width: 76; max-width: 96%; height: auto; max-height: 90%; padding: 1 2;
            background: $raised; border: round $edge; scrollbar-size-vertical: 1; scrollbar-background: $raised; }
        & Static { height: auto; background: $raised; color: $ink; }
    }
    """

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self._styles = styles

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            for where, heading in HEADINGS.items():
                yield Static(Text(heading, "bold"))
                rows = Table.grid(Column(width=COLUMN, style=self._styles.accent), Column(), padding=(0, 1))
                for key in KEYS:
                    if key.where == where:
                        rows.add_row(Text(key.shown), Text(key.does))
                yield Static(rows)
                yield Static("")

"""One line to type into, and below it what that finds."""

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option


class Choice(NamedTuple):
    key: str
    shown: Text


class Picker(ModalScreen[str | None]):
    """Ends with the key of what was chosen, or None. Who fills it in gives `choices`, or offers them later."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Close", show=False)]
    DEFAULT_CSS = """
    Picker {
        align: center top; background: $frame 60%;
        & > Vertical { width: 70; max-width: 96%; height: auto; max-height: 80%; margin-top: 2; padding: 1 2 0 2;
            background: $raised; border: round $edge; }
        & Input { margin-bottom: 1; background: $raised; color: $ink; }
        & Input:focus { background: $raised; background-tint: $raised 0%; }
        & OptionList { border: none; height: auto; max-height: 18; padding: 0; background: $raised; color: $ink; }
        & OptionList:focus { background-tint: $raised 0%; }
        & .option-list--option-highlighted { background: $select; color: $ink; text-style: none; }
        & OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
        & .told { color: $ink-3; height: auto; margin-bottom: 1; }
    }
    """
    placeholder = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input(placeholder=self.placeholder, compact=True)
            yield OptionList()
            yield Static("", classes="told", markup=False)

    def on_mount(self) -> None:
        self.offer(self.choices(""))

    def choices(self, query: str) -> list[Choice]:
        raise NotImplementedError

    def offer(self, choices: list[Choice], told: str = "Nothing is called so.") -> None:
        """`told` is said where there are none."""
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options([Option(choice.shown, id=choice.key) for choice in choices])
        found.highlighted = 0 if choices else None
        found.display = bool(choices)
        self.query_one(".told", Static).update(Text("" if choices else told))

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        self.offer(self.choices(event.value))

    @on(Input.Submitted)
    def submitted(self) -> None:
        chosen = self.query_one(OptionList).highlighted_option
        if chosen is not None:
            self._end(chosen.id)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        self._end(event.option_id)

    def _end(self, key: str | None) -> None:
        # To wait for it from a handler of its own would be to wait for oneself.
        _ = self.dismiss(key)

    def on_key(self, event: events.Key) -> None:
        """The arrows move what is chosen while the line keeps the focus."""
        moves = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}
        found = self.query_one(OptionList)
        if event.key in moves and not found.has_focus:
            event.stop()
            getattr(found, f"action_{moves[event.key]}")()

"""What may be meant, above the composer."""

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from clients.safe_text import safe_text
from clients.terminal.completion import Suggestion


class Suggestions(OptionList, can_focus=False):
    """The composer keeps the focus; a click takes one."""

    DEFAULT_CSS = """
    Suggestions {
        display: none; height: auto; max-height: 8; border: none; padding: 0 2; background: $raised; color: $ink;
        & > .option-list--option-highlighted { background: $select; color: $ink; }
        &:nocolor > .option-list--option-highlighted { text-style: reverse; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="suggestions")
        self.shown: list[Suggestion] = []

    @property
    def is_open(self) -> bool:
        return bool(self.shown)

    def offer(self, suggestions: list[Suggestion]) -> None:
        """None of them: it closes. What is chosen stays so while it is among them."""
        if suggestions == self.shown:
            return
        chosen = self.chosen
        self.shown = suggestions
        self.clear_options()
        self.add_options([Option(_prompt(each)) for each in suggestions])
        self.display = bool(suggestions)
        if suggestions:
            self.highlighted = suggestions.index(chosen) if chosen in suggestions else 0

    @property
    def chosen(self) -> Suggestion | None:
        at = self.highlighted
        return self.shown[at] if at is not None and at < len(self.shown) else None

    def step(self, step: int) -> None:
        self.highlighted = ((self.highlighted or 0) + step) % len(self.shown)


def _prompt(suggestion: Suggestion) -> Text:
    more = f"  {safe_text(suggestion.more)}" if suggestion.more else ""
    return Text.assemble(safe_text(suggestion.shown), (more, "dim"), no_wrap=True, overflow="ellipsis")

"""The messages of a room. It holds the place of who reads: what comes, goes or changes elsewhere moves nothing."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message as Told
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.protocol.events import Message
from clients.rows import Day, NewLine, Notice, Said
from clients.safe_text import safe_text
from clients.terminal.drawing import GUTTER, Scene, draw_message, one_line
from clients.terminal.keys import bindings_of
from clients.terminal.rows import Row, Unsent
from clients.times import clock_time, day_label

MEASURE = 100
"""Columns of a message at most: longer lines are hard to read."""
KEPT = 4_000
"""Drawn rows that are remembered."""


@dataclass(slots=True)
class Drawn:
    """A row from line `top` on. `number` is that of its message."""

    key: Hashable
    number: int | None
    top: int
    lines: list[Strip]


class Timeline(ScrollView, can_focus=True):
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timeline")
    DEFAULT_CSS = """
    Timeline { background: $canvas; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; height: 1fr; }
    """

    class Moved(Told):
        """It shows another part, or another message is chosen."""

    class OlderWanted(Told):
        """Its beginning is in view."""

    class Resized(Told):
        """It has another size."""

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.chosen: int | None = None
        self._rows: list[Row] = []
        self._scene: Scene | None = None
        self._for_me: set[int] = set()
        self._state: Hashable = None
        self._drawn: list[Drawn] = []
        self._cache: dict[Hashable, list[Text]] = {}
        self._height = 0
        self._rests = True

    # What is shown

    def show(self, rows: list[Row], scene: Scene, for_me: set[int], state: Hashable) -> None:
        """`for_me` are numbers of messages that stand out; a row is drawn anew when it, or `state`, is another."""
        if state != self._state or scene.width != (self._scene.width if self._scene else None):
            self._cache.clear()
        self._rows, self._scene, self._for_me, self._state = rows, scene, for_me, state
        if self.chosen is not None and self.chosen not in self._numbers():
            self.chosen = None
        self._lay_out()

    @property
    def measure(self) -> int:
        """Columns for a message."""
        return max(10, min(MEASURE, self.scrollable_content_region.width - GUTTER))

    @property
    def at_end(self) -> bool:
        return self.scroll_offset.y >= self._height - self.scrollable_content_region.height

    def numbers_in_view(self) -> tuple[int, int]:
        """Of the first and the last message; zeros: there is none."""
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.scrollable_content_region.height
        shown = [
            each.number
            for each in self._drawn
            if each.number and each.top + len(each.lines) > top and each.top < bottom
        ]
        return (shown[0], shown[-1]) if shown else (0, 0)

    def message(self, number: int | None) -> Message | None:
        return next((row.message for row in self._rows if isinstance(row, Said) and row.message.number == number), None)

    def _numbers(self) -> list[int]:
        return [row.message.number for row in self._rows if isinstance(row, Said)]

    # Places

    def place(self) -> tuple[Hashable, int] | None:
        """What stands at the upper edge, and how far above it that begins. None: it is at the end."""
        if self.at_end:
            return None
        top = self.scroll_offset.y
        held = [each for each in self._drawn if each.top <= top and each.number is not None]
        if not held:
            held = [each for each in self._drawn if each.number is not None][:1]
        return (held[-1].key, top - held[-1].top) if held else None

    def go_to(self, place: tuple[Hashable, int] | None) -> None:
        if place is None:
            self.go_to_end()
            return
        row = next((each for each in self._drawn if each.key == place[0]), None)
        if row is not None:
            self._put(row.top + place[1])

    def go_to_end(self) -> None:
        self._put(self._height)

    def go_to_new(self) -> bool:
        """So that what is new begins a few lines below the upper edge; whether there is such a line."""
        row = next((each for each in self._drawn if each.key == "new"), None)
        if row is not None:
            self._put(row.top - 3)
        return row is not None

    def choose(self, number: int | None) -> None:
        """And bring it into view."""
        self.chosen = number
        row = next((each for each in self._drawn if each.number == number), None) if number else None
        height = self.scrollable_content_region.height
        if row is not None and row.top < self.scroll_offset.y:
            self._put(row.top)
        elif row is not None and row.top + len(row.lines) > self.scroll_offset.y + height:
            self._put(row.top + min(len(row.lines), height) - height)
        self.refresh()
        self.post_message(self.Moved())

    def _put(self, y: float) -> None:
        end = max(0, self._height - self.scrollable_content_region.height)
        self.scroll_target_y = self.scroll_y = max(0, min(y, end))
        self._rests = self.at_end
        self.refresh()

    # Keys and pointer

    def action_step(self, step: int) -> None:
        numbers = self._numbers()
        if not numbers:
            return
        if self.chosen is None:
            self.choose(self.numbers_in_view()[1] or numbers[-1])
            return
        at = numbers.index(self.chosen) + step
        if at >= len(numbers):
            self.go_to_end()
        elif at < 0:
            self._put(0)
            self.post_message(self.OlderWanted())
        else:
            self.choose(numbers[at])

    def action_page(self, step: int) -> None:
        if step < 0 and self.scroll_offset.y == 0:
            self.post_message(self.OlderWanted())
        self._put(self.scroll_offset.y + step * max(1, self.scrollable_content_region.height - 2))

    def action_end(self) -> None:
        self.chosen = None
        self.go_to_end()

    def action_home(self) -> None:
        self._put(0)

    def on_click(self, event: events.Click) -> None:
        y = event.y + self.scroll_offset.y
        row = next((each for each in self._drawn if each.top <= y < each.top + len(each.lines)), None)
        self.choose(row.number if row is not None else None)

    def on_resize(self, event: events.Resize) -> None:
        """Who was at the end stays there; lines of another width are drawn anew by whoever shows them."""
        if self._rests:
            self.go_to_end()
        self.post_message(self.Resized())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._rests = self.at_end
        if new_value < old_value and new_value <= self.scrollable_content_region.height / 2:
            self.post_message(self.OlderWanted())
        self.post_message(self.Moved())

    # Lines

    def _lay_out(self) -> None:
        assert self._scene is not None
        place = None if self._rests else self.place()
        top = 0
        self._drawn = []
        parts: list[tuple[Hashable, int | None, list[Text]]] = []
        for row in self._rows:
            if not (isinstance(row, NewLine) or (isinstance(row, Said) and row.is_grouped)):
                parts.append((("above", self._key(row)), None, [Text()]))
            parts.append((self._key(row), self._number(row), self._draw(row)))
        blank = max(0, self.scrollable_content_region.height - sum(len(lines) for _, _, lines in parts))
        if blank:
            # What there is stands at the bottom, where the next message comes.
            parts.insert(0, ("blank", None, [Text()] * blank))
        for key, number, lines in parts:
            self._drawn.append(Drawn(key, number, top, [self._strip(line, key) for line in lines]))
            top += len(lines)
        self._height = top
        self._lines = [(strip, each.number) for each in self._drawn for strip in each.lines]
        self.virtual_size = Size(self.scrollable_content_region.width, top)
        self.go_to(place)
        self.refresh()

    def _key(self, row: Row) -> Hashable:
        if isinstance(row, Said):
            return row.message.number
        if isinstance(row, Unsent):
            return row.waiting.nonce
        return "new" if isinstance(row, NewLine) else row

    def _number(self, row: Row) -> int | None:
        return row.message.number if isinstance(row, Said) else None

    def _draw(self, row: Row) -> list[Text]:
        assert self._scene is not None
        look: Hashable = row
        if isinstance(row, Said):
            look = (row.message.number, row.message.seq, row.is_grouped, self._quoted_seq(row.message))
        if look not in self._cache:
            if len(self._cache) > KEPT:
                self._cache.clear()
            self._cache[look] = self._draw_anew(row, self._scene)
        return self._cache[look]

    def _quoted_seq(self, message: Message) -> int | None:
        if message.reply_to is None or self._scene is None:
            return None
        quoted = self._scene.quote(message.reply_to)
        return quoted.seq if quoted is not None else None

    def _draw_anew(self, row: Row, scene: Scene) -> list[Text]:
        styles = scene.styles
        if isinstance(row, Said):
            return draw_message(row.message, scene, grouped=row.is_grouped)
        if isinstance(row, Unsent):
            return _unsent(row, scene)
        if isinstance(row, Notice):
            return [one_line(f"· {row.text}", scene.width, styles.hint)]
        if isinstance(row, Day):
            return [_rule(day_label(row.day, datetime.now().astimezone().date()), scene, accent=False)]
        return [_rule(f"New since {clock_time(row.at)}", scene, accent=True)]

    def _strip(self, line: Text, key: Hashable) -> Strip:
        assert self._scene is not None
        bar = key in self._for_me and bool(line.plain.strip())
        gutter = Segment("▌ " if bar else "  ", self._scene.styles.bar if bar else None)
        return Strip([gutter, *line.render(self._scene.console, end="")])

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if self._scene is None:
            return Strip.blank(width, self.rich_style)
        styles = self._scene.styles
        at = y + self.scroll_offset.y
        if at >= len(self._lines):
            return Strip.blank(width, styles.canvas)
        strip, number = self._lines[at]
        base = styles.canvas
        if number is not None and number == self.chosen:
            base = base + styles.chosen if self.has_focus else base
            if at == 0 or self._lines[at - 1][1] != number:
                strip = Strip([Segment("› ", styles.accent), *list(strip)[1:]])
        return strip.apply_style(base).adjust_cell_length(width, base)


def _unsent(row: Unsent, scene: Scene) -> list[Text]:
    """As it was typed: nobody has read it for markup yet."""
    written = "\n".join(safe_text(line) for line in row.waiting.written.split("\n"))
    text = Text.assemble((written, scene.styles.hint))
    if row.is_stuck:
        text.append("  waiting to be " + ("sent" if row.waiting.edits is None else "saved"), scene.styles.accent)
    return [*text.wrap(scene.console, scene.width, overflow="fold")]


def _rule(label: str, scene: Scene, *, accent: bool) -> Text:
    styles = scene.styles
    line = "─" * max(2, (scene.width - len(label) - 2) // 2)
    rule, words = (styles.accent, styles.accent) if accent else (styles.rule, styles.hint)
    return Text.assemble((line, rule), (f" {label} ", words), (line, rule))

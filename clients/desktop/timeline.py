"""The messages of the open room, in one Text. What comes, goes or changes above or below does not move what is read."""

import itertools
import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from tkinter import ttk

from clients.desktop.drawing import pieces_of
from clients.desktop.fonts import BOLD, ITALIC, STRUCK, Fonts
from clients.desktop.rows import Older, Row, Said, Unstored
from clients.formatted import Piece
from clients.palette import Palette

CHOSEN, POINTED = "chosen", "pointed"
MARGIN = 16


@dataclass(slots=True)
class Drawn:
    """A row, whose text has the tag `tag`, and the links in it by the tags of theirs."""

    row: Row
    tag: str
    links: dict[str, str]


class Timeline(ttk.Frame):
    """`follow(link, row)` is called when somebody follows a link in a row; `scrolled()` when other rows come in view;
    `hover` with where a link leads."""

    def __init__(
        self,
        parent: tk.Misc,
        fonts: Fonts,
        follow: Callable[[str, Row], None],
        scrolled: Callable[[], None],
        hover: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._fonts, self._follow, self._scrolled, self._hover = fonts, follow, scrolled, hover
        self._numbers = itertools.count(1)
        self._drawn: list[Drawn] = []
        self._chosen: str | None = None
        self.text = tk.Text(
            self, wrap="word", state="disabled", cursor="arrow", font=fonts.text, padx=MARGIN, width=1, height=1
        )
        self.text.configure(borderwidth=0, highlightthickness=1, takefocus=1, insertwidth=0, spacing3=2, pady=0)
        self._bar = ttk.Scrollbar(self, command=self.text.yview)
        self.text.configure(yscrollcommand=self._moved)
        self._bar.pack(side="right", fill="y")
        self.text.pack(side="left", fill="both", expand=True)
        for tag in ("link", "action"):
            self.text.tag_bind(tag, "<Enter>", lambda event: self._point(event, over=True))
            self.text.tag_bind(tag, "<Leave>", lambda event: self._point(event, over=False))
        self.text.bind("<Button-1>", self._clicked)
        self.text.bind("<Configure>", self._resized)
        self._was_at_end = True

    # Drawing

    def show(self, rows: Iterable[Row]) -> None:
        """Only what is not there yet is drawn."""
        wanted = list(rows)
        at_end, anchor = self.at_end, self._anchor()
        self.text.configure(state="normal")
        self._drop({row.key: row for row in wanted})
        self._insert(wanted)
        self.text.configure(state="disabled")
        self._mark_chosen()
        if at_end:
            self.text.yview_moveto(1.0)
        elif anchor is not None:
            self._return_to(*anchor)

    def clear(self) -> None:
        self._chosen = None
        self.show([])
        self.text.yview_moveto(1.0)

    @property
    def at_end(self) -> bool:
        """Whether the last message is in view, or there is nothing."""
        return not self._drawn or self.text.dlineinfo("end-2c") is not None or self.text.yview()[1] >= 1.0

    def to_end(self) -> None:
        self.text.yview_moveto(1.0)

    def _drop(self, wanted: dict[str, Row]) -> None:
        """What is not wanted, or not in this order, or looks different now."""
        order = {key: place for place, key in enumerate(wanted)}
        kept, last = list[Drawn](), -1
        for drawn in self._drawn:
            key = drawn.row.key
            if wanted.get(key) == drawn.row and order[key] > last:
                last = order[key]
                kept.append(drawn)
            else:
                self.text.delete(f"{drawn.tag}.first", f"{drawn.tag}.last")
                self.text.tag_delete(drawn.tag, *drawn.links)
        self._drawn = kept

    def _insert(self, wanted: list[Row]) -> None:
        today = datetime.now().astimezone().date()
        for place, row in enumerate(wanted):
            there = self._drawn[place] if place < len(self._drawn) else None
            if there is None or there.row.key != row.key:
                at = f"{there.tag}.first" if there is not None else "end-1c"
                self._drawn.insert(place, self._draw(row, pieces_of(row, today), at))

    def _draw(self, row: Row, pieces: list[Piece], at: str) -> Drawn:
        drawn = Drawn(row, f"row{next(self._numbers)}", {})
        spot = self.text.index(at)
        arguments: list[str | tuple[str, ...]] = []
        for piece in pieces:
            tags = (drawn.tag, *piece.looks)
            if piece.link is not None:
                link = f"link{next(self._numbers)}"
                drawn.links[link] = piece.link
                tags = (*tags, link)
            arguments += [piece.text, tags]
        self.text.insert(spot, *arguments)  # type: ignore[arg-type]
        if isinstance(row, Said) and row.is_grouped:
            # Else it looks like one more line of the message above.
            self.text.tag_add("grouped", spot)
        return drawn

    def _anchor(self) -> tuple[str, str, int] | None:
        """The first message in view, at which of its edges, and how far from the top that stands."""
        for drawn in self._drawn:
            if isinstance(drawn.row, Said | Unstored):
                # Its last line: with older ones above it a message may lose its heading.
                for edge in ("last-1c", "first"):
                    height = self._height(f"{drawn.tag}.{edge}")
                    if height is not None:
                        return drawn.row.key, edge, height
        return None

    def _height(self, place: str) -> int | None:
        """Of its letters, from the top: with older ones above it a line may get more space, or less."""
        info = self.text.dlineinfo(place)
        return info[1] + info[4] if info is not None else None

    def _return_to(self, key: str, edge: str, before: int) -> None:
        drawn = next((each for each in self._drawn if each.row.key == key), None)
        if drawn is None:
            return
        place = f"{drawn.tag}.{edge}"
        self.text.see(place)
        now = self._height(place)
        if now is not None and now != before:
            self.text.yview_scroll(now - before, "pixels")

    # Rows that are chosen, by keys

    @property
    def chosen(self) -> Row | None:
        return next((drawn.row for drawn in self._drawn if drawn.row.key == self._chosen), None)

    @property
    def last_own(self) -> Said | None:
        own = (drawn.row for drawn in reversed(self._drawn) if isinstance(drawn.row, Said))
        return next((row for row in own if row.is_own and not row.message.removed), None)

    def choose(self, by: int) -> None:
        """The row that is so many further down; from nowhere the last one."""
        rows = [drawn for drawn in self._drawn if isinstance(drawn.row, Said | Unstored | Older)]
        keys = [drawn.row.key for drawn in rows]
        if keys:
            place = keys.index(self._chosen) + by if self._chosen in keys else len(keys) - 1
            place = min(len(keys) - 1, max(0, place))
            self._chosen = keys[place]
            self._mark_chosen()
            self.text.see(f"{rows[place].tag}.last-1c")
            self.text.see(f"{rows[place].tag}.first")

    def choose_none(self) -> None:
        self._chosen = None
        self._mark_chosen()

    def links_of(self, row: Row) -> list[str]:
        return [link for drawn in self._drawn if drawn.row == row for link in drawn.links.values()]

    def _mark_chosen(self) -> None:
        self.text.tag_remove(CHOSEN, "1.0", "end")
        drawn = next((each for each in self._drawn if each.row.key == self._chosen), None)
        if drawn is not None:
            self.text.tag_add(CHOSEN, f"{drawn.tag}.first", f"{drawn.tag}.last")

    # The pointer

    def _clicked(self, event: "tk.Event[tk.Text]") -> None:
        self.text.focus_set()
        drawn, link = self._under(event)
        if drawn is not None and link is not None:
            self._follow(link, drawn.row)
        elif drawn is not None and isinstance(drawn.row, Said | Unstored):
            self._chosen = drawn.row.key
            self._mark_chosen()

    def _point(self, event: "tk.Event[tk.Text]", *, over: bool) -> None:
        link = self._under(event)[1] if over else None
        self.text.configure(cursor="hand2" if over else "arrow")
        self._hover(link if link is not None and not link.startswith("do:") else "")

    def _under(self, event: "tk.Event[tk.Text]") -> tuple[Drawn | None, str | None]:
        tags = set(self.text.tag_names(f"@{event.x},{event.y}"))
        drawn = next((each for each in self._drawn if each.tag in tags), None)
        links = drawn.links if drawn is not None else {}
        return drawn, next((address for tag, address in links.items() if tag in tags), None)

    def _moved(self, first: float, last: float) -> None:
        self._bar.set(first, last)
        self._was_at_end = self.at_end
        self._scrolled()

    def _resized(self, _: object) -> None:
        """Who is at the end stays there when the window gets smaller."""
        if self._was_at_end:
            self.text.yview_moveto(1.0)

    # How it looks

    def paint(self, palette: Palette) -> None:
        p, fonts, text = palette, self._fonts, self.text
        text.configure(background=p.canvas, foreground=p.ink, highlightbackground=p.canvas, highlightcolor=p.accent)
        text.configure(selectbackground=p.select, selectforeground=p.ink, inactiveselectbackground=p.select)
        tag = text.tag_configure
        tag("heading", spacing1=10)
        tag("grouped", spacing1=5)
        tag("body", lmargin1=MARGIN, lmargin2=MARGIN)
        tag("for_me", background=p.yolk_soft)
        tag("author", font=fonts.strong, foreground=p.ink)
        tag("own", font=fonts.strong, foreground=p.accent_ink)
        tag("quiet", font=fonts.small, foreground=p.ink_3)
        tag("strong", font=fonts.strong)
        tag("em", font=fonts.styled(ITALIC))
        tag("del", font=fonts.styled(STRUCK), foreground=p.ink_3)
        tag("mark", background=p.yolk_soft, foreground=p.yolk_ink)
        tag("code", font=fonts.code, background=p.sunken)
        tag("block", font=fonts.code, background=p.sunken, lmargin1=MARGIN * 2, lmargin2=MARGIN * 2, wrap="char")
        tag("quote", foreground=p.ink_2)
        tag("edge", foreground=p.edge)
        tag("answered", font=fonts.small, foreground=p.ink_2, spacing1=10, lmargin1=MARGIN, lmargin2=MARGIN * 2)
        tag("mention", foreground=p.accent_ink, font=fonts.strong)
        tag("mention_me", foreground=p.yolk_ink, font=fonts.styled(BOLD))
        tag("link", foreground=p.accent_ink, underline=True)
        tag("card", font=fonts.small)
        tag("reaction", font=fonts.small, background=p.sunken, foreground=p.ink_2)
        tag("reacted", font=fonts.small, background=p.accent_soft, foreground=p.accent_ink)
        tag("day", justify="center", font=fonts.small, foreground=p.ink_3, spacing1=14, spacing3=4)
        tag("new", justify="center", font=fonts.small, foreground=p.accent_ink, spacing1=8, spacing3=2)
        tag("older", justify="center", spacing1=4, spacing3=4)
        tag("action", font=fonts.small, foreground=p.accent_ink, underline=True)
        tag("waiting", foreground=p.ink_3)
        tag("refused", foreground=p.ink)
        tag("failure", font=fonts.small, foreground=p.berry_ink)
        tag(CHOSEN, background=p.accent_soft)
        text.tag_raise("sel")

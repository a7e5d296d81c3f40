"""Jump to a room by some of its letters."""

import tkinter as tk
from collections.abc import Callable

from clients.desktop.changes import RoomRow
from clients.desktop.fonts import Fonts
from clients.desktop.rooms import title_of
from clients.jumping import score
from clients.palette import Palette

WIDTH, LINES = 40, 12


class Switcher(tk.Toplevel):
    def __init__(
        self,
        parent: tk.Tk,
        fonts: Fonts,
        palette: Palette,
        rows: tuple[RoomRow, ...],
        opened: Callable[[int], None],
    ) -> None:
        super().__init__(parent, background=palette.raised, padx=10, pady=10)
        self.title("Jump to a room")
        self.transient(parent)
        self._rows, self._opened = rows, opened
        self._found: list[RoomRow] = []
        self._came_from = parent.focus_get()
        p = palette
        self._words = ""
        # No StringVar: Python may clean one up in the other thread, and that is a call to Tk.
        self.entry = tk.Entry(self, font=fonts.text, width=WIDTH)
        self.entry.configure(background=p.canvas, foreground=p.ink, insertbackground=p.ink, highlightcolor=p.accent)
        self._list = tk.Listbox(self, font=fonts.text, height=LINES, activestyle="none", takefocus=0)
        self._list.configure(background=p.raised, foreground=p.ink, selectbackground=p.select, selectforeground=p.ink)
        self._list.configure(borderwidth=0, highlightthickness=0, exportselection=False)
        self.entry.pack(fill="x")
        self._list.pack(fill="both", expand=True, pady=(8, 0))
        self.entry.bind("<KeyRelease>", lambda _: self._typed())
        self.entry.bind("<Down>", lambda _: self._move(1))
        self.entry.bind("<Up>", lambda _: self._move(-1))
        self.entry.bind("<Return>", lambda _: self._go())
        self.bind("<Escape>", lambda _: self._leave())
        self._list.bind("<ButtonRelease-1>", lambda _: self._go())
        self._search()
        self.geometry(f"+{parent.winfo_rootx() + 60}+{parent.winfo_rooty() + 60}")
        self.entry.focus_set()

    def _typed(self) -> None:
        if self.entry.get() != self._words:
            self._words = self.entry.get()
            self._search()

    def _search(self) -> None:
        self._found = matching(self._rows, self._words)
        self._list.delete(0, "end")
        self._list.insert(0, *(title_of(row) for row in self._found))
        self._select(0)

    def _move(self, by: int) -> None:
        chosen = self._list.curselection()  # type: ignore[no-untyped-call]
        self._select((chosen[0] if chosen else 0) + by)

    def _select(self, place: int) -> None:
        if self._found:
            place = min(len(self._found) - 1, max(0, place))
            self._list.selection_clear(0, "end")
            self._list.selection_set(place)
            self._list.see(place)

    def _leave(self) -> None:
        self.destroy()
        if self._came_from is not None:
            self._came_from.focus_set()

    def _go(self) -> None:
        chosen = self._list.curselection()  # type: ignore[no-untyped-call]
        self.destroy()
        if chosen:
            self._opened(self._found[chosen[0]].id)


def matching(rows: tuple[RoomRow, ...], words: str) -> list[RoomRow]:
    """Those that are meant by these letters; without letters all, those with something new first."""
    wanted = words.strip().lstrip("#@")
    scored = [(score(wanted, row.title), row) for row in rows]
    found = [(points, row) for points, row in scored if points is not None]
    found.sort(key=lambda each: (-each[0], each[1].for_reader == 0, not each[1].is_new))
    return [row for _, row in found]

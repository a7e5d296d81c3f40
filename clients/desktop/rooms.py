"""The list of rooms, with what is new in each."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from clients.desktop.changes import RoomRow
from clients.desktop.fonts import Fonts
from clients.palette import Palette
from clients.safe_text import safe_text

WIDTH, COUNT_WIDTH = 190, 44


class RoomList(ttk.Frame):
    """`opened(id)` is called when the reader goes to another room."""

    def __init__(self, parent: tk.Misc, fonts: Fonts, opened: Callable[[int], None]) -> None:
        super().__init__(parent, style="Frame.TFrame")
        self._fonts, self._opened = fonts, opened
        self._rows: tuple[RoomRow, ...] = ()
        self._shown: int | None = None
        self.tree = ttk.Treeview(self, columns=("count",), show="tree", selectmode="browse", style="Rooms.Treeview")
        self.tree.column("#0", width=WIDTH, minwidth=60, stretch=True)
        self.tree.column("count", width=COUNT_WIDTH, minwidth=COUNT_WIDTH, stretch=False, anchor="e")
        self.tree.pack(fill="both", expand=True, padx=8, pady=8)
        self.tree.bind("<ButtonRelease-1>", self._chosen)
        self.tree.bind("<Return>", self._chosen)
        self.tree.bind("<space>", self._chosen)

    def show(self, rows: tuple[RoomRow, ...], shown: int | None) -> None:
        """Each line is changed where it stands, so that the pointer does not meet another one."""
        if (rows, shown) == (self._rows, self._shown):
            return
        tree = self.tree
        here, wanted = set(tree.get_children()), [str(row.id) for row in rows]
        tree.delete(*(here - set(wanted)))
        for place, row in enumerate(rows):
            key, values = str(row.id), (str(row.for_reader or row.count or ""),)
            tags = [tag for tag, on in (("new", row.is_new), ("for_me", row.for_reader > 0)) if on]
            if key not in here:
                tree.insert("", place, key)
            elif tree.index(key) != place:
                tree.move(key, "", place)
            tree.item(key, text=title_of(row), values=values, tags=tags)
        if shown != self._shown and str(shown) in wanted:
            tree.selection_set(str(shown))
            tree.focus(str(shown))
            tree.see(str(shown))
        self._rows, self._shown = rows, shown

    def neighbour(self, by: int, *, is_new: bool = False) -> int | None:
        """The room so many further down, round the ends; with `is_new` the next one in that direction."""
        ids = [row.id for row in self._rows]
        if not ids:
            return None
        start = ids.index(self._shown) if self._shown in ids else 0
        for step in range(1, len(ids) + 1):
            row = self._rows[(start + step * by) % len(ids)]
            if row.is_new or not is_new:
                return row.id
        return None

    def _chosen(self, _: object) -> None:
        key = self.tree.focus()
        if key:
            self._opened(int(key))

    def paint(self, palette: Palette) -> None:
        self.tree.tag_configure("new", font=self._fonts.strong, foreground=palette.ink)
        self.tree.tag_configure("for_me", font=self._fonts.strong, foreground=palette.accent_ink)


def title_of(row: RoomRow) -> str:
    return safe_text(row.title) if row.is_talk else f"# {safe_text(row.title)}"

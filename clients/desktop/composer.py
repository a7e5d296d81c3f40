"""Where one writes. It waits for nothing, and is never closed."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from clients.desktop.fonts import Fonts
from clients.palette import Palette

LEAST, MOST = 2, 8
"""Lines."""


class Composer(ttk.Frame):
    """`sent(text)` is called with what is to leave; `changed()` with each key that changes the text."""

    def __init__(self, parent: tk.Misc, fonts: Fonts, sent: Callable[[str], None], changed: Callable[[], None]) -> None:
        super().__init__(parent, style="Sheet.TFrame", padding=(12, 2, 12, 10))
        self._sent, self._changed = sent, changed
        self._above = ttk.Label(self, font=fonts.small, style="Above.TLabel")
        self.entry = tk.Text(self, height=LEAST, width=1, wrap="word", font=fonts.text, undo=True, maxundo=200)
        self.entry.configure(borderwidth=0, highlightthickness=1, padx=10, pady=6)
        self._inside = tk.Label(self.entry, font=fonts.text, borderwidth=0, padx=0, pady=0, cursor="xterm")
        self._below = ttk.Label(self, font=fonts.small, style="Quiet.TLabel")
        self._above.pack(side="top", fill="x")
        self.entry.pack(side="top", fill="both", expand=True)
        self._below.pack(side="top", fill="x", pady=(4, 0))
        self.entry.bind("<Return>", self._enter)
        self.entry.bind("<KP_Enter>", self._enter)
        self.entry.bind("<<Modified>>", self._modified)
        self._inside.bind("<Button-1>", lambda _: self.entry.focus_set())

    @property
    def text(self) -> str:
        return self.entry.get("1.0", "end-1c")

    def put(self, text: str) -> None:
        """In place of what is there."""
        if text != self.text:
            self.entry.delete("1.0", "end")
            self.entry.insert("1.0", text)
            self.entry.edit_reset()
        self.entry.mark_set("insert", "end")
        self.entry.see("insert")

    def tell_above(self, text: str) -> None:
        """What is answered, or edited."""
        self._above.configure(text=text)

    def tell_inside(self, text: str) -> None:
        """Where it goes, as long as nothing is written."""
        self._inside.configure(text=text)
        self._show_inside()

    def tell_below(self, text: str) -> None:
        """Who writes, and what went wrong."""
        self._below.configure(text=text)

    def _enter(self, event: "tk.Event[tk.Text]") -> str | None:
        shift = 1
        if int(event.state) & shift:
            return None  # the Text begins a line
        if self.text.strip():
            self._sent(self.text)
        return "break"

    def _modified(self, _: object) -> None:
        if self.entry.edit_modified():
            self.entry.edit_modified(arg=False)
            lines = int(self.entry.index("end-1c").split(".")[0])
            self.entry.configure(height=min(MOST, max(LEAST, lines)))
            self._show_inside()
            self._changed()

    def _show_inside(self) -> None:
        if self.text:
            self._inside.place_forget()
        else:
            self._inside.place(x=3, y=0)  # from where the text begins, past the cursor

    def paint(self, palette: Palette) -> None:
        p = palette
        self._inside.configure(background=p.raised, foreground=p.ink_3)
        self.entry.configure(background=p.raised, foreground=p.ink, insertbackground=p.ink)
        self.entry.configure(highlightbackground=p.edge, highlightcolor=p.accent)
        self.entry.configure(selectbackground=p.select, selectforeground=p.ink, inactiveselectbackground=p.select)

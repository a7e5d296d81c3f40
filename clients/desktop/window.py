"""The window: the rooms at the left, the open one beside them. It looks every now and then at what the loop has told,
and does a bounded part of it, so that keys and the pointer are never kept waiting."""

import queue
import time
import tkinter as tk
from collections.abc import Callable
from typing import Any

from clients.desktop import asks, changes
from clients.desktop.changes import Theme
from clients.desktop.fonts import Fonts
from clients.desktop.header import status_text
from clients.desktop.keys import KEYS
from clients.desktop.loop import Loop
from clients.desktop.room_view import RoomView
from clients.desktop.rooms import RoomList, title_of
from clients.desktop.styles import style
from clients.desktop.switcher import Switcher
from clients.desktop.unsent import Unsent
from clients.palette import DAY, DUSK, Palette

LOOK_EVERY, SAVE_EVERY = 40, 1_000
"""Milliseconds. Python hears of a signal at the next look: Tk's own loop would keep it waiting for an event."""
AT_ONCE = 200
"""Changes in one look."""
USUAL, SMALLEST = "1100x750", (360, 320)
NARROW = 640
"""Pixels, below which the rooms are hidden while one reads."""
STATES = (changes.Line, changes.Rooms, changes.Talk, changes.Typing)


class Window(tk.Tk):
    """`wanted` is the room to begin with; a `theme` that was asked for stands above that of the account."""

    def __init__(self, loop: Loop, unsent: Unsent, server: str, wanted: str | None, theme: Theme | None) -> None:
        super().__init__(className="Roost")
        self.rooms = changes.Rooms((), changes.NOBODY, "system", 0)
        self.line = changes.Line("reconnecting")
        self.loop = loop
        self._unsent, self._wanted, self._theme = unsent, wanted, theme
        self._since = time.monotonic()
        self._ending = False
        self.is_over = False
        self.fonts = Fonts(self)
        self.palette = DUSK if theme == "dusk" else DAY
        self.geometry(USUAL)
        self.minsize(*SMALLEST)
        self.list = RoomList(self, self.fonts, self.open)
        self.view = RoomView(self, self.fonts, loop.ask, unsent, server)
        self._hides_rooms: bool | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self.view.grid(row=0, column=1, sticky="nsew", padx=(0, 8), pady=8)
        self._bind_keys()
        self.bind("<Configure>", self._resized)
        self.bind("<FocusOut>", self._left)
        self.protocol("WM_DELETE_WINDOW", self.end)
        self.paint(self.palette)
        self._show_title()
        self._look()
        self._save()

    # What the loop tells

    def _look(self) -> None:
        if self._ending:
            self.end()
            return
        self._next_look = self.after(LOOK_EVERY, self._look)
        states: dict[type, changes.Change] = {}
        others: list[changes.Change] = []
        for _ in range(AT_ONCE):
            try:
                change = self.loop.changes.get_nowait()
            except queue.Empty:
                break
            if isinstance(change, STATES):
                states[type(change)] = change
            else:
                others.append(change)
        for change in (*(states[kind] for kind in STATES if kind in states), *others):
            self._take(change)
        self._show_status()
        if self.tk.call("focus"):
            self.view.read_what_is_seen()

    def _take(self, change: Any) -> None:
        view = self.view
        takers: dict[type, Callable[[Any], None]] = {
            changes.Line: self._take_line,
            changes.Rooms: self._take_rooms,
            changes.Talk: self._take_talk,
            changes.Typing: view.show_typing,
            changes.Stored: view.stored,
            changes.NotStored: view.not_stored,
            changes.OlderShown: view.older_shown,
            changes.Failure: lambda failure: view.tell(failure.why),
            changes.Over: lambda _: self._take_line(changes.Line("offline", why=self.line.why)),
        }
        takers[type(change)](change)

    def _take_talk(self, talk: changes.Talk) -> None:
        self.view.show(talk)
        self._show_header()

    def _take_line(self, line: changes.Line) -> None:
        if line.status != self.line.status:
            self._since = time.monotonic()
            if line.status == "live":
                self.view.came_back()
        self.line = line

    def _take_rooms(self, rooms: changes.Rooms) -> None:
        self.rooms = rooms
        self.view.reader = rooms.person.id
        if self._theme is None and rooms.theme != "system":
            self._theme = rooms.theme
            self.paint(DUSK if rooms.theme == "dusk" else DAY)
        if rooms.rows and self._row() is None:
            self.open(self._first().id)
        self.list.show(rooms.rows, self._shown())
        self._show_header()
        self._show_title()

    def _first(self) -> changes.RoomRow:
        wanted, self._wanted = self._wanted, None
        rows = self.rooms.rows
        named = (row for row in rows if wanted is not None and wanted.lstrip("#") in {row.title, row.name})
        return next(named, next((row for row in rows if row.is_new), rows[0]))

    def _shown(self) -> int | None:
        return self.view.visit.room if self.view.visit is not None else None

    def _row(self) -> changes.RoomRow | None:
        return next((row for row in self.rooms.rows if row.id == self._shown()), None)

    # What is shown above all

    def _show_header(self) -> None:
        self.view.entitle(self._row())

    def _show_title(self) -> None:
        count = sum(row.for_reader or row.count for row in self.rooms.rows)
        row = self._row()
        name = title_of(row) if row is not None else ""
        self.title(" ".join([f"({count})" if count else "", f"{name} – Roost" if name else "Roost"]).strip())

    def _show_status(self) -> None:
        text = status_text(self.line, time.monotonic() - self._since)
        self.view.header.show_status(text, is_bad=self.line.status == "offline")

    def paint(self, palette: Palette) -> None:
        self.palette = palette
        self.configure(background=palette.frame)
        style(self, palette, self.fonts)
        self.list.paint(palette)
        self.view.paint(palette)

    def _resized(self, event: "tk.Event[Any]") -> None:
        if event.widget is self:
            self._place_rooms()

    def _place_rooms(self) -> None:
        hides = self._hides_rooms if self._hides_rooms is not None else self.winfo_width() < NARROW
        if hides:
            self.list.grid_remove()
        else:
            self.list.grid(row=0, column=0, sticky="nsew")

    def _left(self, event: "tk.Event[Any]") -> None:
        if not self.tk.call("focus"):
            self.view.leave_window()

    # Its end

    def end_soon(self) -> None:
        """For a signal, which may come at any moment."""
        self._ending = True

    def end(self) -> None:
        """What was typed is kept first: nothing after that can lose it."""
        if self.is_over:
            return
        self.is_over = True
        self.view.keep_edits()
        try:
            self._unsent.save()
        finally:
            self.loop.stop()
            self.after_cancel(self._next_look)
            self.after_cancel(self._next_save)
            self.destroy()

    def _save(self) -> None:
        self._next_save = self.after(SAVE_EVERY, self._save)
        try:
            self._unsent.save()
        except OSError as problem:
            self.view.tell(f"What you type cannot be kept on this machine: {problem.strerror}")

    # What keys.py names

    def _bind_keys(self) -> None:
        places = {"anywhere": self, "writing": self.view.composer.entry, "reading": self.view.timeline.text}
        for key in KEYS:
            owner = self if key.where == "anywhere" else self.view
            for event in key.events:
                places[key.where].bind(event, self._bound(getattr(owner, key.deed), key.deed))
        # Where one writes, the Text's own keys come first: without these Ctrl K would delete, and Ctrl T swap letters.
        for key in KEYS:
            for event in key.events if key.where == "anywhere" else ():
                self.view.composer.entry.bind(event, self._bound(getattr(self, key.deed), key.deed))

    def _bound(self, deed: Callable[[], None], name: str) -> Callable[[object], str | None]:
        def act(_: object) -> str | None:
            if name == "edit_last" and self.view.composer.text:
                return None  # the cursor goes up
            deed()
            return "break"

        return act

    def open(self, room: int) -> None:
        row = next((row for row in self.rooms.rows if row.id == room), None)
        if row is not None and room != self._shown():
            self.view.open(row)
            self.list.show(self.rooms.rows, room)
            self._show_title()
        self.view.write()

    def switch(self) -> None:
        Switcher(self, self.fonts, self.palette, self.rooms.rows, self.open)

    def go_up(self) -> None:
        self._go(-1)

    def go_down(self) -> None:
        self._go(1)

    def go_up_to_new(self) -> None:
        self._go(-1, is_new=True)

    def go_down_to_new(self) -> None:
        self._go(1, is_new=True)

    def _go(self, by: int, *, is_new: bool = False) -> None:
        room = self.list.neighbour(by, is_new=is_new)
        if room is not None:
            self.open(room)

    def next_part(self) -> None:
        self._step(1)

    def previous_part(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        parts: list[tk.Misc] = [self.view.timeline.text, self.view.composer.entry]
        if self.list.winfo_ismapped():
            parts.insert(0, self.list.tree)
        here = self.focus_get()
        place = parts.index(here) if here in parts else -by
        part = parts[(place + by) % len(parts)]
        part.focus_set()
        if part is self.view.timeline.text and self.view.timeline.chosen is None:
            self.view.timeline.choose(0)

    def toggle_rooms(self) -> None:
        self._hides_rooms = bool(self.list.winfo_ismapped())
        self._place_rooms()

    def hurry(self) -> None:
        self.loop.ask(asks.Hurry())

    def larger(self) -> None:
        self._resize(1)

    def smaller(self) -> None:
        self._resize(-1)

    def usual_size(self) -> None:
        self._resize(0)

    def _resize(self, by: int) -> None:
        self.fonts.resize(by)
        self.paint(self.palette)

    def toggle_theme(self) -> None:
        self._theme = "day" if self.palette is DUSK else "dusk"
        self.paint(DUSK if self.palette is DAY else DAY)

"""Above the messages: the room's name and topic, and how the connection is when that is worth a word."""

import tkinter as tk
from tkinter import ttk

from clients.desktop.changes import Line, RoomRow, Talk
from clients.desktop.fonts import Fonts
from clients.desktop.rooms import title_of
from clients.safe_text import safe_text

SILENT, SILENT_FOR_RESTART = 2.0, 20.0
"""Seconds of a break that nobody is told of."""


class Header(ttk.Frame):
    def __init__(self, parent: tk.Misc, fonts: Fonts) -> None:
        super().__init__(parent, style="Sheet.TFrame", padding=(16, 10, 16, 6))
        self._name = ttk.Label(self, font=fonts.title, style="Name.TLabel")
        self._status = ttk.Label(self, font=fonts.small, style="Status.TLabel")
        self._topic = ttk.Label(self, font=fonts.small, style="Quiet.TLabel")
        self._name.grid(row=0, column=0, sticky="w")
        self._status.grid(row=0, column=1, sticky="e")
        self._topic.grid(row=1, column=0, columnspan=2, sticky="we")
        self.columnconfigure(0, weight=1)

    def show(self, row: RoomRow | None, talk: Talk | None) -> None:
        self._name.configure(text=title_of(row) if row is not None else "Roost")
        told = [safe_text(row.topic)] if row is not None and row.topic else []
        if talk is not None and row is not None and not row.is_talk:
            told.insert(0, f"{talk.members} {'member' if talk.members == 1 else 'members'}, {talk.online} online")
        self._topic.configure(text=" · ".join(told))

    def show_status(self, text: str, *, is_bad: bool) -> None:
        self._status.configure(text=text, style="Bad.TLabel" if is_bad else "Status.TLabel")


def status_text(line: Line, seconds: float) -> str:
    """After so many seconds of it. A short break is not told."""
    if line.status == "live":
        return ""
    if line.status == "offline":
        return f"Not connected: {safe_text(line.why)}" if line.why else "Not connected"
    patience = SILENT_FOR_RESTART if line.is_restarting else SILENT
    return "Connecting … What you send waits." if seconds >= patience else ""

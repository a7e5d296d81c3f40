"""How Tk's themed parts look."""

import tkinter as tk
from tkinter import ttk

from clients.desktop.fonts import Fonts
from clients.palette import Palette

LINE = 1.9
"""Of the height of a letter, a line of the list of rooms."""
BAR = 10
"""Pixels. It has no arrows, but Tk takes its width from their size."""


def style(root: tk.Misc, palette: Palette, fonts: Fonts) -> None:
    p, styles = palette, ttk.Style(root)
    styles.theme_use("clam")  # the one of Tk's own whose every part takes a colour
    styles.configure("TFrame", background=p.canvas)
    styles.configure("Sheet.TFrame", background=p.canvas)
    styles.configure("Frame.TFrame", background=p.frame)
    styles.configure("Line.TFrame", background=p.hairline)
    for name, colour in {
        "Name": p.ink,
        "Quiet": p.ink_3,
        "Status": p.yolk_ink,
        "Bad": p.berry_ink,
        "Above": p.ink_2,
    }.items():
        styles.configure(f"{name}.TLabel", background=p.canvas, foreground=colour)
    height = int(fonts.text.metrics("linespace") * LINE)
    rooms = "Rooms.Treeview"
    styles.layout(rooms, [("Treeview.treearea", {"sticky": "nswe"})])
    styles.configure(rooms, font=fonts.text, rowheight=height, borderwidth=0, indent=0)
    styles.configure(rooms, background=p.frame, fieldbackground=p.frame, foreground=p.ink_2)
    styles.map(rooms, background=[("selected", p.select)], foreground=[("selected", p.ink)])
    bar = "Vertical.TScrollbar"
    trough, thumb = "Vertical.Scrollbar.trough", "Vertical.Scrollbar.thumb"
    styles.layout(bar, [(trough, {"sticky": "ns", "children": [(thumb, {"sticky": "nswe"})]})])
    styles.configure(bar, background=p.hairline, troughcolor=p.canvas, bordercolor=p.canvas, arrowsize=BAR)
    styles.configure(bar, lightcolor=p.hairline, darkcolor=p.hairline, gripcount=0, relief="flat")
    styles.map(bar, background=[("disabled", p.canvas), ("active", p.edge)])

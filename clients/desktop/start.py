"""`roost window`: from its options to its end."""

import argparse
import signal
import tkinter as tk

from clients.config import Config
from clients.desktop.changes import Theme
from clients.desktop.loop import Loop
from clients.desktop.unsent import FILE, Unsent
from clients.desktop.window import Window
from clients.failures import ClientError

SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
"""Each where there is one."""


class NoDisplay(ClientError):
    def __init__(self, problem: str) -> None:
        super().__init__(f"No window can be opened here: {problem}.")


def show_window(config: Config, options: argparse.Namespace) -> None:
    """Until it is closed. Raises NotSignedIn, BadAddress and NoDisplay."""
    url, token = config.access(options.server)
    theme: Theme | None = options.theme
    loop = Loop(url, token)
    unsent = Unsent(config.path.with_name(FILE), url)
    try:
        window = Window(loop, unsent, url, options.room, theme)
    except tk.TclError as problem:
        raise NoDisplay(str(problem)) from problem
    for name in SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: window.end_soon())
    loop.start()
    window.mainloop()
    loop.join()

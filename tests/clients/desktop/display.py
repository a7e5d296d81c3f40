"""A display that nobody looks at."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SIZE = "1280x900x24"


def what_is_missing() -> str | None:
    """Why no window can be opened here."""
    if shutil.which("Xvfb") is None:
        return "Xvfb is not installed, so no window can be opened: apt install xvfb"
    if importlib.util.find_spec("_tkinter") is None:
        return "This Python has no Tk, so no window can be opened: apt install python3-tk"
    return None


def show_windows(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """There, until the test ends."""
    monkeypatch.setenv("DISPLAY", display)
    # On a busy machine the good-bye takes longer than anybody would wait for it.
    monkeypatch.setattr("clients.desktop.conversation.GOOD_BYE", 5.0)
    monkeypatch.setattr("clients.desktop.loop.PATIENCE", 20.0)


@contextmanager
def running_display(size: str = SIZE) -> Iterator[str]:
    """Its name. Xvfb chooses a free one and tells it when it is ready."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", size, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    with os.fdopen(reads) as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)

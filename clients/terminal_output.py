"""The only way to the terminal: nothing is printed but by what is here."""

import io
import sys

from clients.safe_text import safe_text


def speak_any_encoding() -> None:
    """A terminal without UTF-8 gets an escape in letters, and we no error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """At once, also into a pipe. Raises BrokenPipeError."""
    print(safe_text(line), flush=True)


def complain(line: str) -> None:
    print(f"roost: {safe_text(line)}", file=sys.stderr, flush=True)

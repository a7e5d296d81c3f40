"""strace around the server: what it asked of the kernel, in order, and errors in place of answers."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.server import may_install

CALL = re.compile(r"(?P<thread>\d+) +(?P<at>\d+\.\d+) (?P<rest>.*)")
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
FRAME_HEAD = re.compile(r'>, "(.*)", 24, \d+\) = 24$')
UNFINISHED = " <unfinished ...>"


class Call(NamedTuple):
    """One system call; `began` and `ended` are the lines of the trace at which it did."""

    name: str
    text: str
    began: int
    ended: int

    @property
    def succeeded(self) -> bool:
        return not self.text.rpartition(" = ")[2].startswith("-1")


@cache
def strace() -> str:
    """Where strace is; skips the test where it is not and cannot be installed."""
    if shutil.which("strace") is None and may_install():
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], capture_output=True, check=False)
    found = shutil.which("strace")
    if found is None:
        pytest.skip("no strace here: sudo apt install strace")
    return found


def tracing(trace: Path, calls: str, *options: str) -> tuple[str, ...]:
    """The words in front of a command. The traced process keeps its own pid: strace is its grandchild (-D)."""
    return strace(), "-f", "-D", "-y", "-ttt", "-s", "262144", "-o", str(trace), "-e", f"trace={calls}", *options


def read(trace: Path) -> Iterator[Call]:
    """The calls that ended, in that order."""
    begun: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(trace.read_text(errors="replace").splitlines()):
        found = CALL.match(line)
        if found is None:
            continue
        thread, rest = found["thread"], found["rest"]
        if rest.endswith(UNFINISHED):
            begun[thread] = (number, rest.removesuffix(UNFINISHED))
            continue
        began = number
        resumed = RESUMED.match(rest)
        if resumed and thread in begun:
            began, first = begun.pop(thread)
            rest = first + resumed[2]
        name = rest.partition("(")[0]
        if name.isidentifier():
            yield Call(name, rest, began, number)


def wal_frame_commits(text: str) -> bool:
    """Whether a pwrite64 is the head of a frame that ends a transaction: SQLite's database file format, section 4.1,
    "size of the database file in pages after the commit"."""
    found = FRAME_HEAD.search(text)
    if found is None:
        return False
    head = found[1].encode("latin-1").decode("unicode_escape").encode("latin-1")
    return head[4:8] != b"\0\0\0\0"

"""Another time for the server, by libfaketime; it may change while the server runs."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.faults.server import may_install


class WrongClock:
    """The wall clock of a process whose environment has `environment`, `set` seconds away from the true one. Only the
    wall clock: what counts time on a real machine is not moved either when somebody sets the date."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faketime"
        self.set(0)

    def set(self, seconds: int) -> None:
        self._file.write_text(f"{seconds:+d}\n")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


@cache
def library() -> str:
    """Where libfaketime for threads is; skips the test where it is not and cannot be installed."""
    if not found() and may_install():
        subprocess.run(["apt-get", "install", "-y", "-qq", "libfaketime"], capture_output=True, check=False)
    if not found():
        pytest.skip("no libfaketime here: sudo apt install libfaketime")
    return str(found()[0])


def found() -> list[Path]:
    return sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

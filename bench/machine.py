"""What the kernel says of processes and of this machine. Linux only: everything comes from /proc."""

import os
import platform
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
MOST_FILES = 65_536

_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, GENERATOR_CORE = _CORES[0], _CORES[-1]


def use_core(core: int) -> None:
    """Stay on one core; what this process starts from here on stays there too."""
    os.sched_setaffinity(0, {core})


@contextmanager
def on_any_core() -> Iterator[None]:
    """What is started within may run wherever there is room."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


def raise_file_limit() -> None:
    """As many open sockets as the system allows, up to MOST_FILES."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < MOST_FILES:
        with suppress(ValueError, PermissionError):  # only root raises the hard limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
            return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond. /proc/PID/schedstat knows its first thread only, and a
    database's commits or a Go program's whole work happen in others."""
    spent = 0
    for thread in (PROC / str(pid) / "task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end while we look
            spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def private_bytes(pid: int) -> int:
    """Memory that only this process holds, as opposed to libraries that are shared."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private"))


def resident_bytes(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Rss"))


def all_busy_seconds() -> float:
    """CPU seconds that all processes and the hypervisor took from all cores since boot; /proc/stat, first line."""
    user, nice, system, _idle, _wait, irq, soft, steal = map(
        int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + soft + steal) / TICK


def describe() -> str:
    """The machine in one line, for the head of a report."""
    models = [line for line in (PROC / "cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = models[0].split(":")[1].strip() if models else platform.machine()
    return f"{len(_CORES)} x {model}, Linux {platform.release()}, Python {platform.python_version()}"

"""What a chat of 50 notices when somebody attacks its server: `python -m bench.abuse` measures it in turns with and
without slow connections by slowhttptest, and under junk from one address. README.md says how to read it."""

import argparse
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import roost
from bench.figures import median
from bench.install import unpack
from bench.machine import GENERATOR_CORE, raise_file_limit, use_core
from bench.modes.stage import WARM_UP, Figures, Stage, server_of
from bench.servers import DEBIAN, INSTALLED, ROOST, installed

MEMBERS = 50
RATE = 50
"""Messages a second, of eight members."""
SECONDS = 30
SLOW = 500
"""Connections of slowhttptest."""
JUNK_A_SECOND, JUNK_SECONDS = 2_000, 60
MIB = 1024 * 1024
BEHIND_MEMBERS = ("chrt", "--idle", "0")
"""The attacker has the core that members are on, and the machine would let each of them wait for the other."""
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
REFUSED = "service available:   NO"


def as_it_comes(port: int, folder: Path) -> Mapping[str, str]:
    """Limits by address as they are; those of members are raised, for eight of them talk like many."""
    by_address = {"LIMIT_LOGIN_PER_MINUTE", "LIMIT_CONNECT_PER_MINUTE", "LIMIT_CONNECTIONS_PER_10_SECONDS"}
    return {name: value for name, value in roost.environment(port, folder).items() if name not in by_address}


AS_IT_COMES = replace(ROOST, environment=as_it_comes)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.abuse", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    chosen = arguments.parse_args()
    if not slowhttptest().exists():
        INSTALLED.mkdir(exist_ok=True)
        unpack(("slowhttptest",))
    raise_file_limit()
    use_core(GENERATOR_CORE)
    (INSTALLED / "run").mkdir(parents=True, exist_ok=True)
    for name in chosen.only:
        with TemporaryDirectory(dir=INSTALLED / "run") as folder:
            measure(name, Path(folder), chosen.rounds)


def slowhttptest() -> Path:
    found = installed("slowhttptest")
    return found if found.exists() else DEBIAN / "usr/bin/slowhttptest"


def slow(port: int, *how: str) -> list[str]:
    """With the numbers of its manual."""
    common = ["-c", str(SLOW), "-r", "200", "-l", str(SECONDS), "-p", "3", "-u", f"http://127.0.0.1:{port}/"]
    return [str(slowhttptest()), *common, *how]


def junk(port: int) -> list[str]:
    return [sys.executable, "-m", "bench.junk", str(port), str(JUNK_A_SECOND), str(JUNK_SECONDS)]


ATTACKS = {
    "slow heads": lambda port: slow(port, "-H", "-i", "10", "-x", "24"),
    "slow bodies": lambda port: slow(port, "-B", "-i", "10", "-s", "8192", "-x", "10"),
    "slow reading": lambda port: slow(port, "-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"),
    "junk": junk,
}


def measure(name: str, folder: Path, rounds: int) -> None:
    """In turns, the quiet first; a line for each."""
    with server_of(AS_IT_COMES if name == "junk" else ROOST, folder, MEMBERS + roost.SPARE) as server:
        stage = Stage(server, MEMBERS, all_timed=True)
        stage.gather()
        talk(stage, WARM_UP)
        turns = [(shown("quiet", talk(stage, SECONDS)), shown(name, attacked(stage, name))) for _ in range(rounds)]
        stage.settle()
    without, beneath = (median([each["latency_p99_ms"] for each in figures]) for figures in zip(*turns, strict=True))
    print(f"{name}: p99 {without:.1f} ms quiet, {beneath:.1f} ms attacked ({beneath / without - 1:+.0%})\n", flush=True)


def attacked(stage: Stage, name: str) -> Figures:
    """Says what the attack itself has to say, too."""
    command = [*BEHIND_MEMBERS, *ATTACKS[name](stage.server.addresses[0][1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as attack:
        figures = talk(stage, JUNK_SECONDS if name == "junk" else SECONDS)
        said, _ = attack.communicate()
    print("  " + (said.strip() if name == "junk" else counted(said)))
    return figures


def talk(stage: Stage, seconds: float) -> Figures:
    figures = stage.run(stage.paced(RATE), seconds)
    return figures | {"resident": stage.server.resident_bytes / MIB, "kernel": kernel_bytes() / MIB}


def kernel_bytes() -> int:
    """What the kernel holds for all TCP connections of this machine."""
    (tcp,) = (each for each in Path("/proc/net/sockstat").read_text().splitlines() if each.startswith("TCP:"))
    return 4096 * int(tcp.split()[-1])


def shown(name: str, figures: Figures) -> Figures:
    print(
        f"{name:14} p50 {figures['latency_p50_ms']:6.1f} ms  p99 {figures['latency_p99_ms']:7.1f} ms"
        f"  server busy {figures['server_busy']:4.0%}  others busy {figures['others_busy']:4.0%}"
        f"  late p99 {figures['generator_late_p99_ms']:5.1f} ms"
        f"  memory {figures['resident']:5.0f} MiB  in the kernel {figures['kernel']:4.0f} MiB",
        flush=True,
    )
    return figures


def counted(said: str) -> str:
    """The most that slowhttptest had of each kind, and how often it found the server away: it counts now and then."""
    plain = ESCAPE.sub("", said)
    most = {name: max(map(int, re.findall(rf"{name}: +(\d+)", plain)), default=0) for name in ("connected", "closed")}
    return f"at most {most['connected']} connected, {most['closed']} closed; refused in {plain.count(REFUSED)} counts"


if __name__ == "__main__":
    main()

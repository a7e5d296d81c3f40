"""`python -m bench`: measure Roost and its peers side by side, and report. README.md says how to read it."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import plan
from bench.chart import draw
from bench.install import install, missing
from bench.machine import describe
from bench.modes.stage import Figures
from bench.plan import Measurement
from bench.report import write
from bench.results import Results
from bench.servers import INSTALLED, SERVERS

HERE = Path(__file__).parent
PATIENCE = 900
"""Seconds for one measurement."""


def main() -> None:
    arguments = parse()
    install()
    results = Results(machine=describe(), commit=commit(), began=datetime.now(UTC).isoformat(timespec="seconds"))
    results.left_out = [line for line in map(missing, SERVERS.values()) if line]
    chosen = plan.short() if arguments.short else plan.full()
    run = INSTALLED / "run"  # beside the project, not in /tmp: where /tmp is memory, a durable commit costs nothing
    run.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=run) as folder:
        for measurement in [each for each in chosen if not arguments.only or each.name in arguments.only]:
            measure_all(measurement, arguments.peers, Path(folder), results)
    save(results, arguments.name or results.began.replace(":", ""))


def parse() -> argparse.Namespace:
    names = [each.name for each in plan.full()]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="two minutes: Roost, the floor and Node ws")
    parser.add_argument("--only", nargs="+", metavar="MEASUREMENT", help="of: " + ", ".join(names))
    parser.add_argument(
        "--peers", nargs="+", choices=SERVERS, metavar="PEER", default=list(SERVERS), help="of: " + ", ".join(SERVERS)
    )
    parser.add_argument("--name", help="of the files in bench/results; the time when left out")
    return parser.parse_args()


def measure_all(measurement: Measurement, peers: Sequence[str], folder: Path, results: Results) -> None:
    """One repetition after the other, the peers side by side in each: what disturbs this machine for some minutes
    disturbs all of them."""
    for _ in range(measurement.repeats):
        for name in (name for name in measurement.peers if name in peers):
            peer = SERVERS[name]
            if missing(peer) is None and measurement.members <= peer.most_members:
                print(f"{measurement.title}: {peer.title} ...", flush=True)
                results.add(measurement.name, name, measure(measurement, name, folder))


def measure(measurement: Measurement, peer: str, folder: Path) -> Figures | str:
    """The figures, or why there are none."""
    numbers = json.dumps(measurement.numbers)
    command = [sys.executable, "-m", "bench.measure", peer, measurement.mode.__name__, numbers, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"nothing after {PATIENCE} s"
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return done.stderr.strip().splitlines()[-1]
    figures: Figures = json.loads(done.stdout)
    return figures


def commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def save(results: Results, name: str) -> None:
    text = write(results)
    print(text)
    base = HERE / "results" / name
    base.with_suffix(".json").write_text(json.dumps(results.as_json(), indent=1) + "\n")
    base.with_suffix(".txt").write_text(text)
    base.with_suffix(".svg").write_text(draw(results))
    print(f"Written to {base.relative_to(Path.cwd())}.json, .txt and .svg")


if __name__ == "__main__":
    main()

"""Known holes in what is pinned, by PyPI's advisories: make audit."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PINS = ("requirements-dev.txt", "requirements-audit.txt")
"""The first holds all that is deployed, too."""
PROGRAM = Path(".venv-audit/bin/pip-audit")
ANSWER = Path("data/advisories.json")
"""What they said last, for where they cannot be asked."""
PATIENCE = 600

Dependency = dict[str, Any]


def main() -> int:
    why = ask()
    if not ANSWER.exists():
        print(f"Skipped: {why}, and no earlier answer is kept in {ANSWER}.")
        return 0
    if why:
        at = datetime.fromtimestamp(ANSWER.stat().st_mtime, UTC)
        print(f"Not asked: {why}. This is what was said at {at:%F %R} UTC.")
    return report(json.loads(ANSWER.read_text())["dependencies"], pinned())


def ask() -> str:
    """Keeps the answer; why there is none, or nothing."""
    if not PROGRAM.exists():
        return "pip-audit could not be installed (make .venv-audit/stamp says why)"
    fresh = ANSWER.with_suffix(".new")
    fresh.parent.mkdir(exist_ok=True)
    fresh.unlink(missing_ok=True)
    # Unless it is strict, it says of what it got no answer about that it has no holes.
    command = [str(PROGRAM), "--strict", "--disable-pip", "--progress-spinner=off", "--timeout=10"]
    command += [*(f"--requirement={pins}" for pins in PINS), "--format=json", f"--output={fresh}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"PyPI's advisories took longer than {PATIENCE} seconds"
    if not fresh.exists():
        said = done.stderr.strip().rpartition("\n")[2].rpartition("_cli:")[2]
        return f"PyPI's advisories cannot be had ({said})"
    fresh.replace(ANSWER)
    return ""


def pinned() -> set[tuple[str, str]]:
    return {
        pin
        for pins in PINS
        for pin in re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", Path(pins).read_text(), re.MULTILINE)
    }


def report(dependencies: list[Dependency], pins: set[tuple[str, str]]) -> int:
    """1 where something that is pinned has a hole."""
    known = {(each["name"], each["version"]): each["vulns"] for each in dependencies}
    holes = [(*pin, hole) for pin in sorted(pins) for hole in known.get(pin, [])]
    for name, version, hole in holes:
        print(f"{name} {version}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}")
    print(f"{len(holes)} known holes in {len(pins & known.keys())} libraries.")
    if unknown := pins - known.keys():
        print(f"Nothing was said of {', '.join(sorted(name for name, _ in unknown))}.")
    return int(bool(holes))


if __name__ == "__main__":
    sys.exit(main())

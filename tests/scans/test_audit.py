"""Known holes in what is pinned, where nobody can be asked about them: what was said last is said again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "scans" / "audit.py"
HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["1.2", "2.0"], "aliases": [], "description": ""}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One that has no pip-audit."""
    (tmp_path / "requirements-dev.txt").write_text("aaa==1.0 \\\n    --hash=sha256:00\nbbb==2.0 ; x == 'y' \\\n")
    (tmp_path / "requirements-audit.txt").write_text("ccc==3.0 \\\n")
    return tmp_path


def was_said(project: Path, **holes: list[object]) -> None:
    (project / "data").mkdir()
    said = [{"name": name, "version": "1.0", "vulns": found} for name, found in holes.items()]
    (project / "data" / "advisories.json").write_text(json.dumps({"dependencies": said, "fixes": []}))


def audit(project: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, PROGRAM], cwd=project, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_without_any_answer_it_is_skipped_and_says_so_in_one_line(project: Path) -> None:
    code, said = audit(project)
    assert code == 0
    assert said.startswith("Skipped: ")
    assert said.count("\n") == 1


def test_a_hole_that_was_known_last_time_is_a_failure_this_time_too(project: Path) -> None:
    was_said(project, aaa=[HOLE])
    code, said = audit(project)
    assert code == 1
    assert "aaa 1.0: PYSEC-2026-1, mended in 1.2, 2.0\n1 known holes in 1 libraries." in said


def test_another_version_is_not_called_safe_and_not_called_broken(project: Path) -> None:
    was_said(project, aaa=[], bbb=[HOLE])
    code, said = audit(project)
    assert code == 0
    assert "0 known holes in 1 libraries.\nNothing was said of bbb, ccc." in said

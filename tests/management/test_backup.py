import stat
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.settings import Settings
from tests.management.conftest import run


def test_a_copy_is_for_its_owner_alone_and_said_to_be_there(
    settings: Settings, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = copied.with_name("tuesday")
    run(settings, "backup", second)
    assert capsys.readouterr().out == f"Copied and checked: {second}, {second.stat().st_size:,} bytes.\n"
    assert stat.S_IMODE(second.stat().st_mode) == 0o600
    assert set(copied.parent.iterdir()) == {copied, second}


def test_a_file_that_is_there_is_never_overwritten(settings: Settings, copied: Path) -> None:
    before = copied.read_bytes()
    for taken in (copied, settings.root / "data" / "roost.db"):
        with pytest.raises(BadRequest, match="is there already"):
            run(settings, "backup", taken)
    assert copied.read_bytes() == before


def test_nothing_is_left_of_a_copy_that_could_not_be_made(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no database yet"):
        run(settings, "backup", tmp_path / "monday")
    assert "monday" not in " ".join(path.name for path in tmp_path.iterdir())

import stat
from pathlib import Path

import pytest

from clients.private_file import write_privately


def test_it_is_for_its_owner_alone_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "roost" / "kept.json"
    for text in ("old", "new"):
        write_privately(path, text)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
    assert path.read_text() == "new\n"
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_privately(path, "text")
    assert list(tmp_path.iterdir()) == [path]

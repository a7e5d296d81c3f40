import os
import stat
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.storage.new_file import new_file


def test_it_is_for_its_owner_alone_and_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    before = os.umask(0)
    try:
        with new_file(path) as written:
            written.write_text("all of it")
            assert not path.exists()
            assert written.parent == tmp_path
    finally:
        os.umask(before)
    assert path.read_text() == "all of it"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_one_that_was_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    path.write_text("the one before")
    with pytest.raises(KeyboardInterrupt), new_file(path):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "the one before"


def test_a_folder_that_takes_no_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="/nowhere: No such file or directory"):
        new_file(tmp_path / "nowhere" / "copy").__enter__()

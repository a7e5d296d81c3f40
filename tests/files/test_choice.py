"""Where files are kept is what FILES_URL names."""

import sys
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.files.choice import open_files
from app.files.disk import DiskBlobs
from app.settings import load_settings

BUCKET = {"FILES_URL": "s3://key:secret@s3.example.org/bucket"}


def test_a_folder_needs_nothing_and_is_not_made_before_it_is_needed(tmp_path: Path) -> None:
    assert isinstance(open_files(load_settings({}, tmp_path)).blobs, DiskBlobs)
    assert list(tmp_path.glob("data/files")) == []


def test_a_bucket_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "app.files.bucket", raising=False)
    with pytest.raises(SettingsError) as caught:
        open_files(load_settings(BUCKET, tmp_path))
    assert "requirements-s3.txt" in caught.value.problems["FILES_URL"]

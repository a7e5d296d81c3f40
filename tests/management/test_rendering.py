import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.settings import Settings
from tests.management.conftest import run


def test_what_an_older_version_made_is_made_anew_once(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "said.jsonl"
    said = {"room": "tea", "at": "2010-08-17T15:01:00Z", "author": "gos"}
    lines.write_text("".join(json.dumps({**said, "text": text}) + "\n" for text in ("*a*", "b")))
    run(settings, "import", lines)
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE messages SET html = text, renderer = 1")
        connection.commit()
        capsys.readouterr()
        run(settings, "rerender")
        run(settings, "rerender")
        assert capsys.readouterr().out == "2 messages rendered anew.\n0 messages rendered anew.\n"
        assert connection.execute("SELECT html FROM messages ORDER BY number").fetchall() == [("<em>a</em>",), ("b",)]

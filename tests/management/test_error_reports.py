"""What leaves for Sentry, as a server that stands for it receives it. Each case runs in a process of its own: the
library changes logging for good."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

# Sentry's library packs with Brotli where that is installed.
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
ROOT = Path(__file__).parents[2]
SECRETS = ("written-by-somebody", "session-cookie", "bearer-token", "203.0.113.7", "of-the-query", "a-handle")
PROGRAM = '''
import logging, sys
from pathlib import Path
from app.logs import set_up_logs
from app.management.error_reports import report_errors
from app.settings import load_settings

def store(text, token="bearer-token"):
    """Breaks as a database does: with the row in the exception."""
    raise ValueError(f"[parameters: ({text!r}, '203.0.113.7', '?q=of-the-query')]")

set_up_logs("info")
report_errors(load_settings({"SENTRY_DSN": sys.argv[1]}, Path(sys.argv[2])))
cookie = "session-cookie"
try:
    store("written-by-somebody")
except ValueError:
    logging.getLogger("app.somewhere").exception("a command of %s broke", "a-handle")
logging.getLogger("app.somewhere").warning("only a warning of %s", "a-handle")
if "sentry_sdk" in sys.modules and sys.modules["sentry_sdk"]:
    sys.modules["sentry_sdk"].flush(5.0)
'''


class Sentry(ThreadingHTTPServer):
    """Keeps what comes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.bodies: list[bytes] = []

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_address[1]}/1"

    def events(self) -> list[dict[str, Any]]:
        """Of each envelope the item after its two headers."""
        return [json.loads(body.splitlines()[2]) for body in self.bodies]


class Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Sentry)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(UNPACK[self.headers["Content-Encoding"]](body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    with Sentry() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(dsn: str, folder: Path, *, before: str = "") -> str:
    """What the program logs."""
    command = (sys.executable, "-c", before + PROGRAM, dsn, str(folder))
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout


def test_an_error_is_reported_once_with_its_place_and_nothing_of_anybody(sentry: Sentry, tmp_path: Path) -> None:
    logged = run(sentry.dsn, tmp_path)
    (event,) = sentry.events()
    assert event["logentry"] == {"message": "a command of %s broke"}
    (exception,) = event["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert [frame["function"] for frame in exception["stacktrace"]["frames"]] == ["<module>", "store"]
    everything = b"".join(sentry.bodies).decode()
    assert [secret for secret in SECRETS if secret in everything] == []
    assert all(secret in PROGRAM for secret in SECRETS)
    assert "written-by-somebody" in logged, "for this test to mean anything"


def test_without_a_dsn_nothing_is_even_loaded(sentry: Sentry, tmp_path: Path) -> None:
    run("", tmp_path, before="import sys; sys.modules['sentry_sdk'] = None\n")
    assert sentry.bodies == []


def test_without_the_library_a_line_says_how_to_get_it(sentry: Sentry, tmp_path: Path) -> None:
    logged = run(sentry.dsn, tmp_path, before="import sys; sys.modules['sentry_sdk'] = None\n")
    assert "pip install -r requirements-sentry.txt" in logged
    assert "a command of a-handle broke" in logged
    assert sentry.bodies == []


def test_a_dsn_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    logged = run("https://example.org/no-key", tmp_path)
    assert "SENTRY_DSN is not what Sentry calls a DSN" in logged
    assert "a command of a-handle broke" in logged

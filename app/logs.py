"""Logging: one line per event on standard output, control characters escaped, nothing secret (SECURITY S60)."""

import logging
import sys
import time

UNPRINTABLE = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160))} | {
    code: f"\\u{code:04x}"
    for code in (0x2028, 0x2029)  # they end a line, too, for some who read it
}


class OneLine(logging.Formatter):
    """`2026-11-24T12:00:00.123Z INFO app.server: listening`; a traceback follows on the same line, its ends escaped."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(UNPRINTABLE)


def set_up_logs(level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("tornado.access", "tornado.general", "alembic"):
        logging.getLogger(noisy).setLevel("WARNING")

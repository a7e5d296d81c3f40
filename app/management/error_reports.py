"""Errors of our own, reported to Sentry where SENTRY_DSN asks for it: where it broke, and nothing of anybody's."""

import logging
from typing import Any, cast

from app.settings import Settings

log = logging.getLogger(__name__)

KEPT = {"event_id", "timestamp", "platform", "level", "logger", "sdk"}
KEPT_OF_FRAMES = {"filename", "module", "function", "lineno", "in_app"}


def report_errors(settings: Settings) -> None:
    """From here on, what is logged as an error is reported too. Without SENTRY_DSN nothing happens; one that cannot be
    used is logged, and the chat goes on without reports."""
    if not settings.sentry_dsn:
        return
    try:
        import sentry_sdk  # noqa: PLC0415  not everybody's
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError:
        log.warning("SENTRY_DSN is set, but nothing is reported without: pip install -r requirements-sentry.txt")
        return
    try:
        sentry_sdk.init(
            dsn=settings.sentry_dsn,
            integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
            # The others would report each error twice, and read requests.
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            send_default_pii=False,
            include_local_variables=False,
            max_breadcrumbs=0,
            server_name=settings.dyno or "roost",
            before_send=lambda event, _: cast(Any, scrubbed(cast("dict[str, Any]", event))),
        )
    except BadDsn as error:
        log.warning("SENTRY_DSN is not what Sentry calls a DSN, going on without: %s", error)


def scrubbed(event: dict[str, Any]) -> dict[str, Any]:
    """Only what is known to be nobody's: the sentence of the log line without what was put into it, and the places in
    the code. The text of an exception may hold a row of the database, and with it what somebody wrote."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    kept["logentry"] = {"message": event.get("logentry", {}).get("message", "")}
    kept["exception"] = {"values": [place(each) for each in event.get("exception", {}).get("values", ())]}
    return kept


def place(exception: dict[str, Any]) -> dict[str, Any]:
    frames = (exception.get("stacktrace") or {}).get("frames", ())
    return {
        "type": exception.get("type"),
        "module": exception.get("module"),
        "stacktrace": {"frames": [{name: frame.get(name) for name in KEPT_OF_FRAMES} for frame in frames]},
    }

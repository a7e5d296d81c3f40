"""What happens in rooms, one event after the other, for programs that wait (docs/protocol.md, "Without WebSocket")."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import requests
from urllib3.exceptions import HTTPError

from app.protocol.events import AnyEvent
from clients.api import Api
from clients.event_source import Lines
from clients.failures import BROKEN, Ended
from clients.wire import code_for, decode, retry_after

SILENCE = 45.0
"""Seconds without a sign of life, and the line is dead (DELIVERY D9)."""
TIMEOUT = (10.0, SILENCE)
PIECE = 65_536
"""Bytes that are read at once, at most."""


def events_of(api: Api, rooms: Sequence[int]) -> Iterator[AnyEvent]:
    """From session.started on, until the stream ends: raises Ended, with what the server said."""
    url = f"{api.url}/stream?{urlencode([('room', room) for room in rooms])}"
    try:
        with api.session.get(
            url, headers={"Accept": "text/event-stream"}, stream=True, timeout=TIMEOUT, allow_redirects=False
        ) as answer:
            if answer.status_code != 200:  # noqa: PLR2004
                raise Ended(code_for(answer.status_code), retry_after=retry_after(answer.headers))
            yield from _events_in(answer)
    except (requests.RequestException, HTTPError) as problem:
        raise Ended(BROKEN, str(problem)) from problem


def _events_in(answer: requests.Response) -> Iterator[AnyEvent]:
    lines = Lines()
    # Not iter_content: it waits until a whole piece is there.
    while piece := answer.raw.read1(PIECE, decode_content=True):
        for kind, data in lines.feed(piece):
            if kind == "close":
                raise Ended(int(data) if data.isdigit() else BROKEN)
            event = decode(data) if kind == "message" else None
            if event is not None:
                yield event
    raise Ended(BROKEN)

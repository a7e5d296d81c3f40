"""A stream of server-sent events as a client reads it (HTML standard, section 9.2.6)."""

import re
from http.client import HTTPResponse
from io import BytesIO
from socket import socket
from typing import cast


class Wire:
    """Stands where http.client wants a socket, with the answer in it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._data)


def unchunked(body: bytes) -> bytes:
    """What the standard library makes of a chunked body. Raises IncompleteRead without a last chunk."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = HTTPResponse(cast("socket", Wire(head + body)))
    response.begin()
    return response.read()


def events_in(text: bytes) -> list[tuple[str, str]]:
    """(type, data) of each event; comments and what has no empty line after it are none."""
    events: list[tuple[str, str]] = []
    kind, data = "message", list[str]()
    for line in re.split(r"\r\n|\n|\r", text.decode())[:-1]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append((kind, "\n".join(data)))
            kind, data = "message", []
        elif field == "event":
            kind = value
        elif field == "data":
            data.append(value)
    return events

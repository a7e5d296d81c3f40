"""Strangers who read a room live, as their browsers hear it."""

from typing import Any, Protocol

import msgspec

from app.models import Room
from app.protocol.close_codes import CloseCode
from app.protocol.framing import ENTRIES
from app.realtime.hub import Hub
from app.realtime.readers import Reader
from app.services import Services
from app.storage import rooms as room_rows
from tests.support.event_stream import events_in, unchunked
from tests.support.house import GENERAL, RecordingTransport
from tests.support.waiting import until


class Place(Protocol):
    """A process."""

    services: Services
    hub: Hub


HERE = "192.0.2.7"


class ReaderTransport(RecordingTransport):
    framing = ENTRIES

    def close(self, code: CloseCode) -> None:
        if not self.codes:
            self.codes.append(code)


class Page:
    """A page that a stranger has open."""

    def __init__(self, house: Place, room: Room, since: int | None = None) -> None:
        self.transport = ReaderTransport()
        house.hub.readers.take_place(HERE)
        since = room.seq if since is None else since
        self.reader = Reader(house.hub.readers, HERE, room, since, self.transport)
        self.reader.start()

    @property
    def heard(self) -> list[dict[str, Any]]:
        body = unchunked(b"".join(self.transport.writes) + b"0\r\n\r\n")
        return [msgspec.json.decode(data) for _, data in events_in(body)]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.heard]

    @property
    def numbers(self) -> list[int]:
        return [event["number"] for event in self.heard if event["type"] == "public.shown"]

    async def is_open(self) -> None:
        await until(lambda: bool(self.transport.writes))

    async def hears(self, count: int) -> None:
        await until(lambda: len(self.heard) >= count)


async def general(house: Place) -> Room:
    room = await house.services.store.read(room_rows.by_id, GENERAL)
    assert room is not None
    return room


async def read(house: Place, since: int | None = None) -> Page:
    page = Page(house, await general(house), since)
    await page.is_open()
    return page

"""Messages that were said elsewhere, put into rooms here in their order."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Literal

import msgspec

from app.chat import rooms
from app.chat.messages import accepted
from app.chat.rendering import html_of
from app.errors import BadRequest
from app.models import NewMessage, Room, User
from app.render.names import plain_name
from app.render.text import VERSION
from app.services import Services
from app.storage import rooms as room_rows
from app.storage import users

TOGETHER = 500
"""Messages handed to the log at once; they share commits."""


class Line(msgspec.Struct, frozen=True):
    """One message of a file in JSON lines: `at` is an ISO time, UTC when it names no zone."""

    room: str
    at: datetime
    author: str
    text: str
    kind: Literal["msg", "me"] = "msg"


async def load(services: Services, lines: Iterable[bytes]) -> AsyncIterator[tuple[int, int]]:
    """Store the messages of `lines`, in order; yields (lines done, messages stored that were not there) as it goes.

    Each line's nonce is made of what it says and how often it was said before, so a run that was broken off, or made
    twice, or of a file that overlaps another, stores nothing twice (DELIVERY D3). Authors become imported people, who
    can never sign in. Raises BadRequest at a line that makes no sense; what came before it stays.
    """
    importer = Importer(services)
    stored = 0
    for start, batch in batches(lines):
        stored += await importer.store(batch, start)
        yield start + len(batch) - 1, stored


def batches(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """The lines TOGETHER at a time, each batch with the number of its first line."""
    rest, start = iter(lines), 1
    while batch := list(islice(rest, TOGETHER)):
        yield start, batch
        start += len(batch)


class Importer:
    """Remembers the rooms and people of one import, so that each is looked up once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._said: Counter[bytes] = Counter()
        self._rooms: dict[str, Room] = {}
        self._people: dict[str, User] = {}

    async def store(self, lines: list[bytes], start: int) -> int:
        """How many messages were not there before. The log keeps the order in which they are handed over."""
        futures = []
        try:
            for number, line in enumerate(lines, start):
                if line.strip():
                    futures.append(self._services.store.log.append(await self._message(number, line)))
        finally:
            posted = await asyncio.gather(*futures)
        return sum(not each.duplicate for each in posted)

    async def _message(self, number: int, line: bytes) -> NewMessage:
        try:
            return await self._made(msgspec.json.decode(line, type=Line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadRequest(f"Line {number} is not a message: {error}") from error
        except BadRequest as error:
            raise BadRequest(f"Line {number}: {error.message}") from error

    async def _made(self, line: Line) -> NewMessage:
        text = accepted(line.text.replace("\0", ""))
        sent_at = self._sent_at(line)
        room, author = await self._room(line.room), await self._person(line.author)
        html = await html_of(self._services, text)
        return NewMessage(room.id, author.id, self._nonce(line), line.kind, text, html, sent_at, VERSION)

    def _sent_at(self, line: Line) -> int:
        """Raises BadRequest. Times never fall inside a room: one of the year 9999 would be that of all that follows."""
        at = line.at if line.at.tzinfo else line.at.replace(tzinfo=UTC)
        sent_at = round(at.timestamp() * 1000)
        if sent_at < 0:
            raise BadRequest(f"Its time, {at.isoformat()}, lies before 1970.")
        if sent_at > self._services.clock.now():
            raise BadRequest(f"Its time, {at.isoformat()}, lies in the future.")
        return sent_at

    def _nonce(self, line: Line) -> str:
        digest = hashlib.sha256(msgspec.json.encode(line)).digest()
        self._said[digest] += 1
        return hashlib.sha256(digest + str(self._said[digest]).encode()).hexdigest()

    async def _room(self, slug: str) -> Room:
        if slug not in self._rooms:
            known = await self._services.store.read(room_rows.by_slug, slug)
            if known is None or known.kind not in room_rows.MADE:  # its address is taken, which is all that is said
                known = await rooms.add(self._services, slug)
            self._rooms[slug] = known
        return self._rooms[slug]

    async def _person(self, author: str) -> User:
        handle = plain_name(author) or "somebody"
        if handle not in self._people:
            now = self._services.clock.now()
            self._people[handle] = await self._services.store.write(users.add_imported, handle, now)
        return self._people[handle]

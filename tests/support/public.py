"""Rooms that may be read without an account, and what is said in them."""

import json
from datetime import UTC, date, datetime, timedelta

from app.chat import imports, public_reading
from app.services import Services
from app.storage import rooms
from tests.support.house import GENERAL


async def publish(services: Services, room: int = GENERAL, *, unlisted: bool = False) -> None:
    """The community allows it, and this room."""
    await public_reading.change_by_operator(services, on=True)
    await services.store.write(rooms.change, room, {"is_readable": True, "is_unlisted": unlisted})


async def say(services: Services, day: date, *texts: str, slug: str = "general", author: str = "zoe_tides") -> None:
    """A message a minute, from noon on, of somebody who wrote elsewhere."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    lines = [
        {"room": slug, "at": (noon + timedelta(minutes=n)).isoformat(), "author": author, "text": text}
        for n, text in enumerate(texts)
    ]
    async for _ in imports.load(services, [json.dumps(line).encode() for line in lines]):
        pass

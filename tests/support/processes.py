"""Several processes of one community, all in this one: each with services, a hub and clockwork of its own."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.bus.base import Bus
from app.chat import accounts
from app.models import Room, TwitterProfile, Visitor
from app.protocol import events
from app.realtime.hub import Hub
from app.realtime.pulse import Pulse
from app.services import Services, make_services
from app.settings import load_settings
from app.storage import rooms
from app.storage.store import open_store
from tests.support.house import EASY, Client
from tests.support.waiting import until


@dataclass
class Process:
    services: Services
    hub: Hub
    pulse: Pulse

    async def sign_in(self, handle: str, name: str | None = None) -> tuple[Visitor, str]:
        """One more session of the person with this handle, and its token."""
        profile = TwitterProfile(user_id=f"x-{handle}", handle=handle, name=name)
        signed_in = await accounts.sign_in_with_twitter(self.services, profile, "a browser")
        visitor = await accounts.resume(self.services, signed_in.token)
        assert visitor is not None
        return visitor, signed_in.token

    async def connect(self, visitor: Visitor, room: int | None = None) -> Client:
        """A connection, with this room open."""
        client = Client(self.services, self.hub, visitor)
        client.connection.start()
        await client.hears(events.SessionStarted)
        if room is not None:
            await client.open(room)
        return client

    async def private_room(self, slug: str) -> Room:
        return await self.services.store.write(rooms.add, slug, slug, "", "private", 0)

    async def is_idle(self) -> None:
        """Nothing is missing as far as this process knows, and nothing is being looked for."""
        await until(lambda: self.services.bus.up and self.hub.repairs.idle and self.hub.lookout.is_idle)


@asynccontextmanager
async def process(url: str, bus: Bus, folder: Path) -> AsyncIterator[Process]:
    """On the migrated database at `url`."""
    settings = msgspec.structs.replace(load_settings(EASY, folder), database_url=url)
    store = await open_store(url)
    services = make_services(settings, store, bus)
    hub = Hub(services)
    pulse = Pulse(services, hub)
    await hub.start()
    pulse.start()
    try:
        yield Process(services, hub, pulse)
    finally:
        await pulse.stop()
        await hub.close()
        await store.close()
        await bus.close()


def new_community() -> str:
    """Copies of one database have one epoch."""
    return secrets.token_hex(4)

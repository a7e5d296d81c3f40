import asyncio
from pathlib import Path

from app.bus.memory import MemoryBus
from app.chat import profiles
from app.models import TwitterProfile
from app.services import make_services
from app.settings import load_settings
from app.storage import users
from app.storage.migrate import migrate
from app.storage.store import open_store
from tests.support.sign_in import ShiftedClock

DAY = 24 * 3600


async def test_a_name_is_asked_for_once_a_day(tmp_path: Path) -> None:
    settings, clock = load_settings({}, tmp_path), ShiftedClock()
    await asyncio.to_thread(migrate, settings.database_url)
    store = await open_store(settings.database_url)
    services = make_services(settings, store, MemoryBus(), clock)

    async def signs_in(*, fetched: bool) -> None:
        profile = TwitterProfile(user_id="7", handle="ada", fetched=fetched)
        await store.write(users.upsert_by_twitter_id, profile, clock.now(), frozenset())

    assert await profiles.is_due(services, "7"), "nobody has signed in yet"
    await signs_in(fetched=False)
    assert await profiles.is_due(services, "7"), "the first try failed"
    await signs_in(fetched=True)
    assert not await profiles.is_due(services, "7")
    clock.seconds = DAY - 60
    await signs_in(fetched=False)
    assert not await profiles.is_due(services, "7")
    clock.seconds = DAY + 1
    assert await profiles.is_due(services, "7")
    await store.close()

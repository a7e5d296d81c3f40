"""Which bus a community has."""

from app.bus.base import Bus
from app.bus.memory import MemoryBus
from app.bus.shared import SharedBus
from app.settings import Settings


def open_bus(settings: Settings, community: str) -> Bus:
    """Over Redis when REDIS_URL is set, else over the database when that is PostgreSQL, else for this process alone; to
    be started. `community` is a name that only its processes share: the epoch of their database."""
    if settings.redis_url:
        from app.bus.redis import RedisLine  # noqa: PLC0415  6 MB that who has no Redis need not hold

        return SharedBus(RedisLine(settings.redis_url, community, self_signed=settings.redis_self_signed))
    if settings.database_url.startswith("postgresql:"):
        from app.bus.postgres import PostgresLine  # noqa: PLC0415

        return SharedBus(PostgresLine(settings.database_url, community))
    return MemoryBus()

from pathlib import Path

import msgspec
import pytest

from app.bus.choice import open_bus
from app.bus.memory import MemoryBus
from app.bus.postgres import PostgresLine
from app.bus.redis import RedisLine
from app.bus.shared import SharedBus
from app.settings import Settings, load_settings

POSTGRES = "postgresql://roost@127.0.0.1/roost"
REDIS = "redis://127.0.0.1:6379/0"


@pytest.mark.parametrize(
    ("database_url", "redis_url", "expected"),
    [
        ("sqlite:////tmp/roost.db", "", None),
        ("sqlite:////tmp/roost.db", REDIS, RedisLine),
        (POSTGRES, "", PostgresLine),
        (POSTGRES, REDIS, RedisLine),
    ],
)
def test_redis_comes_before_postgresql_and_one_process_needs_neither(
    tmp_path: Path, database_url: str, redis_url: str, expected: type | None
) -> None:
    settings: Settings = msgspec.structs.replace(
        load_settings({}, tmp_path), database_url=database_url, redis_url=redis_url
    )
    bus = open_bus(settings, "community")
    if expected is None:
        assert type(bus) is MemoryBus
    else:
        assert isinstance(bus, SharedBus)
        assert isinstance(bus._line, expected)

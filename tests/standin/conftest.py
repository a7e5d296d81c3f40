from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

import pytest

from app.settings import Settings, load_settings
from app.standin.application import listen
from app.standin.state import State
from tests.standin.client import Client

T = TypeVar("T")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"PUBLIC_URL": "http://127.0.0.1:5000", "TWITTER_STANDIN": "1"}, tmp_path)


@pytest.fixture
def now() -> list[float]:
    """The stand-in's clock, as a list of one so that a test can move it."""
    return [1_800_000_000.0]


@pytest.fixture
def state(settings: Settings, now: list[float]) -> State:
    return State(settings, clock=lambda: now[0])


@pytest.fixture
async def client(state: State) -> AsyncIterator[Client]:
    server, port = listen(state, 0)
    yield Client(state, f"http://127.0.0.1:{port}")
    server.stop()
    await server.close_all_connections()

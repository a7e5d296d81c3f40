"""One server for all tests of the API, and for each a room of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.api import Program, private_room
from tests.support.door import Door, running

LIMITS = ("LIMIT_CONNECT_PER_MINUTE", "LIMIT_SENDS_PER_10_SECONDS", "LIMIT_COMMANDS_PER_10_SECONDS")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with running(tmp_path_factory.mktemp("api"), dict.fromkeys(LIMITS, "100000")) as door:
        yield door


@pytest_asyncio.fixture(loop_scope="package")
async def ada(door: Door) -> Program:
    return Program(door, door.bearer, await private_room(door, "ada"))

"""A real server, and people with tokens of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clients.site import Site, running_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running_site(tmp_path) as running:
        yield running

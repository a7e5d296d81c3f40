from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.sign_in import Browser, Roost, running_roost


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


@pytest.fixture
async def ada(roost: Roost) -> Browser:
    browser = roost.browser()
    await browser.sign_in()
    return browser

"""A window of the reader, at a real server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clients.desktop.display import show_windows, what_is_missing
from tests.clients.desktop.reader import Reader, reading
from tests.clients.site import Site


@pytest.fixture
def display(display: str | None) -> str:
    """Without one, nothing of these tests can be done."""
    if display is None:
        pytest.skip(str(what_is_missing()))
    return display


@pytest.fixture
async def reader(site: Site, display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reader]:
    show_windows(display, monkeypatch)
    async with reading(site, tmp_path) as there:
        yield there

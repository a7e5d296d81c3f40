"""A window of the reader, at a real server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.clients.desktop.display import running_display, what_is_missing
from tests.clients.desktop.reader import Reader, reading
from tests.clients.site import Site


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    missing = what_is_missing()
    if missing is not None:
        pytest.skip(missing)
    with running_display() as name:
        yield name


@pytest.fixture
async def reader(site: Site, display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reader]:
    monkeypatch.setenv("DISPLAY", display)
    # On a busy machine the good-bye takes longer than anybody would wait for it.
    monkeypatch.setattr("clients.desktop.conversation.GOOD_BYE", 5.0)
    monkeypatch.setattr("clients.desktop.loop.PATIENCE", 20.0)
    async with reading(site, tmp_path) as there:
        yield there

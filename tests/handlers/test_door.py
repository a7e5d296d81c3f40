"""The sign-in page, when many come at once."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.handlers.base import BaseHandler
from tests.support.sign_in import Roost, running_roost


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path) as running:
        yield running


async def test_it_is_drawn_once_for_all_who_see_the_same(roost: Roost, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Counter[str]()
    draw = BaseHandler.rendered

    def count(handler: BaseHandler, template: str, **names: Any) -> bytes:
        drawn[template] += 1
        return draw(handler, template, **names)

    monkeypatch.setattr(BaseHandler, "rendered", count)
    monkeypatch.setattr(roost.application.doors, "_seconds", 3_600.0)
    first, second = [(await roost.browser().open("/")).body for _ in range(2)]
    assert first == second
    assert drawn == {"index.html": 1}
    assert (await roost.browser().open("/?notice=cancelled")).body != first
    assert (await roost.browser().open("/", headers={"Accept-Language": "ru"})).body != first
    assert drawn == {"index.html": 3}

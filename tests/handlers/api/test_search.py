"""/api/v1/search."""

import pytest

from tests.support.api import Program
from tests.support.door import Door
from tests.support.house import new_nonce
from tests.support.waiting import until


async def test_messages_are_found_page_by_page_the_newest_first(door: Door, ada: Program) -> None:
    word = "w" + new_nonce().lower().replace("-", "x").replace("_", "x")
    indexed = door.server.application.services.metrics.messages_indexed
    for number in range(1, 4):
        await ada.post(f"{word} {number}")
    metrics = door.server.application.services.metrics
    await until(lambda: metrics.messages_indexed >= indexed + 3)  # what was posted is found a moment later
    seen, path = [], f"/search?q={word}&limit=2"
    while path:
        page = (await ada.ask("GET", path)).body
        seen += [(hit["room"], hit["message"]["number"]) for hit in page["hits"]]
        path = page.get("next")
    assert seen == [(ada.room, 3), (ada.room, 2), (ada.room, 1)]


async def test_filters_that_were_understood_are_named(ada: Program) -> None:
    found = (await ada.ask("GET", "/search?q=from:ada+hello")).body
    assert [chip["text"] for chip in found["chips"]] == ["from:ada"]


@pytest.mark.parametrize("query", ["", "?q=a&cursor=0", "?q=a&limit=51", "?q=before:tomorrow", "?q=%00", "?q=a&x=1"])
async def test_what_cannot_be_looked_for_is_refused(ada: Program, query: str) -> None:
    assert (await ada.ask("GET", f"/search{query}")).status == 400

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.door import Door, running

TOKEN = "a-token-of-the-operators"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"METRICS_TOKEN": TOKEN}) as door:
        yield door


async def ask(door: Door, authorization: str) -> tuple[int, str]:
    return await door.ask("GET /metrics HTTP/1.1", {"Host": "127.0.0.1", "Authorization": authorization})


async def test_who_holds_the_token_gets_the_figures(door: Door) -> None:
    head, body = await door.get("/metrics", {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}"})
    assert "Content-Type: text/plain; version=1.0.0; charset=utf-8" in head
    assert "Cache-Control: no-store" in head
    assert "roost_sign_ins_total 1.0" in body.splitlines()
    assert "roost_database_up 1.0" in body.splitlines()


@pytest.mark.parametrize("authorization", ["", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "Bearer \u00fc", TOKEN])
async def test_for_everybody_else_there_is_nothing(door: Door, authorization: str) -> None:
    status, head = await ask(door, authorization)
    nowhere, _ = await door.ask("GET /nowhere HTTP/1.1", {"Host": "127.0.0.1"})
    assert (status, nowhere) == (404, 404)
    assert "roost_" not in head


async def test_without_a_token_nobody_gets_in(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as door:
        for authorization in ("", "Bearer", "Bearer "):
            assert (await ask(door, authorization))[0] == 404


async def test_a_person_signed_in_is_nobody_here(door: Door) -> None:
    status, _ = await door.ask("GET /metrics HTTP/1.1", {"Host": "127.0.0.1", **door.signed_in})
    assert status == 404

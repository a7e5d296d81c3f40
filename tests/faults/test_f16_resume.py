"""F16: coming back from anywhere, with anything (DELIVERY D7)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.faults.client import Client, Event
from tests.faults.community import Community
from tests.faults.conftest import Engine, Figure
from tests.faults.load import Load
from tests.faults.server import Peak, ServerProcess

pytestmark = pytest.mark.parametrize("engine", [pytest.param("sqlite", marks=pytest.mark.short), "redis"])

FULL = 100_500
"""Messages of the full room."""
MOST_CHANGES = 1_000
MOST_AT_ONCE = 200
NEWEST = 50
MEMORY = 5 * 1024 * 1024


@pytest.fixture
def community(community: Community) -> Community:
    """Its last room is full, and there is a private one that nobody is in."""
    room, author = community.rooms[-1], community.people[0].id
    ((seq,),) = community.ask(f"SELECT seq FROM rooms WHERE id = {room}")  # noqa: S608
    community.ask(
        f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {FULL})"  # noqa: S608
        " INSERT INTO messages (room_id, number, seq, author_id, nonce, kind, text, html, at)"
        f" SELECT {room}, n, {seq} + n, {author}, CAST({10**15} + n AS TEXT), 'msg', 'text', 'text', n FROM counted"
    )
    community.ask(f"UPDATE rooms SET last_number = {FULL}, seq = {seq + FULL} WHERE id = {room}")  # noqa: S608
    community.ask(
        "INSERT INTO rooms (slug, name, topic, kind, last_number, seq, last_at, created_at, members)"
        " VALUES ('cellar', 'cellar', '', 'private', 0, 0, 0, 0, 0)"
    )
    return community


@pytest.fixture
async def client(community: Community, server: ServerProcess) -> AsyncIterator[Client]:
    load = Load(community, server.address)
    client = load.add(community.rooms[:1])
    async with load.running():
        yield client


async def open_room(client: Client, room: int, **known: Any) -> Event:
    return await client.ask({"type": "room.open", "room": room, **known})


def numbers(answer: Event) -> list[int]:
    return [message["number"] for message in answer.get("messages", ())]


async def test_each_way_of_coming_back_has_its_answer(
    community: Community, client: Client, server: ServerProcess, figure: Figure, engine: Engine
) -> None:
    room, epoch = community.rooms[-1], client.epoch
    newest = list(range(FULL - NEWEST + 1, FULL + 1))
    first = await open_room(client, room)
    head = first["room"]["seq"]
    assert (first["reset"], numbers(first)) == (True, newest)

    for gap in (0, 1, 999, MOST_CHANGES):
        parts = await client.ask_all({"type": "room.open", "room": room, "epoch": epoch, "since": head - gap})
        assert not any(part.get("reset") for part in parts)
        assert [number for part in parts for number in numbers(part)] == list(range(FULL - gap + 1, FULL + 1))
        assert max(len(numbers(part)) for part in parts) <= MOST_AT_ONCE

    held = server.rss
    async with Peak(lambda: server.rss) as peak:
        for since in (head - MOST_CHANGES - 1, head - 100_000, 0, head + 1, 2**53 - 1):
            answer = await open_room(client, room, epoch=epoch, since=since)
            assert (answer["reset"], numbers(answer)) == (True, newest), f"since {since}"
        await asyncio.sleep(0.2)
    for since in (-1, 2**63):
        answer = await open_room(client, room, epoch=epoch, since=since)
        assert answer["error"]["code"] == "bad_command", f"since {since}"
    for known in ({"epoch": "another", "since": head}, {"since": head}):
        answer = await open_room(client, room, **known)
        assert (answer["reset"], numbers(answer)) == (True, newest), known
    figure(
        f"F16  {engine}: every answer right; memory + {(peak.value - held) / 2**20:.1f} MiB for what is 100,000 behind"
    )
    assert peak.value - held <= MEMORY


async def test_a_young_room_is_given_whole_to_who_comes_from_0(client: Client, community: Community) -> None:
    room = community.rooms[1]
    for number in range(40):
        await client.ask({"type": "message.send", "room": room, "nonce": f"young-{number:016}", "text": "hello"})
    answer = await open_room(client, room, epoch=client.epoch, since=0)
    assert not answer.get("reset")
    assert numbers(answer) == list(range(1, 41))


async def test_a_room_one_is_not_in_looks_like_one_that_is_not_there(client: Client, community: Community) -> None:
    ((cellar,),) = community.ask("SELECT id FROM rooms WHERE slug = 'cellar'")
    forbidden, absent = await open_room(client, cellar), await open_room(client, cellar + 1)
    assert forbidden["error"] == absent["error"]
    assert forbidden["error"]["code"] == "not_found"

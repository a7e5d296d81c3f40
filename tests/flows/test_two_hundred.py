"""Two hundred people over real sockets: stored once each, heard by every member in one order, nothing twice."""

import asyncio
import gc
import itertools
import json
import secrets
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from app.chat import accounts, rooms
from app.management.commands import with_services
from app.server import Server
from app.services import Services
from app.settings import Settings, load_settings
from app.storage.log import MessageLog
from tests.support.waiting import until

PEOPLE = 200
ROOMS = 8
ROOMS_EACH = 2
MESSAGES_EACH = 15
UNDER_WAY = 8
"""Sends of one person that wait for their answer at once."""

QUIET = ROOMS + 1
"""Id of a room in which only the second test writes."""

LIMITS = dict.fromkeys(
    (
        "LIMIT_SENDS_PER_10_SECONDS",
        "LIMIT_CONNECT_PER_MINUTE",
        "LIMIT_CONNECTIONS_PER_10_SECONDS",
        "LIMIT_REPEATS_PER_12_HOURS",
    ),
    "1000000",
)


class Member:
    """A client that opens rooms, sends, and writes down every message in the order in which it came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.rooms: list[int] = []
        self.heard: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self._socket = socket
        self._refs = itertools.count()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, **command: Any) -> dict[str, Any]:
        ref = next(self._refs)
        self._answers[ref] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({**command, "ref": ref}))
        return await self._answers[ref]

    async def send(self, room: int, text: str) -> dict[str, Any]:
        return await self.ask(type="message.send", room=room, nonce=secrets.token_urlsafe(16), text=text)

    async def open(self, room: int) -> None:
        assert (await self.ask(type="room.open", room=room))["type"] == "opened"

    async def leave(self) -> None:
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        async for body in self._socket:
            event = json.loads(body)
            if event["type"] == "message.posted":
                self.heard[event["room"]].append(event["message"])
            elif "ref" in event:
                self._answers.pop(event["ref"]).set_result(event)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("two-hundred")
    return load_settings({"DATABASE_URL": f"sqlite:///{folder}/roost.db", **LIMITS}, folder)


@pytest.fixture(scope="module")
def tokens(settings: Settings) -> list[str]:
    """Of the people; they are in all rooms."""

    async def fill(services: Services) -> list[str]:
        for number in range(1, ROOMS + 1):
            await rooms.add(services, f"room-{number}")
        return [await accounts.add_token(services, f"person{number}", "a test") for number in range(PEOPLE)]

    return with_services(settings, fill)


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    server = Server(msgspec.structs.replace(settings, port=0))
    thresholds = gc.get_threshold()
    await server.start()
    yield server
    await server.stop()
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@asynccontextmanager
async def all_here(server: Server, tokens: list[str]) -> AsyncIterator[list[Member]]:
    async with AsyncExitStack() as stack:

        async def come(token: str) -> Member:
            headers = {"Authorization": f"Bearer {token}"}
            address = f"ws://127.0.0.1:{server.port}/ws"
            socket = await connect(address, additional_headers=headers, compression=None, open_timeout=30)
            member = Member(socket)
            stack.push_async_callback(member.leave)
            return member

        yield await asyncio.gather(*map(come, tokens))


def log_of(server: Server) -> MessageLog:
    return server.application.services.store.log


async def talk(member: Member, name: int) -> list[dict[str, Any]]:
    """Send one's messages, a few at once; the answers."""
    slots = asyncio.Semaphore(UNDER_WAY)

    async def send(number: int) -> dict[str, Any]:
        async with slots:
            return await member.send(member.rooms[number % ROOMS_EACH], f"{name}:{number}")

    return list(await asyncio.gather(*[send(number) for number in range(MESSAGES_EACH)]))


async def test_two_hundred_people_hear_every_message_once_and_in_one_order(
    server: Server, tokens: list[str], settings: Settings
) -> None:
    async with all_here(server, tokens) as members:
        for name, member in enumerate(members):
            member.rooms = [1 + (name + step) % ROOMS for step in range(ROOMS_EACH)]
        await asyncio.gather(*[member.open(room) for member in members for room in member.rooms])
        begun = time.monotonic()
        talks = await asyncio.gather(*[talk(member, name) for name, member in enumerate(members)])
        answers = list(itertools.chain.from_iterable(talks))
        took = time.monotonic() - begun
        stored = messages_in(settings)
        await until(lambda: all(len(each.heard[room]) >= len(stored[room]) for each in members for room in each.rooms))

    count = PEOPLE * MESSAGES_EACH
    assert [answer["type"] for answer in answers] == ["sent"] * count
    assert not any(answer.get("dup") for answer in answers)
    assert sum(map(len, stored.values())) == count
    for room, rows in stored.items():
        assert [number for number, _, _, _ in rows] == list(range(1, len(rows) + 1))
        assert len({nonce for _, _, nonce, _ in rows}) == len(rows)
        for member in members:
            heard = [(each["number"], each["seq"], each["nonce"], each["text"]) for each in member.heard[room]]
            assert heard == (rows if room in member.rooms else [])
    acked = {(answer["room"], answer["message"]["number"], answer["message"]["nonce"]) for answer in answers}
    assert acked == {(room, number, nonce) for room, rows in stored.items() for number, _, nonce, _ in rows}
    assert server.application.services.metrics.gaps_filled == 0
    deliveries = sum(len(each) for member in members for each in member.heard.values())
    log = log_of(server)
    say(
        f"{count} messages in {took:.1f} s, {deliveries} deliveries; {log.commits} commits, "
        f"{count / log.commits:.0f} sends each"
    )


def messages_in(settings: Settings) -> dict[int, list[tuple[int, int, str, str]]]:
    """By room: (number, seq, nonce, text) in order, read without the server's code."""
    found = defaultdict(list)
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        for room, *row in connection.execute("SELECT room_id, number, seq, nonce, text FROM messages ORDER BY number"):
            found[room].append(tuple(row))
    return found


async def test_two_hundred_sends_at_once_share_commits_and_a_lone_one_takes_one(
    server: Server, tokens: list[str]
) -> None:
    async with all_here(server, tokens) as members:
        log = log_of(server)
        begun = time.monotonic()
        await members[0].send(QUIET, "alone")
        lone = time.monotonic() - begun
        assert log.commits == 1
        before = log.commits
        answers = await asyncio.gather(*[member.send(QUIET, "together") for member in members])
        shared = log.commits - before
        assert {answer["type"] for answer in answers} == {"sent"}
        assert sorted(answer["message"]["number"] for answer in answers) == list(range(2, PEOPLE + 2))
        assert shared <= PEOPLE / 4
        await members[1].send(QUIET, "alone again")
        assert log.commits == before + shared + 1
        say(f"{PEOPLE} sends at once in {shared} commits; a lone send answered in {1000 * lone:.1f} ms, one commit")


def say(figures: str) -> None:
    """Seen with `pytest -s`."""
    print(f"\n{figures}")  # noqa: T201

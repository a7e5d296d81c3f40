"""Every command by every role over real sockets: WebSocket, stream and POST, in a browser and by a program's token, and
TCP by that."""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import msgspec
import pytest
from websockets.asyncio.client import connect

from app.models import Role
from app.protocol.commands import Command, OpenRoom
from app.realtime.commands import COMMANDS
from app.services import Services
from app.storage import rooms, users
from tests.support.door import Door, running
from tests.support.doors import command_in
from tests.support.gateway import Program, auth, frame
from tests.support.standing import NOT_BY_POST, PLACES, ROLES, give_role, put, refusal_in, right_of

EASY = {
    "GATEWAY_PORT": "1",
    "LIMIT_CONNECT_PER_MINUTE": "10000",
    "LIMIT_CONNECTIONS_PER_10_SECONDS": "100000",
    "LIMIT_SENDS_PER_10_SECONDS": "10000",
    "LIMIT_COMMANDS_PER_10_SECONDS": "100000",
    "LIMIT_REPEATS_PER_12_HOURS": "10000",
}

Ask = Callable[[Command], Awaitable[str | None]]


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, EASY) as door:
        yield door


@pytest.fixture
def services(door: Door) -> Services:
    return door.server.application.services


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_program", [False, True], ids=["browser", "program"])
async def test_each_command_is_granted_or_refused_by_its_row(
    door: Door, services: Services, role: Role, is_program: bool
) -> None:
    ada = await services.store.read(users.by_id, 1)
    assert ada is not None
    await give_role(services, ada.id, role)
    ada = msgspec.structs.replace(ada, role=role)
    headers = {"Authorization": f"Bearer {door.bearer}"} if is_program else door.signed_in
    by_post = posting(door, headers if is_program else headers | await token_of_page(door))
    async with AsyncExitStack() as open_ones:
        ways = [by_post, await open_ones.enter_async_context(socket(door, headers))]
        if is_program:
            ways.append(await open_ones.enter_async_context(tcp(door)))
        for place in PLACES:
            room = 0
            for ask in ways:
                room = await private_room(services)
                for kind in COMMANDS:
                    if ask is not by_post or kind not in NOT_BY_POST:
                        await put(services, ada.id, room, place)
                        services.limits.give_back(f"report:{ada.id}")  # fewer are taken in an hour than are made here
                        right = right_of(kind, role, place, fresh=not is_program)
                        assert await ask(command_in(kind, room, ada)) == right, (kind, place)
            await put(services, ada.id, room, place)
            assert await streamed(door, headers, room) == right_of(OpenRoom, role, place)


async def private_room(services: Services) -> int:
    """Nobody is in it."""
    slug = f"attic-{secrets.token_hex(4)}"
    return (await services.store.write(rooms.add, slug, slug, "", "private", services.clock.now())).id


@asynccontextmanager
async def socket(door: Door, headers: dict[str, str]) -> AsyncIterator[Ask]:
    """Of another implementation's client, which asks one thing after the other."""
    address = f"ws://127.0.0.1:{door.server.port}/ws"
    async with connect(address, additional_headers=headers, proxy=None) as client:

        async def ask(command: Command) -> str | None:
            await client.send(msgspec.json.encode(command).decode())
            while "ref" not in msgspec.json.decode(answer := await client.recv(decode=False)):
                pass
            return refusal_in(answer)

        yield ask


@asynccontextmanager
async def tcp(door: Door) -> AsyncIterator[Ask]:
    assert door.server.gateway_port
    async with Program(door.server.gateway_port) as program:
        program.send(auth(door.bearer))
        await program.hears("session.started")

        async def ask(command: Command) -> str | None:
            program.send(frame(msgspec.to_builtins(command)))
            while "ref" not in (answer := await program.event()):
                pass
            return refusal_in(msgspec.json.encode(answer))

        yield ask


def posting(door: Door, headers: dict[str, str]) -> Ask:
    async def ask(command: Command) -> str | None:
        _, _, answer = await door.post(msgspec.json.encode(command), headers)
        return refusal_in(answer)

    return ask


async def streamed(door: Door, headers: dict[str, str], room: int) -> str | None:
    """How a stream answers that is to begin in the room."""
    source = await door.listen(f"room={room}", {"Host": "127.0.0.1"} | headers)
    while True:
        for _, data in await source.events():
            if "ref" in msgspec.json.decode(data):
                source.leave()
                return refusal_in(data.encode())


async def token_of_page(door: Door) -> dict[str, str]:
    """What our page adds to each POST."""
    head, body = await door.get("/chat/general", {"Host": "127.0.0.1:5000", "Cookie": door.cookie})
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', body)
    assert boot is not None
    cookie = SimpleCookie(re.findall(r"(?i)set-cookie: (.*)", head)[0])["xsrf"].value
    return {"Cookie": f"{door.cookie}; xsrf={cookie}", "X-Xsrftoken": msgspec.json.decode(boot[1])["xsrf"]}

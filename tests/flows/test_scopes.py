"""Every command by a token of each scope over real sockets: WebSocket, stream, POST and TCP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from app.chat import accounts, threads
from app.chat.rights import RULES, SCOPE_RANKS
from app.models import SCOPES, Scope
from app.protocol import commands
from app.protocol.commands import Command
from app.realtime.commands import COMMANDS
from app.services import Services
from app.storage import users
from tests.flows.test_rights import EASY, Ask, posting, private_room, socket, streamed
from tests.support.door import Door, running
from tests.support.doors import command_in
from tests.support.gateway import Program, auth
from tests.support.house import new_nonce
from tests.support.standing import NOT_BY_POST, give_role, put, refusal_in

REFUSED = "insufficient_scope"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, EASY | {"GATEWAY_PORT": "1"}) as door:
        yield door


@pytest.fixture
async def services(door: Door) -> Services:
    """Where ada may all."""
    services = door.server.application.services
    await give_role(services, 1, "owner")
    return services


def test_every_command_names_a_scope() -> None:
    """Its right does."""
    assert [kind for kind, (action, _) in COMMANDS.items() if RULES[action].scope is None] == []


@pytest.mark.parametrize("scope", SCOPES)
async def test_each_command_is_refused_to_a_token_whose_scope_is_not_for_it_and_to_no_other(
    door: Door, services: Services, scope: Scope
) -> None:
    bearer = await accounts.add_token(services, "ada", "robot", scope)
    headers = {"Authorization": f"Bearer {bearer}"}
    ada = await services.store.read(users.by_id, 1)
    assert ada is not None
    async with AsyncExitStack() as stack:
        by_socket = await stack.enter_async_context(socket(door, headers))
        by_tcp = await stack.enter_async_context(gateway(door, bearer))
        for ask in (by_socket, by_tcp, by_post := posting(door, headers)):
            room = await private_room(services)
            for kind, (action, _) in COMMANDS.items():
                if ask is not by_post or kind not in NOT_BY_POST:
                    await put(services, ada.id, room, "moderator")
                    wanted = RULES[action].scope
                    assert wanted is not None
                    refused = await ask(command_in(kind, room, ada)) == REFUSED
                    assert refused is (SCOPE_RANKS[scope] < SCOPE_RANKS[wanted]), kind
    room = await private_room(services)
    await put(services, ada.id, room, "moderator")
    assert await streamed(door, headers, room) is None, "whoever comes in may read"


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("write", 200), ("manage", 200)])
async def test_a_file_is_taken_from_no_token_to_read(door: Door, services: Services, scope: Scope, status: int) -> None:
    room = await private_room(services)
    await put(services, 1, room, "moderator")
    headers = {
        "Host": "127.0.0.1",
        "Authorization": f"Bearer {await accounts.add_token(services, 'ada', 'robot', scope)}",
        "Content-Length": "1",
        "Idempotency-Key": new_nonce(),
        "X-File-Name": "a.txt",
    }
    head, body = await door._whole(f"POST /files?room={room} HTTP/1.1", headers, b"a")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert (REFUSED.encode() in body) is (status == 403)


@asynccontextmanager
async def gateway(door: Door, bearer: str) -> AsyncIterator[Ask]:
    assert door.server.gateway_port
    async with Program(door.server.gateway_port) as program:
        program.send(auth(bearer))
        await program.hears("session.started")

        async def ask(command: Command) -> str | None:
            program.say(**msgspec.json.decode(msgspec.json.encode(command)))
            while "ref" not in (event := await program.event()):
                pass
            return refusal_in(msgspec.json.encode(event))

        yield ask


async def test_a_token_to_read_opens_threads_and_begins_none(door: Door, services: Services) -> None:
    bearer = await accounts.add_token(services, "ada", "robot", "read")
    visitor = await accounts.resume_bearer(services, bearer)
    assert visitor is not None
    room = await private_room(services)
    await put(services, 1, room, "moderator")
    ada = msgspec.structs.replace(visitor, scope=None)
    async with socket(door, {"Authorization": f"Bearer {door.bearer}"}) as by_all:
        assert await by_all(command_in(commands.SendMessage, room, ada.user)) is None
    opening = commands.OpenThread(ref=0, room=room, number=1)
    async with socket(door, {"Authorization": f"Bearer {bearer}"}) as by_robot:
        assert await by_robot(opening) == REFUSED
        await threads.open_thread(services, ada, room, 1)
        assert await by_robot(opening) is None

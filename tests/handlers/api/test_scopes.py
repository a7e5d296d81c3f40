"""Every operation of the API with a token of each scope: as the table of rights says."""

import pytest

from app.chat import accounts
from app.chat.rights import RULES, SCOPE_RANKS
from app.handlers.api.base import Method, Operation
from app.handlers.api.routes import ADDRESSES
from app.models import SCOPES, Scope
from app.protocol import api
from tests.handlers.api.test_base import GIVEN, with_ids
from tests.support.api import Program, program_of
from tests.support.door import Door
from tests.support.house import new_nonce

OPERATIONS = [(each.path, *one) for each in ADDRESSES for one in each.operations.items()]
BODIES = GIVEN | {api.NewRoom: {"name": "", "kind": "public"}, "bytes": b"a"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[f"{method} {path}" for path, method, _ in OPERATIONS]
)
async def test_each_is_refused_to_a_token_whose_scope_is_not_for_it_and_to_no_other(
    door: Door, ada: Program, scope: Scope, path: str, method: Method, operation: Operation
) -> None:
    wanted = RULES[operation.action].scope
    assert wanted, "every operation has a scope"
    robot = await program_of(door, "robot", ada.room, scope)
    query = {"/search": "?q=a", "/files": "?room=ROOM"}.get(path, "")
    path = with_ids(path).replace("{room}", "ROOM") + query
    answer = await robot.ask(method, path, BODIES[operation.body], Idempotency_Key=new_nonce())
    refused = (answer.body or {}).get("code") == "insufficient_scope"
    assert refused is (SCOPE_RANKS[scope] < SCOPE_RANKS[wanted]), answer
    if refused:
        assert answer.status == 403
        assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{wanted}"'
        assert wanted in answer.body["detail"]


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_token_knows_its_scope(door: Door, ada: Program, scope: Scope) -> None:
    robot = await program_of(door, "robot", ada.room, scope)
    assert (await robot.ask("GET", "/me")).body["scope"] == scope


async def test_a_moderator_s_token_to_write_takes_away_nothing_of_others(door: Door, ada: Program) -> None:
    carl = await program_of(door, "carl", ada.room)
    await carl.post()
    services = door.server.application.services
    writer = Program(door, await accounts.add_token(services, "ada", "a bot", "write"), ada.room)
    await writer.post()
    path = "/rooms/ROOM/messages/"
    answer = await writer.ask("DELETE", f"{path}1?reason=spam")
    assert (answer.status, answer.body["code"]) == (403, "insufficient_scope")
    assert (await writer.ask("DELETE", f"{path}2")).status == 204
    assert (await ada.ask("DELETE", f"{path}1?reason=spam")).status == 204

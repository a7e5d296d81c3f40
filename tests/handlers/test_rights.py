"""Every address by every role, with a session, with a program's token and with neither: as the table of rights says."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from app.chat.rights import RANKS, RULES
from app.handlers.api.base import ApiHandler
from app.handlers.live import LiveHandler
from app.models import Role
from tests.support.door import HANDSHAKE, Door, running
from tests.support.doors import ADDRESSES, RIGHTS, path_of

ROLES: tuple[Role, ...] = get_args(Role)
REFUSED = {401, 403}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path, {"LIMIT_CONNECT_PER_MINUTE": "1000"}) as door:
        yield door


def test_every_address_names_a_right_that_has_its_row() -> None:
    assert {action for _, _, action in RIGHTS} <= set(RULES)


def test_every_address_for_programs_names_a_scope_but_those_for_anybody() -> None:
    """Its right does."""
    asked = [action for pattern, _, action in RIGHTS if issubclass(ADDRESSES[pattern], LiveHandler)]
    assert [action for action in asked if (RULES[action].scope is None) != (RULES[action].community == "anybody")] == []


async def test_who_is_not_signed_in_gets_what_is_for_anybody(door: Door) -> None:
    for pattern, handler in ADDRESSES.items():
        open_to_all = RULES[handler.action].community == "anybody"
        assert await is_let_in(door, pattern, {}) is open_to_all, pattern


async def test_a_program_s_token_opens_the_live_ways_and_what_is_for_anybody(door: Door) -> None:
    for pattern, handler in ADDRESSES.items():
        opens = RULES[handler.action].community == "anybody" or issubclass(handler, LiveHandler)
        assert await is_let_in(door, pattern, {"Authorization": f"Bearer {door.bearer}"}) is opens, pattern


@pytest.mark.parametrize("role", ROLES)
async def test_who_is_signed_in_gets_what_their_role_may(door: Door, role: Role) -> None:
    await door.server.application.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE users SET role = ?", (role,))
    )
    for pattern, handler in ADDRESSES.items():
        may = RANKS[role] >= RANKS[RULES[handler.action].community]
        by_cookie = may and not (issubclass(handler, ApiHandler) and RULES[handler.action].community != "anybody")
        assert await is_let_in(door, pattern, door.signed_in) is by_cookie, pattern
        if issubclass(handler, LiveHandler):
            assert await is_let_in(door, pattern, {"Authorization": f"Bearer {door.bearer}"}) is may, pattern


async def is_let_in(door: Door, pattern: str, headers: dict[str, str]) -> bool:
    """Whatever comes of it then: a page, or that it takes no GET."""
    status, head = await door.ask(f"GET {path_of(pattern)} HTTP/1.1", HANDSHAKE | headers)
    return status not in REFUSED and "Location: /login" not in head

"""Every command by every role, in a room and outside, over a connection and by POST: as the table of rights says."""

from typing import get_args

import msgspec
import pytest

from app.chat.access import FRESH
from app.chat.rights import RANKS, ROOM_RANKS, RULES, Rule
from app.models import Role, RoomRole, Visitor
from app.protocol import commands, events
from app.realtime.commands import COMMANDS
from app.realtime.exchange import EXCHANGED, Exchange
from tests.support.doors import command_in
from tests.support.house import House

ROLES: tuple[Role, ...] = get_args(Role)
PLACES: tuple[RoomRole | None, ...] = (None, *get_args(RoomRole))
ON_OTHERS = {commands.MuteMember, commands.UnmuteMember, commands.BanMember}
NOT_BY_POST = {kind for kind, (action, _) in EXCHANGED.items() if action != COMMANDS[kind][0]}


def test_every_command_names_a_right_that_has_its_row() -> None:
    assert {action for action, _ in [*COMMANDS.values(), *EXCHANGED.values()]} <= set(RULES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "outside")
async def test_each_command_is_granted_or_refused_by_its_row(
    house: House, ana: Visitor, role: Role, place: RoomRole | None
) -> None:
    who, room = await give(house, ana, role), (await house.private_room()).id
    for kind, (action, _) in COMMANDS.items():
        right = expected(RULES[action], role, place)
        if kind is commands.JoinRoom and place is None:
            right = "not_found"  # the room is private
        if kind in {commands.AnswerWaiting, commands.UndoAct, commands.ReportMessage}:
            right = right or "not_found"  # nobody waits, nothing was done or said
        if kind in ON_OTHERS:
            right = "forbidden"  # the person is oneself
        await put(house, who, room, place)
        client = await house.connect(who)
        answer = await client.ask(command_in(kind, room, who.user))
        assert refused(answer) == right, kind
        client.leave()
        if kind not in NOT_BY_POST:
            await put(house, who, room, place)
            body = msgspec.json.encode(command_in(kind, room, who.user))
            answer = await Exchange(house.services, who).answer(body)
            assert refused(answer) == right, kind


async def test_what_takes_a_fresh_sign_in_is_refused_to_an_old_one_and_to_programs(house: House, ana: Visitor) -> None:
    who, room = await give(house, ana, "owner"), (await house.private_room()).id
    program = msgspec.structs.replace(who, session_id=None, token_id=1, signed_in_at=None)
    for age, visitor in ((FRESH, who), (FRESH + 1000, who), (0, program)):
        house.clock.advance(age / 1000)
        is_late = age > FRESH or visitor is program
        for kind, (action, _) in COMMANDS.items():
            late = RULES[action].fresh and is_late
            await put(house, who, room, "moderator")
            client = await house.connect(visitor)
            assert asks_again(await client.ask(command_in(kind, room, who.user))) is late, kind
            client.leave()
            await put(house, who, room, "moderator")
            body = msgspec.json.encode(command_in(kind, room, who.user))
            assert asks_again(await Exchange(house.services, visitor).answer(body)) is late, kind
        house.clock.advance(-age / 1000)


async def give(house: House, ana: Visitor, role: Role) -> Visitor:
    await execute(house, "UPDATE users SET role = ? WHERE id = ?", role, ana.user.id)
    return msgspec.structs.replace(ana, user=msgspec.structs.replace(ana.user, role=role))


async def put(house: House, who: Visitor, room: int, place: RoomRole | None) -> None:
    """Into the room, or out of it, whatever the command before did."""
    await execute(house, "DELETE FROM memberships WHERE room_id = ?", room)
    if place is not None:
        insert = (
            "INSERT INTO memberships (room_id, user_id, read_number, seq, joined_at, role) VALUES (?, ?, 0, 1, 0, ?)"
        )
        await execute(house, insert, room, who.user.id, place)
    await execute(house, "UPDATE rooms SET members = ? WHERE id = ?", int(place is not None), room)
    house.services.cache.clear()


def refused(answer: events.Event) -> str | None:
    """`forbidden`, `not_found`, or None for an answer of any other kind."""
    code = answer.error.code if isinstance(answer, events.Failed) else None
    return code if code in {"forbidden", "not_found", "not_signed_in", "sign_in_again"} else None


def asks_again(answer: events.Event) -> bool:
    """Whether it takes a fresh sign-in."""
    return refused(answer) == "sign_in_again"


def expected(rule: Rule, role: Role, place: RoomRole | None) -> str | None:
    if RANKS[role] < RANKS[rule.community]:
        return "forbidden"
    moderates = role != "member" and place is not None
    standing = 0 if place is None else ROOM_RANKS["moderator" if moderates else place]
    return "not_found" if rule.room is not None and standing < ROOM_RANKS[rule.room] else None


async def execute(house: House, statement: str, *values: str | int) -> None:
    await house.services.store.write(lambda connection: connection.exec_driver_sql(statement, values))

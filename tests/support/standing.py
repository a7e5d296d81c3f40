"""Who somebody is, in the community and in a room, and what the table of rights makes of that."""

from typing import get_args

import msgspec

from app.chat.rights import RANKS, ROOM_RANKS, RULES, Rule
from app.models import Role, RoomRole
from app.protocol import commands, events
from app.protocol.commands import Command
from app.realtime.commands import COMMANDS
from app.realtime.exchange import EXCHANGED
from app.services import Services

ROLES: tuple[Role, ...] = get_args(Role)
PLACES: tuple[RoomRole | None, ...] = (None, *get_args(RoomRole))
NOT_BY_POST = {kind for kind, (action, _) in EXCHANGED.items() if action != COMMANDS[kind][0]}
ON_OTHERS = {commands.MuteMember, commands.UnmuteMember, commands.BanMember}
OF_WHAT_IS_NOT_THERE = {commands.AnswerWaiting, commands.UndoAct, commands.ReportMessage}
REFUSALS = {"forbidden", "not_found", "not_signed_in", "sign_in_again", "insufficient_scope"}


async def give_role(services: Services, user_id: int, role: Role) -> None:
    await execute(services, "UPDATE users SET role = ? WHERE id = ?", role, user_id)


async def put(services: Services, user_id: int, room: int, place: RoomRole | None) -> None:
    """Into the room, or out of it, whatever the command before did."""
    await execute(services, "DELETE FROM memberships WHERE room_id = ?", room)
    if place is not None:
        insert = (
            "INSERT INTO memberships (room_id, user_id, read_number, seq, joined_at, role) VALUES (?, ?, 0, 1, 0, ?)"
        )
        await execute(services, insert, room, user_id, place)
    await execute(services, "UPDATE rooms SET members = ? WHERE id = ?", int(place is not None), room)
    services.cache.clear()


async def execute(services: Services, statement: str, *values: str | int) -> None:
    await services.store.write(lambda connection: connection.exec_driver_sql(statement, values))


def right_of(kind: type[Command], role: Role, place: RoomRole | None, *, fresh: bool = True) -> str | None:
    """How a command of `command_in` about oneself, in a private room, is refused; None: it is not. Without a `fresh`
    sign-in somebody is a program, or came long ago."""
    rule = RULES[COMMANDS[kind][0]]
    if RANKS[role] >= RANKS[rule.community] and rule.fresh and not fresh:
        return "sign_in_again"
    if kind in ON_OTHERS:
        return "forbidden"
    if kind in OF_WHAT_IS_NOT_THERE or (kind is commands.JoinRoom and place is None):
        return by_table(rule, role, place) or "not_found"
    return by_table(rule, role, place)


def by_table(rule: Rule, role: Role, place: RoomRole | None) -> str | None:
    if RANKS[role] < RANKS[rule.community]:
        return "forbidden"
    moderates = role != "member" and place is not None
    standing = 0 if place is None else ROOM_RANKS["moderator" if moderates else place]
    return "not_found" if rule.room is not None and standing < ROOM_RANKS[rule.room] else None


def refused(answer: events.Event) -> str | None:
    """One of the refusals for want of a right; None for any other answer."""
    code = answer.error.code if isinstance(answer, events.Failed) else None
    return code if code in REFUSALS else None


def refusal_in(body: bytes) -> str | None:
    """The same of an answer as it is on the wire."""
    return refused(msgspec.json.decode(body, type=events.AnyEvent))

"""Every command by every role, in a room and outside, over a connection and by POST: as the table of rights says."""

import msgspec
import pytest

from app.chat import threads
from app.chat.access import FRESH
from app.chat.rights import RULES
from app.models import Role, RoomRole, Visitor
from app.protocol import commands, events
from app.realtime.commands import COMMANDS
from app.realtime.exchange import EXCHANGED, Exchange
from app.storage import tokens
from tests.support.doors import command_in
from tests.support.house import House
from tests.support.standing import NOT_BY_POST, PLACES, ROLES, give_role, put, refused, right_of


def test_every_command_names_a_right_that_has_its_row() -> None:
    assert {action for action, _ in [*COMMANDS.values(), *EXCHANGED.values()]} <= set(RULES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "outside")
async def test_each_command_is_granted_or_refused_by_its_row(
    house: House, ana: Visitor, role: Role, place: RoomRole | None
) -> None:
    who, room = await give(house, ana, role), (await house.private_room()).id
    for kind in COMMANDS:
        right = right_of(kind, role, place)
        await put(house.services, who.user.id, room, place)
        client = await house.connect(who)
        answer = await client.ask(command_in(kind, room, who.user))
        assert refused(answer) == right, kind
        client.leave()
        if kind not in NOT_BY_POST:
            await put(house.services, who.user.id, room, place)
            body = msgspec.json.encode(command_in(kind, room, who.user))
            answer = await Exchange(house.services, who).answer(body)
            assert refused(answer) == right, kind


async def test_what_takes_a_fresh_sign_in_is_refused_to_an_old_one_and_to_programs(house: House, ana: Visitor) -> None:
    who, room = await give(house, ana, "owner"), (await house.private_room()).id
    token = await house.services.store.write(
        tokens.create, who.user.id, "robot", "its hash", house.clock.now(), "manage"
    )
    program = msgspec.structs.replace(who, session_id=None, token_id=token.id, signed_in_at=None)
    for age, visitor in ((FRESH, who), (FRESH + 1000, who), (0, program)):
        house.clock.advance(age / 1000)
        is_late = age > FRESH or visitor is program
        for kind, (action, _) in COMMANDS.items():
            late = RULES[action].fresh and is_late
            await put(house.services, who.user.id, room, "moderator")
            client = await house.connect(visitor)
            assert asks_again(await client.ask(command_in(kind, room, who.user))) is late, kind
            client.leave()
            await put(house.services, who.user.id, room, "moderator")
            body = msgspec.json.encode(command_in(kind, room, who.user))
            assert asks_again(await Exchange(house.services, visitor).answer(body)) is late, kind
        house.clock.advance(-age / 1000)


async def give(house: House, ana: Visitor, role: Role) -> Visitor:
    await give_role(house.services, ana.user.id, role)
    return msgspec.structs.replace(ana, user=msgspec.structs.replace(ana.user, role=role))


def asks_again(answer: events.Event) -> bool:
    """Whether it takes a fresh sign-in."""
    return refused(answer) == "sign_in_again"


IN_NO_THREAD = {
    commands.ChangeRoom,
    commands.JoinRoom,
    commands.LeaveRoom,
    commands.AddToRoom,
    commands.RemoveFromRoom,
    commands.OpenThread,
}
"""A thread stays as it is, whoever asks."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "outside")
async def test_in_a_thread_everybody_may_what_they_may_in_its_room(
    house: House, ana: Visitor, role: Role, place: RoomRole | None
) -> None:
    """Whatever became of their membership in the thread itself."""
    who, room = await give(house, ana, role), (await house.private_room()).id
    await put(house.services, who.user.id, room, "moderator")
    await house.post(who, room=room)
    thread = (await threads.open_thread(house.services, who, room, 1)).thread.id
    await put(house.services, who.user.id, room, place)
    client = await house.connect(who)
    for kind in COMMANDS:
        if "room" in kind.__struct_fields__:
            right = "not_found" if kind in IN_NO_THREAD else right_of(kind, role, place)
            assert refused(await client.ask(command_in(kind, thread, who.user))) == right, kind

"""What is absent and what is forbidden look alike, and a right that was read is believed for a while only."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from app.chat import access, drafts, members, memberships, messages, presence, reading, rooms
from app.chat.rooms import Wanted
from app.errors import NotFound
from app.models import Visitor
from app.services import BELIEVED, Services
from tests.support.house import GENERAL, House, new_nonce
from tests.support.storage import statements

ABSENT = 999


async def test_a_member_may_read_and_post(house: House, ana: Visitor) -> None:
    membership = await access.room_to_read(house.services, ana, GENERAL)
    assert (membership.room_id, membership.user_id) == (GENERAL, ana.user.id)
    for find in (access.room_to_write, access.room_to_post):
        room, posting = await find(house.services, ana, GENERAL)
        assert (room.id, posting) == (GENERAL, membership)
    room, reading = await access.room_named(house.services, ana, "general")
    assert (room.id, reading) == (GENERAL, membership)


ACTS: dict[str, Callable[[Services, Visitor, int], Awaitable[object]]] = {
    "read": access.room_to_read,
    "post": lambda services, who, room: messages.post(services, who, room, new_nonce(), "hello"),
    "page": messages.page,
    "catch up": lambda services, who, room: rooms.catch_up(services, who, room, None, None),
    "move": lambda services, who, room: reading.move(services, who, room, 1),
    "type": presence.typing,
    "members": lambda services, who, room: members.page(services, who, room, here=False, after=None, limit=9),
    "draft": lambda services, who, room: drafts.save(services, who, room, "hello"),
    "join": memberships.join,
    "leave": memberships.leave,
    "add": lambda services, who, room: memberships.add(services, who, room, who.user.id),
    "remove": lambda services, who, room: memberships.remove(services, who, room, who.user.id),
    "change": lambda services, who, room: rooms.change(services, who, room, Wanted(topic="mine")),
}


@pytest.mark.parametrize("act", ACTS)
async def test_a_private_room_and_an_absent_one_refuse_alike(house: House, ana: Visitor, act: str) -> None:
    attic = await house.private_room()
    refusals = []
    for room in (attic.id, ABSENT):
        with pytest.raises(NotFound) as refusal:
            await ACTS[act](house.services, ana, room)
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]
    assert house.services.store.log.appended == 0


async def test_a_private_address_and_an_absent_one_refuse_alike(house: House, ana: Visitor) -> None:
    await house.private_room("attic")
    for slug in ("attic", "nowhere", "", "GENERAL"):
        with pytest.raises(NotFound):
            await access.room_named(house.services, ana, slug)


async def test_a_private_address_and_an_absent_one_take_the_same_questions(house: House, ana: Visitor) -> None:
    await house.private_room("attic")
    asked: list[list[str]] = []
    for slug in ("attic", "nowhere"):
        with statements(house.services.store) as made, pytest.raises(NotFound):
            await access.room_named(house.services, ana, slug)
        asked.append([each for each in made if not each.startswith("PRAGMA")])
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1


async def test_a_refusal_is_not_remembered(house: House, ana: Visitor) -> None:
    attic = await house.private_room()
    with pytest.raises(NotFound):
        await access.room_to_read(house.services, ana, attic.id)
    await execute(
        house,
        "INSERT INTO memberships (room_id, user_id, read_number, seq, joined_at) VALUES (?, ?, 0, 1, 0)",
        attic.id,
        ana.user.id,
    )
    found = await access.room_to_read(house.services, ana, attic.id)
    assert found.room_id == attic.id


async def test_a_membership_is_read_once_and_again_when_it_is_old(house: House, ana: Visitor) -> None:
    found = await access.room_to_read(house.services, ana, GENERAL)
    await execute(house, "UPDATE memberships SET left_at = 1 WHERE user_id = ?", ana.user.id)
    assert await access.room_to_read(house.services, ana, GENERAL) is found
    house.clock.advance(BELIEVED + 1)
    with pytest.raises(NotFound):
        await access.room_to_read(house.services, ana, GENERAL)


async def execute(house: House, statement: str, *values: int) -> None:
    """What no function does yet."""
    await house.services.store.write(lambda connection: connection.exec_driver_sql(statement, values))


def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour_and_a_token_never(ana: Visitor) -> None:
    begun = ana.signed_in_at
    assert begun is not None
    assert access.is_fresh(ana, begun + 15 * 60_000)
    assert not access.is_fresh(ana, begun + 15 * 60_000 + 1)
    assert not access.is_fresh(msgspec.structs.replace(ana, signed_in_at=None), begun)

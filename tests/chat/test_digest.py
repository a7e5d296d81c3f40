import pytest

from app.chat import digest, reading, rooms
from app.errors import TooFast
from app.models import Visitor
from tests.chat.test_access import execute
from tests.support.house import GENERAL, House


async def test_each_room_with_something_new_tells_its_last_message_and_since_when(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    annex = await rooms.add(house.services, "annex")
    await house.post(bo, "first")
    begun = house.clock.now()
    house.clock.advance(60)
    await house.post(bo, "second")
    house.clock.advance(60)
    await house.post(ana, "third", annex.id)
    found = await digest.show(house.services, bo)
    assert [(busy.room.slug, busy.message.text, busy.author.handle) for busy in found.rooms] == [
        ("annex", "third", "ana"), ("general", "second", "bo"),
    ]  # fmt: skip
    assert [busy.since for busy in found.rooms] == [house.clock.now(), begun]
    await reading.move(house.services, bo, GENERAL, 2)
    assert [busy.room.slug for busy in (await digest.show(house.services, bo)).rooms] == ["annex"]


async def test_who_is_here_is_named_up_to_six_and_counted_without_the_visitor(house: House, ana: Visitor) -> None:
    await house.connect(ana)
    assert (await digest.show(house.services, ana)).online == 0
    people = [await house.sign_in(f"p{number}") for number in range(7)]
    for person in people:
        await house.connect(person)
    found = await digest.show(house.services, ana)
    assert (found.here, found.online) == ([person.user for person in people[:6]], 7)


async def test_nothing_of_rooms_and_people_one_does_not_know_is_told(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await house.private_room()
    await execute(
        house,
        "INSERT INTO memberships (room_id, user_id, read_number, seq, joined_at) VALUES (?, ?, 0, 1, 0)",
        attic.id,
        bo.user.id,
    )
    await house.post(bo, "secret", attic.id)
    stranger = 999
    house.services.presence.came(stranger)
    house.services.presence.entered(stranger, (attic.id,))
    found = await digest.show(house.services, ana)
    assert (found.rooms, found.here, found.online) == ([], [], 0)


async def test_looks_are_limited_by_person(house: House, ana: Visitor, bo: Visitor) -> None:
    for _ in range(digest.PACE.most):
        await digest.show(house.services, ana)
        house.clock.advance(0.01)
    with pytest.raises(TooFast):
        await digest.show(house.services, ana)
    await digest.show(house.services, bo)

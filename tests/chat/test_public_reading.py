"""The two switches of reading without an account: whose they are, and what is written down."""

import pytest

from app.chat import access, acts, public_pages, public_reading, rooms
from app.chat.rooms import Wanted
from app.errors import BadRequest, Forbidden, NotFound, SignInAgain
from app.models import Act, Room, Visitor
from tests.support.house import GENERAL, House


async def readable(house: House) -> bool:
    try:
        await public_pages.room(house.services, "general")
    except NotFound:
        return False
    return True


async def turn(house: House, who: Visitor, **wanted: bool | str) -> Room:
    return (await rooms.change(house.services, who, GENERAL, Wanted(**wanted)))[0]  # type: ignore[arg-type]


async def written(house: House, who: Visitor) -> list[tuple[str, dict[str, str | int]]]:
    """The acts of these switches, the oldest first."""
    page = await acts.page(house.services, who, before=None, limit=50)
    return [(act.what, act.details) for act in reversed(page.acts) if is_ours(act)]


def is_ours(act: Act) -> bool:
    return act.what in {"public.set", "room.publish"}


@pytest.fixture
async def owner(house: House, ana: Visitor) -> Visitor:
    return await house.appoint(ana, "owner")


async def test_it_takes_both_switches_and_both_are_off_at_first(house: House, owner: Visitor) -> None:
    assert not await public_reading.is_on(house.services)
    await turn(house, owner, is_readable=True)
    assert not await readable(house)
    await public_reading.change(house.services, owner, on=True)
    assert await readable(house)
    await turn(house, owner, is_readable=False)
    assert not await readable(house)


async def test_what_is_private_cannot_be_opened_and_what_becomes_private_is_closed(
    house: House, owner: Visitor
) -> None:
    await public_reading.change(house.services, owner, on=True)
    await turn(house, owner, is_readable=True)
    assert not (await turn(house, owner, kind="private")).is_readable
    assert not await readable(house)
    with pytest.raises(BadRequest):
        await turn(house, owner, is_readable=True)
    assert not (await turn(house, owner, kind="public")).is_readable


async def test_a_room_that_the_database_calls_readable_and_private_is_not_read(house: House, owner: Visitor) -> None:
    await public_reading.change(house.services, owner, on=True)
    await turn(house, owner, is_readable=True)
    await house.services.store.write(lambda c: c.exec_driver_sql("UPDATE rooms SET kind = 'private'"))
    assert not await readable(house)
    with pytest.raises(NotFound):
        await house.services.store.read(access.room_id_from_outside, GENERAL)


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_only_admins_open_the_community(house: House, ana: Visitor, role: str) -> None:
    who = await house.appoint(ana, role)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        await public_reading.change(house.services, who, on=True)
    assert not await public_reading.is_on(house.services)


async def test_it_takes_a_fresh_sign_in(house: House, owner: Visitor) -> None:
    house.clock.advance(access.FRESH / 1000 + 1)
    with pytest.raises(SignInAgain):
        await public_reading.change(house.services, owner, on=True)


async def test_only_who_moderates_a_room_opens_it(house: House, ana: Visitor) -> None:
    with pytest.raises(NotFound):
        await turn(house, ana, is_readable=True)


async def test_each_turn_of_a_switch_is_an_act(house: House, owner: Visitor) -> None:
    await public_reading.change(house.services, owner, on=True)
    await public_reading.change(house.services, owner, on=True)
    await turn(house, owner, is_readable=True)
    await turn(house, owner, is_unlisted=True)
    await turn(house, owner, topic="Tides")
    await turn(house, owner, kind="private")
    await public_reading.change_by_operator(house.services, on=False)
    assert await written(house, owner) == [
        ("public.set", {"before": "off", "after": "on"}),
        ("room.publish", {"before": "members", "after": "everybody"}),
        ("room.publish", {"before": "everybody", "after": "readers"}),
        ("room.publish", {"before": "readers", "after": "members"}),
        ("public.set", {"before": "on", "after": "off"}),
    ]

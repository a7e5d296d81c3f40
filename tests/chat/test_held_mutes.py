"""Who deletes their account while they are muted, and comes back, is muted as long as they would have been."""

import hashlib

import pytest
from msgspec import structs
from sqlalchemy import select

from app.chat import accounts, departure, doors, held_mutes, mutes, waiting_room
from app.chat.doors import Entry
from app.errors import MustWait
from app.models import Visitor
from app.protocol import events
from app.storage import tables
from tests.support.house import House, send

MINUTES = 60
HOUR = 3_600


@pytest.fixture
async def mod(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("mod"), "moderator")


async def marks(house: House) -> list[str]:
    kept = select(tables.held_mutes.c.mark)
    return await house.services.store.read(lambda connection: list(connection.scalars(kept)))


async def muted_and_gone(house: House, mod: Visitor, who: Visitor) -> int:
    """Until when they are muted."""
    await mutes.mute(house.services, mod, who.user.id, MINUTES)
    until = house.clock.now() + HOUR * 1000
    house.clock.advance(600)
    await departure.delete(house.services, who, who.user.handle)
    return until


async def test_an_account_that_is_deleted_ends_no_mute(house: House, mod: Visitor, bo: Visitor) -> None:
    until = await muted_and_gone(house, mod, bo)
    back = await house.sign_in("bo_again", "x-bo")
    assert (back.user.id != bo.user.id, back.user.muted_until) == (True, until)
    client = await house.connect(back)
    refused = await client.ask(send())
    assert isinstance(refused, events.Failed)
    assert (refused.error.code, refused.error.retry_after) == ("muted", HOUR - 600)
    assert await mutes.listed(house.services, mod) == [back.user]
    await mutes.lift(house.services, mod, back.user.id)
    await client.hears(events.RestraintChanged)
    await client.post()
    assert await marks(house) == []


async def test_nor_does_one_that_is_deleted_again(house: House, mod: Visitor, bo: Visitor) -> None:
    until = await muted_and_gone(house, mod, bo)
    for _ in range(2):
        back = await house.sign_in("bo")
        assert back.user.muted_until == until
        await departure.delete(house.services, back, "bo")
    assert len(await marks(house)) == 1


async def test_nor_does_a_team_that_lets_them_in(house: House, mod: Visitor, bo: Visitor) -> None:
    until = await muted_and_gone(house, mod, bo)
    await doors.change_by_operator(house.services, "waiting")
    with pytest.raises(MustWait) as wait:
        await house.sign_in("bo")
    (waiting,) = await waiting_room.queue(house.services, mod)
    user = await waiting_room.let_in(house.services, mod, waiting.id)
    assert user.muted_until == until
    visitor = await accounts.resume(house.services, wait.value.token)
    assert visitor is not None
    assert visitor.user.muted_until == until


async def test_it_is_of_that_x_account_alone(house: House, mod: Visitor, bo: Visitor) -> None:
    await muted_and_gone(house, mod, bo)
    assert (await house.sign_in("bo", "x-another")).user.muted_until is None


async def test_nothing_is_kept_of_who_is_not_muted_any_more(
    house: House, mod: Visitor, ana: Visitor, bo: Visitor
) -> None:
    await mutes.mute(house.services, mod, bo.user.id, MINUTES)
    house.clock.advance(HOUR)
    for who in (ana, bo):
        await departure.delete(house.services, who, who.user.handle)
    assert await marks(house) == []


async def test_it_is_forgotten_when_it_is_over(house: House, mod: Visitor, bo: Visitor) -> None:
    until = await muted_and_gone(house, mod, bo)
    house.clock.advance((until - house.clock.now()) / 1000 - 1)
    await accounts.ended_sessions(house.services, [])
    assert len(await marks(house)) == 1
    house.clock.advance(1)
    await accounts.ended_sessions(house.services, [])
    assert await marks(house) == []


async def test_one_that_is_over_and_not_forgotten_yet_mutes_nobody(house: House, mod: Visitor, bo: Visitor) -> None:
    await muted_and_gone(house, mod, bo)
    house.clock.advance(HOUR)
    back = await house.sign_in("bo")
    assert back.user.muted_until is None
    assert await marks(house) == []


async def test_what_is_kept_tells_nobody_who_it_is(house: House, mod: Visitor, bo: Visitor) -> None:
    await muted_and_gone(house, mod, bo)
    (mark,) = await marks(house)
    assert mark not in {hashlib.sha256(text).hexdigest() for text in (b"x-bo", b"mute:x-bo")}


async def test_it_is_known_again_when_the_key_has_changed_and_the_old_one_is_listed(
    house: House, mod: Visitor, bo: Visitor
) -> None:
    before, after = (
        structs.replace(house.services.settings, secret_key=keys) for keys in (("k" * 40,), ("n" * 40, "k" * 40))
    )
    await mutes.mute(house.services, mod, bo.user.id, MINUTES)
    now = house.clock.now()
    await house.services.store.write(held_mutes.keep, before, bo.user.id, now)
    newcomer = Entry(None, bo.user, newcomer=True, joined=[], room=None)
    entry = await house.services.store.write(held_mutes.take_up, after, newcomer, now)
    assert entry.user.muted_until == now + HOUR * 1000

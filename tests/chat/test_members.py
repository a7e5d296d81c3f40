"""Who is in a room, who of them is here, and whom one has met."""

import pytest

from app.chat import members, messages
from app.chat.members import Namesake
from app.errors import NotFound, TooFast
from app.models import FormerHandle, Visitor
from app.storage import memberships, users
from tests.support.house import GENERAL, House


async def handles(house: House, visitor: Visitor, *, here: bool, after: int | None = None) -> list[str]:
    page = await members.page(house.services, visitor, GENERAL, here=here, after=after, limit=50)
    assert page.last
    return [user.handle for user in page.people]


async def test_those_who_are_connected_and_the_others_are_everybody(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.sign_in("cleo")
    assert await handles(house, ana, here=True) == []
    client = await house.connect(bo)
    house.services.presence.hear_moves("another process", {ana.user.id: (GENERAL,)}, [])
    assert await handles(house, ana, here=True) == ["ana", "bo"]
    assert await handles(house, ana, here=False) == ["cleo"]
    client.leave()
    house.clock.advance(16)
    await house.pulse.tell()
    assert await handles(house, ana, here=True) == ["ana"]
    assert await handles(house, ana, here=False) == ["bo", "cleo"]


async def test_a_page_says_whether_others_follow(house: House, ana: Visitor, bo: Visitor) -> None:
    first = await members.page(house.services, ana, GENERAL, here=False, after=None, limit=1)
    assert ([user.handle for user in first.people], first.last) == (["ana"], False)
    second = await members.page(house.services, ana, GENERAL, here=False, after=ana.user.id, limit=1)
    assert ([user.handle for user in second.people], second.last) == (["bo"], True)


async def test_who_asks_all_the_time_is_told_to_wait(house: House, ana: Visitor) -> None:
    for _ in range(members.PACE.most):
        await members.page(house.services, ana, GENERAL, here=True, after=None, limit=1)
    with pytest.raises(TooFast):
        await members.page(house.services, ana, GENERAL, here=True, after=None, limit=1)
    with pytest.raises(TooFast):
        await members.met(house.services, ana, ana.user.id)


async def test_somebody_is_met_in_the_rooms_of_both(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await house.private_room()
    await house.services.store.write(memberships.join_everybody, attic.id, 1)
    await house.private_room("cellar")
    met = await members.met(house.services, ana, bo.user.id)
    assert (met.person, met.rooms, met.here) == (bo.user, [GENERAL, attic.id], False)
    await house.connect(bo)
    assert (await members.met(house.services, ana, bo.user.id)).here


async def test_a_stranger_and_nobody_look_alike(house: House, ana: Visitor) -> None:
    stranger = await house.services.store.write(users.add_imported, "oldie", 1)
    refusals = []
    for who in (stranger.id, 999):
        with pytest.raises(NotFound) as refusal:
            await members.met(house.services, ana, who)
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]


async def test_who_takes_over_a_handle_is_another_person_with_a_past_of_their_own(house: House, bo: Visitor) -> None:
    first = await house.sign_in("ada", twitter_id="1", name="Ada A.")
    await house.post(first, "by the first")
    house.clock.advance(60)
    first = await house.sign_in("ada_moved", twitter_id="1", name="Ada A.")
    moved_at = house.clock.now()
    house.clock.advance(60)
    second = await house.sign_in("ada", twitter_id="2", name="Ada B.")
    await house.post(second, "by the second")
    await house.post(first, "by the first again")

    page = await messages.page(house.services, bo, GENERAL)
    names = {author.id: author.handle for author in page.people}
    said = [(message.author_id, names[message.author_id]) for message in page.messages]
    one, other = (first.user.id, "ada_moved"), (second.user.id, "ada")
    assert said == [one, other, one]

    met = await members.met(house.services, bo, first.user.id)
    assert met.formerly == [FormerHandle(first.user.id, "ada", moved_at)]
    assert (met.namesakes, met.has_lost_handle) == ([], False)
    met = await members.met(house.services, bo, second.user.id)
    assert (met.formerly, met.has_lost_handle) == ([], False)
    assert met.namesakes == [Namesake(first.user, moved_at)]


async def test_two_who_are_shown_under_one_handle_are_told_apart(house: House, bo: Visitor) -> None:
    older = await house.sign_in("ada", twitter_id="1")
    newer = await house.sign_in("Ada", twitter_id="2")
    met = await members.met(house.services, bo, older.user.id)
    assert (met.namesakes, met.has_lost_handle) == ([], True)
    met = await members.met(house.services, bo, newer.user.id)
    assert (met.namesakes, met.has_lost_handle) == ([Namesake(older.user, None)], False)


async def test_a_namesake_whom_one_has_not_met_has_no_name(house: House, ana: Visitor, bo: Visitor) -> None:
    attic = await house.private_room()
    await house.services.store.write(memberships.join, attic.id, bo.user.id, 1)
    await house.services.store.write(memberships.leave, GENERAL, bo.user.id, 1)
    await house.sign_in("bo_moved", twitter_id="x-bo")
    taker = await house.sign_in("bo", twitter_id="2")
    (namesake,) = (await members.met(house.services, ana, taker.user.id)).namesakes
    assert (namesake.person, namesake.until) == (None, house.clock.now())

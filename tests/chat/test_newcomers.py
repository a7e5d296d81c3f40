"""Who came by the open door is new for a while; who is expected is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.chat import (
    access,
    allow_list,
    direct,
    doors,
    editing,
    hook_posts,
    invites,
    memberships,
    mutes,
    rooms,
    waiting_room,
    webhooks,
)
from app.chat.invites import Terms
from app.chat.webhooks import Wanted
from app.errors import DirectLater, LinksLater, MustWait, TooFast
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House, new_nonce, open_house

DAY = 86_400
LINK = "look at example.org/eggs"


@pytest.fixture
async def house(migrated: Path, tmp_path: Path) -> AsyncIterator[House]:
    environ = {"NEW_MEMBER_HOURS": "24", "LIMIT_SENDS_PER_10_SECONDS": "20"}
    async with open_house(migrated, tmp_path, environ=environ) as house:
        yield house


@pytest.fixture
async def owner(house: House) -> Visitor:
    return await house.appoint(await house.sign_in("owner"), "owner")


def is_new(house: House, visitor: Visitor) -> bool:
    return access.new_for(visitor.user, house.clock.steady()) > 0


async def test_links_open_after_a_day_and_the_refusal_says_when(house: House, bo: Visitor) -> None:
    client = await house.connect(bo)
    (started,) = client.of(events.SessionStarted)
    assert started.restraint == events.Restraint(new_for=DAY * 1000)
    await house.post(bo, "no link at all")
    house.clock.advance(3_600)
    with pytest.raises(LinksLater) as refused:
        await house.post(bo, LINK)
    assert refused.value.retry_after == 23 * 3_600
    assert refused.value.message.startswith("You are new here: links open for you in 23 h.")
    with pytest.raises(DirectLater):
        access.check_writing_first(bo.user, house.clock.steady())
    house.clock.advance(23 * 3_600)
    await house.post(bo, LINK)
    access.check_writing_first(bo.user, house.clock.steady())


async def test_no_webhook_of_who_is_new_posts_a_link(house: House, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, bo, "Eggs", "public")
    _, secret = await webhooks.make(house.services, bo, room.id, Wanted("incoming", "Hen"))

    async def post(text: str) -> None:
        await hook_posts.post(
            house.services, await hook_posts.recognise(house.services, "10.0.0.1", secret), new_nonce(), text
        )

    await post("no link at all")
    with pytest.raises(LinksLater):
        await post(LINK)
    house.clock.advance(DAY)
    await post(LINK)


async def test_who_is_new_answers_but_begins_no_talk(house: House, owner: Visitor, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    with pytest.raises(DirectLater):
        await direct.open_room(house.services, bo, [cleo.user.id])
    theirs = await direct.open_room(house.services, owner, [bo.user.id])
    await house.post(owner, "welcome", theirs.room.id)
    assert (await direct.open_room(house.services, bo, [owner.user.id])).room.id == theirs.room.id
    await house.post(bo, "thank you", theirs.room.id)


async def test_nor_do_they_bring_anybody_into_a_room_of_their_own_to_talk_there(
    house: House, owner: Visitor, bo: Visitor
) -> None:
    annex, _ = await rooms.create(house.services, bo, "Annex", "private")
    with pytest.raises(DirectLater):
        await memberships.add(house.services, bo, annex.id, owner.user.id)
    house.clock.advance(DAY)
    await memberships.add(house.services, bo, annex.id, owner.user.id)


async def test_who_is_new_edits_no_link_into_a_message(house: House, bo: Visitor) -> None:
    posted = await house.post(bo, "no link at all")
    with pytest.raises(LinksLater):
        await editing.edit(house.services, bo, posted.message.room_id, posted.message.number, LINK)


async def test_who_repeats_a_send_with_a_link_that_is_stored_is_told_so(
    house: House, owner: Visitor, bo: Visitor
) -> None:
    nonce = new_nonce()
    stored = await house.post(await house.appoint(bo, "moderator"), LINK, nonce=nonce)
    again = await house.post(bo, LINK, nonce=nonce)  # as this process believed them to be
    assert again.message == stored.message


async def test_the_pace_is_half_of_the_others(house: House, owner: Visitor, bo: Visitor) -> None:
    for number in range(10):
        await house.post(bo, f"{number}")
    with pytest.raises(TooFast):
        await house.post(bo, "one more")
    for number in range(20):
        await house.post(owner, f"{number}")


async def test_who_is_expected_is_trusted_at_once(house: House, owner: Visitor, bo: Visitor) -> None:
    assert is_new(house, bo)
    assert not is_new(house, owner)
    _, link = await invites.make(house.services, owner, Terms("member", (GENERAL,), 7, None))
    assert not is_new(house, await house.sign_in("invited", invite=link))
    await allow_list.add(house.services, owner, "listed", "member", ())
    assert not is_new(house, await house.sign_in("listed"))
    await doors.change_by_operator(house.services, "waiting")
    with pytest.raises(MustWait):
        await house.sign_in("waits")
    (arrival,) = await waiting_room.queue(house.services, owner)
    await waiting_room.let_in(house.services, owner, arrival.id)
    assert not is_new(house, await house.sign_in("waits"))


async def test_to_sign_in_again_makes_nobody_new_nor_older(house: House, bo: Visitor) -> None:
    house.clock.advance(3_600)
    again = await house.sign_in("bo")
    assert again.user.trusted_at == bo.user.trusted_at


async def test_a_role_and_an_invite_link_end_it(house: House, owner: Visitor, ana: Visitor, bo: Visitor) -> None:
    assert not is_new(house, await house.appoint(ana, "moderator"))
    _, link = await invites.make(house.services, owner, Terms("member", (), 7, None))
    client = await house.connect(bo)
    await invites.accept(house.services, bo, link)
    (changed,) = await client.hears(events.RestraintChanged)
    assert changed.restraint is None
    await house.post(client.connection.visitor, LINK)


async def test_who_is_new_and_muted_is_told_both(house: House, owner: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await mutes.mute(house.services, owner, bo.user.id, 10)
    (changed,) = await client.hears(events.RestraintChanged)
    until = house.clock.now() + 600_000
    assert changed.restraint == events.Restraint(muted_until=until, muted_for=600_000, new_for=DAY * 1000)
    await mutes.lift(house.services, owner, bo.user.id)
    _, changed = await client.hears(events.RestraintChanged, 2)
    assert changed.restraint == events.Restraint(new_for=DAY * 1000)

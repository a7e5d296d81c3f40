"""Webhooks: who makes, sees, rotates and removes them, and what becomes of their bots."""

from pathlib import Path

import pytest

from app.chat import acts, bans, direct, members, memberships, mentions, mutes, rooms, threads, webhooks
from app.chat.access import FRESH
from app.chat.webhooks import CHANGED, MOST, Listed, Wanted
from app.errors import BadRequest, DirectRoom, Forbidden, Muted, NotFound, OutboundOff, SignInAgain, TooFast
from app.models import Room, Visitor
from app.protocol import events
from app.storage import memberships as membership_rows
from app.storage import rooms as room_rows
from tests.support.house import GENERAL, House, open_house

INCOMING = Wanted("incoming", "Build bot")
OUTGOING = Wanted("outgoing", "Weather", "https://site.test/hook")


@pytest.fixture
async def attic(house: House, ana: Visitor, bo: Visitor) -> Room:
    """A private room, which ana moderates and bo is in."""
    attic, _ = await rooms.create(house.services, ana, "Attic", "private")
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    return attic


async def made(house: House, who: Visitor, room: Room, wanted: Wanted = INCOMING) -> Listed:
    return (await webhooks.make(house.services, who, room.id, wanted))[0]


async def listed(house: House, who: Visitor, room: Room) -> list[Listed]:
    return await webhooks.listed(house.services, who, room.id)


async def room_now(house: House, room: Room) -> Room:
    found = await house.services.store.read(room_rows.by_id, room.id)
    assert found is not None
    return found


async def test_whoever_moderates_the_room_makes_one_whose_bot_is_in_it(
    house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    client = await house.connect(bo)
    await client.open(attic.id)
    one = await made(house, ana, attic)
    (joined,) = await client.hears(events.MemberJoined)
    assert (joined.person.name, joined.person.handle, joined.person.bot) == ("Build bot", "build_bot", True)
    other = await made(house, ana, attic, OUTGOING)
    assert await listed(house, ana, attic) == [one, other]
    assert (one.holder, one.is_held, one.webhook.url) == (ana.user, True, None)
    assert (other.webhook.url, other.webhook.hears) == ("https://site.test/hook", "mentions")
    page = await members.everybody(house.services, bo, attic.id, after=None, limit=10)
    assert [(person.handle, person.kind) for person in page.people] == [
        ("ana", "person"),
        ("bo", "person"),
        ("build_bot", "bot"),
        ("weather", "bot"),
    ]


async def test_a_secret_takes_a_fresh_sign_in(house: House, ana: Visitor, attic: Room) -> None:
    one = await made(house, ana, attic)
    house.clock.advance(FRESH / 1000 + 1)
    for asked in (
        webhooks.make(house.services, ana, attic.id, INCOMING),
        webhooks.rotate(house.services, ana, attic.id, one.webhook.id),
    ):
        with pytest.raises(SignInAgain):
            await asked
    assert await listed(house, ana, attic) == [one]


async def test_nobody_else_learns_of_them(house: House, ana: Visitor, bo: Visitor, attic: Room) -> None:
    webhook_id = (await made(house, ana, attic)).webhook.id
    cy = await house.appoint(await house.sign_in("cy"), "owner")
    for who in (bo, cy):
        for asked in (
            webhooks.listed(house.services, who, attic.id),
            webhooks.make(house.services, who, attic.id, INCOMING),
            webhooks.rotate(house.services, who, attic.id, webhook_id),
            webhooks.switch_on(house.services, who, attic.id, webhook_id),
            webhooks.remove(house.services, who, attic.id, webhook_id),
        ):
            with pytest.raises(NotFound):
                await asked
    other, _ = await rooms.create(house.services, ana, "Other", "public")
    with pytest.raises(NotFound):
        await webhooks.remove(house.services, ana, other.id, webhook_id)


async def test_there_are_none_in_direct_rooms(house: House, ana: Visitor, bo: Visitor) -> None:
    talk = (await direct.open_room(house.services, ana, [bo.user.id])).room
    for asked in (webhooks.listed(house.services, ana, talk.id), webhooks.make(house.services, ana, talk.id, INCOMING)):
        with pytest.raises(DirectRoom):
            await asked


@pytest.mark.parametrize(
    "url",
    [None, "", "http://site.test/", "https://site.test:8080/", "https://a:b@site.test/", "ftp://site.test/", "nowhere"],
)
async def test_an_outgoing_one_leads_to_the_web_by_https(
    house: House, ana: Visitor, attic: Room, url: str | None
) -> None:
    with pytest.raises(BadRequest):
        await made(house, ana, attic, Wanted("outgoing", "Weather", url))


async def test_an_incoming_one_leads_nowhere(house: House, ana: Visitor, attic: Room) -> None:
    with pytest.raises(BadRequest):
        await made(house, ana, attic, Wanted("incoming", "Weather", "https://site.test/"))


async def test_where_the_server_asks_nobody_there_are_no_outgoing_ones(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"LINK_CARDS": "0"}) as house:
        ana = await house.sign_in("ana")
        attic, _ = await rooms.create(house.services, ana, "Attic", "private")
        with pytest.raises(OutboundOff):
            await made(house, ana, attic, OUTGOING)
        with pytest.raises(OutboundOff):
            await webhooks.switch_on(house.services, ana, attic.id, (await made(house, ana, attic)).webhook.id)


async def test_there_are_so_many_in_a_room_and_in_a_minute(house: House, ana: Visitor, attic: Room) -> None:
    for _ in range(MOST):
        await made(house, ana, attic)
    with pytest.raises(BadRequest):
        await made(house, ana, attic)
    assert len({each.bot.handle for each in await listed(house, ana, attic)}) == MOST
    for _ in range(CHANGED.most - MOST - 1):
        await webhooks.rotate(house.services, ana, attic.id, 1)
    with pytest.raises(TooFast):
        await webhooks.rotate(house.services, ana, attic.id, 1)


async def test_whoever_is_muted_makes_none(house: House, ana: Visitor, attic: Room) -> None:
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    await mutes.mute(house.services, owner, ana.user.id, 10)
    with pytest.raises(Muted):
        await made(house, ana, attic)


async def test_a_rotated_one_is_answered_for_by_who_did_it(
    house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    webhook, secret = await webhooks.make(house.services, ana, attic.id, INCOMING)
    bo = await house.appoint(bo, "moderator")
    rotated, other = await webhooks.rotate(house.services, bo, attic.id, webhook.webhook.id)
    assert secret != other
    assert rotated.holder.id == bo.user.id
    assert rotated.bot == webhook.bot


async def test_it_is_held_while_who_answers_for_it_may_manage_it(
    house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    bo = await house.appoint(bo, "moderator")
    webhook = await made(house, bo, attic)
    assert webhook.is_held
    bo = await house.appoint(bo, "member")
    (found,) = await listed(house, ana, attic)
    assert not found.is_held
    bo = await house.appoint(bo, "moderator")
    await memberships.leave(house.services, bo, attic.id)
    assert not (await listed(house, ana, attic))[0].is_held
    await memberships.add(house.services, ana, attic.id, bo.user.id)
    assert (await listed(house, ana, attic))[0].is_held
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    await bans.ban(house.services, owner, bo.user.id, "why not")
    assert not (await listed(house, ana, attic))[0].is_held


async def test_a_removed_one_takes_its_bot_along_and_what_that_said_stays(
    house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    webhook = await made(house, ana, attic, OUTGOING)
    await house.post(Visitor(webhook.bot), "it rains", attic.id)
    assert (await room_now(house, attic)).has_outgoing
    client = await house.connect(bo)
    await client.open(attic.id)
    await webhooks.remove(house.services, ana, attic.id, webhook.webhook.id)
    (left,) = await client.hears(events.MemberLeft)
    assert (left.person.id, left.by) == (webhook.bot.id, None)
    assert await listed(house, ana, attic) == []
    assert not (await room_now(house, attic)).has_outgoing
    assert (await room_now(house, attic)).members == 2
    with pytest.raises(NotFound):
        await house.post(Visitor(webhook.bot), "it rains", attic.id)
    with pytest.raises(NotFound):
        await webhooks.remove(house.services, ana, attic.id, webhook.webhook.id)


async def test_each_is_an_act_of_the_log(house: House, ana: Visitor, attic: Room) -> None:
    webhook = await made(house, ana, attic)
    await webhooks.rotate(house.services, ana, attic.id, webhook.webhook.id)
    await webhooks.switch_on(house.services, ana, attic.id, webhook.webhook.id)
    await webhooks.remove(house.services, ana, attic.id, webhook.webhook.id)
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    page = await acts.page(house.services, owner, before=None, limit=10)
    told = [(act.what, act.actor_id, act.person_id, act.room_id) for act in page.acts if act.room_id]
    assert told == [
        (what, ana.user.id, webhook.bot.id, attic.id) for what in ("webhook.remove", "webhook.rotate", "webhook.make")
    ]


async def test_a_bot_is_put_out_by_nobody(house: House, ana: Visitor, attic: Room) -> None:
    webhook = await made(house, ana, attic)
    owner = await house.appoint(await house.sign_in("cy"), "owner")
    with pytest.raises(BadRequest):
        await memberships.remove(house.services, ana, attic.id, webhook.bot.id)
    for asked in (
        mutes.mute(house.services, owner, webhook.bot.id, 10),
        bans.ban(house.services, owner, webhook.bot.id, ""),
        memberships.add(house.services, ana, GENERAL, webhook.bot.id),
        direct.open_room(house.services, ana, [webhook.bot.id]),
    ):
        with pytest.raises((NotFound, Forbidden)):
            await asked


async def test_a_bot_that_is_mentioned_is_shown_and_told_of_nothing(
    house: House, ana: Visitor, bo: Visitor, attic: Room
) -> None:
    webhook = await made(house, ana, attic)
    client = await house.connect(bo)
    await client.open(attic.id)
    posted = (await house.post(ana, "@build_bot, and @bo", attic.id)).message
    (heard,) = await client.hears(events.MessagePosted)
    assert heard.message.mentions == [webhook.bot.id, bo.user.id]
    assert [(person.handle, person.bot) for person in heard.people] == [("build_bot", True), ("bo", False)]
    assert (await mentions.page(house.services, Visitor(webhook.bot), None, 10)).found == []
    met = await members.met(house.services, bo, webhook.bot.id)
    assert (met.person, met.has_lost_handle) == (webhook.bot, False)
    assert posted.author_id == ana.user.id
    assert await house.services.store.read(membership_rows.find, GENERAL, webhook.bot.id) is None


async def test_a_bot_follows_no_thread(house: House, ana: Visitor, bo: Visitor, attic: Room) -> None:
    bot = Visitor((await made(house, ana, attic)).bot)
    await house.post(bot, "it rains", attic.id)
    opened = await threads.open_thread(house.services, bo, attic.id, 1)
    await house.post(bo, "it does", opened.thread.id)
    assert await house.services.store.read(membership_rows.find, opened.thread.id, bot.user.id) is None


async def test_a_bot_says_where_moderators_do_without_waiting_and_again_and_again(
    house: House, ana: Visitor, attic: Room
) -> None:
    bot = Visitor((await made(house, ana, attic)).bot)
    await rooms.change(house.services, ana, attic.id, rooms.Wanted(posting="moderators", slow_seconds=60))
    for _ in range(30):
        await house.post(bot, "The build has passed. https://site.test/", attic.id)
    assert (await room_now(house, attic)).last_number == 30


async def test_a_bot_calls_nobody(house: House, ana: Visitor, attic: Room) -> None:
    bot = Visitor((await made(house, ana, attic)).bot)
    posted = await house.post(bot, "@all @here", attic.id)
    assert posted.message.more.told is None


async def test_whoever_takes_the_handle_of_a_bot_over_is_meant_by_it(house: House, ana: Visitor, attic: Room) -> None:
    await made(house, ana, attic)
    person = await house.sign_in("build_bot")
    await memberships.add(house.services, ana, attic.id, person.user.id)
    posted = await house.post(ana, "hi @build_bot", attic.id)
    assert f'data-person="{person.user.id}"' in posted.message.html

"""Direct rooms: one for each set of people, seen by nobody else, and by the others with its first message."""

import asyncio
from typing import Any

import msgspec
import pytest

from app.chat import (
    access,
    accounts,
    blocks,
    departure,
    digest,
    direct,
    directory,
    drafts,
    editing,
    imports,
    invites,
    members,
    memberships,
    messages,
    removal,
    rights,
    rooms,
)
from app.chat.direct import MOST, MOST_GROUPS, MOST_GROUPS_OF_ONE, Talk
from app.chat.invites import Terms
from app.errors import BadRequest, DirectRoom, Forbidden, NobodyLeft, NotFound, RoostError, TooFast, TooManyTalks
from app.models import Visitor
from app.protocol import events
from app.storage import memberships as membership_rows
from app.storage import rooms as room_rows
from app.storage import users
from app.storage.database import Connection
from tests.support.house import GENERAL, House, new_nonce, user_of


@pytest.fixture
async def cleo(house: House) -> Visitor:
    return await house.sign_in("cleo")


async def talk(house: House, *people: Visitor) -> Talk:
    """As the first of them opens it."""
    return await direct.open_room(house.services, people[0], [person.user.id for person in people[1:]])


async def rooms_of(house: House, visitor: Visitor) -> list[int]:
    return [room.id for room, _ in (await accounts.arrive(house.services, visitor)).rooms]


async def test_there_is_one_room_for_each_set_of_people(house: House, ana: Visitor, bo: Visitor, cleo: Visitor) -> None:
    two = await talk(house, ana, bo)
    assert two.room.id == (await talk(house, bo, ana)).room.id == (await talk(house, ana, bo, bo, ana)).room.id
    three = await talk(house, cleo, bo, ana)
    assert three.room.id == (await talk(house, ana, bo, cleo)).room.id != two.room.id
    assert (three.room.members, three.room.party) == (3, (ana.user.id, bo.user.id, cleo.user.id))
    assert [person.handle for person in three.people] == ["ana", "bo", "cleo"]


async def test_its_address_tells_nothing(house: House, ana: Visitor, bo: Visitor, cleo: Visitor) -> None:
    made = [(await talk(house, ana, other)).room for other in (bo, cleo)]
    for room in made:
        assert (room.kind, room.name, room.topic, room.slug[:3], len(room.slug)) == ("direct", "", "", "dm-", 19)
    assert made[0].slug != made[1].slug


async def test_nobody_talks_alone_or_with_too_many(house: House, ana: Visitor) -> None:
    for wanted in ([], [ana.user.id]):
        with pytest.raises(BadRequest, match="Choose somebody"):
            await direct.open_room(house.services, ana, wanted)
    with pytest.raises(BadRequest, match="8 is the most"):
        await direct.open_room(house.services, ana, range(ana.user.id, ana.user.id + MOST + 2))


async def test_who_is_unknown_and_who_cannot_be_written_to_look_alike(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    oldie = await house.services.store.write(users.add_imported, "oldie", 1)
    await memberships.leave(house.services, cleo, GENERAL)
    await departure.delete(house.services, bo, "bo")
    refusals = set()
    for who in (oldie.id, cleo.user.id, bo.user.id, 999):
        with pytest.raises(NotFound) as refusal:
            await direct.open_room(house.services, ana, [who])
        refusals.add(str(refusal.value))
    assert len(refusals) == 1


async def test_an_empty_room_is_in_nobodys_list_and_does_not_tell_who_opened_it(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    reader = await house.connect(bo)
    opened = await talk(house, ana, bo)
    assert await rooms_of(house, ana) == await rooms_of(house, bo) == [GENERAL]
    assert (await members.met(house.services, bo, ana.user.id)).rooms == [GENERAL]
    await reader.post()
    assert "room.joined" not in reader.types
    assert (await access.room_named(house.services, bo, opened.room.slug))[0].id == opened.room.id


async def test_whoever_has_begun_to_write_in_an_empty_room_finds_it_again(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    opened = await talk(house, ana, bo)
    await drafts.save(house.services, ana, opened.room.id, "Dear")
    assert await rooms_of(house, ana) == [GENERAL, opened.room.id]
    assert await rooms_of(house, bo) == [GENERAL]
    await drafts.save(house.services, ana, opened.room.id, "")
    assert await rooms_of(house, ana) == [GENERAL]


async def test_the_first_message_brings_the_room_to_all_its_people_and_to_nobody_else(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    desk, phone = await house.connect(ana), await house.connect(ana)
    theirs, stranger = await house.connect(bo), await house.connect(cleo)
    room = (await talk(house, ana, bo)).room
    await desk.open(room.id)
    for text in ("hello", "are you there?"):
        await desk.post(text, room.id)
    for client in (phone, theirs):
        (joined,) = await client.hears(events.RoomJoined)
        assert (joined.room.id, joined.room.kind, joined.room.number, joined.room.read) == (room.id, "direct", 1, 0)
        assert joined.room.people == [user_of(ana.user), user_of(bo.user)]
        assert joined.room.here == [ana.user.id, bo.user.id]
    assert await rooms_of(house, ana) == await rooms_of(house, bo) == [GENERAL, room.id]
    assert (await theirs.open(room.id)).room.number == 2
    assert "room.joined" not in [*desk.types, *stranger.types]
    assert await rooms_of(house, cleo) == [GENERAL]


async def test_who_was_away_finds_it_with_its_people(house: House, ana: Visitor, bo: Visitor) -> None:
    room = (await talk(house, ana, bo)).room
    await house.post(ana, room=room.id)
    (started,) = (await house.connect(bo)).of(events.SessionStarted)
    shown = started.rooms[-1]
    assert (shown.id, shown.people, shown.here) == (room.id, [user_of(ana.user), user_of(bo.user)], [bo.user.id])
    assert shown.at == house.clock.now()
    assert started.rooms[0].people == []


async def test_who_is_in_it_sees_the_others_come_and_go_without_opening_it(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    room = (await talk(house, ana, bo)).room
    await house.post(ana, room=room.id)
    reader = await house.connect(ana)
    await house.pulse.tell()
    await house.connect(bo)
    await house.pulse.tell()
    _, moved = await reader.hears(events.PresenceChanged, 2)
    assert (moved.room, moved.online, moved.came) == (room.id, 2, [bo.user.id])


async def test_who_is_here_is_seen_before_anything_was_said(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    await house.connect(bo)
    room = (await talk(house, ana, bo)).room
    opened = await client.open(room.id)
    assert (opened.room.here, opened.online) == ([ana.user.id, bo.user.id], 2)
    page = await members.page(house.services, ana, room.id, here=True, after=None, limit=50)
    assert page.people == [ana.user, bo.user]


async def test_it_stays_what_it_is(house: House, ana: Visitor, bo: Visitor, cleo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    room_id = (await talk(house, ana, bo)).room.id
    await house.post(ana, room=room_id)
    services = house.services
    for refused in (
        rooms.change(services, ana, room_id, rooms.Wanted(name="Ours")),
        rooms.change(services, ana, room_id, rooms.Wanted(kind="public", is_default=True)),
        rooms.change(services, ana, room_id, rooms.Wanted(archived=True)),
        memberships.add(services, ana, room_id, cleo.user.id),
        memberships.remove(services, ana, room_id, bo.user.id),
        memberships.leave(services, bo, room_id),
    ):
        with pytest.raises(DirectRoom):
            await refused
    outside: list[Any] = [
        rooms.change(services, cleo, room_id, rooms.Wanted(name="Ours")),
        memberships.add(services, cleo, room_id, cleo.user.id),
        memberships.leave(services, cleo, room_id),
        memberships.join(services, cleo, room_id),
        access.room_to_read(services, cleo, room_id),
    ]
    for refused in outside:
        with pytest.raises(NotFound):
            await refused


async def test_nobody_moderates_it(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    opened = await talk(house, ana, bo)
    assert not rights.can(ana, "room.announce", opened.membership)
    assert rights.can(ana, "room.post", opened.membership)


async def test_what_one_has_said_in_it_is_changed_and_taken_away_by_oneself_alone(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    ana = await house.appoint(ana, "owner")
    room = (await talk(house, ana, bo)).room
    await house.post(bo, "helo", room.id)
    assert (await editing.edit(house.services, bo, room.id, 1, "hello")).text == "hello"
    for absent in (
        editing.edit(house.services, cleo, room.id, 1, "mine"),
        removal.remove(house.services, cleo, room.id, 1),
    ):
        with pytest.raises(NotFound):
            await absent
    for refused in (
        editing.edit(house.services, ana, room.id, 1, "mine"),
        removal.remove(house.services, ana, room.id, 1),
    ):
        with pytest.raises(Forbidden) as refusal:
            await refused
        assert refusal.type is Forbidden
    await removal.remove(house.services, bo, room.id, 1)
    assert [message.text for message in (await messages.page(house.services, ana, room.id)).messages] == [""]


async def test_it_is_in_no_directory(house: House, ana: Visitor, bo: Visitor) -> None:
    room = (await talk(house, ana, bo)).room
    await house.post(ana, room=room.id)
    for visitor in (ana, bo):
        found = await directory.page(house.services, visitor, "", None, 50)
        assert [each.id for each, _ in found.rooms] == [GENERAL]


async def test_nobody_is_led_into_it_and_nothing_is_imported_there(house: House, ana: Visitor, bo: Visitor) -> None:
    ana = await house.appoint(ana, "owner")
    room = (await talk(house, ana, bo)).room
    line = {"room": room.slug, "at": "2010-08-17T15:01:00Z", "author": "gos", "text": "hi"}
    for refused in (
        invites.make_by_operator(house.services, Terms(), [room.slug]),
        invites.make(house.services, ana, Terms(rooms=(room.id,))),
    ):
        with pytest.raises(NotFound):
            await refused
    with pytest.raises(BadRequest, match="Choose another name"):
        [done async for done in imports.load(house.services, [msgspec.json.encode(line)])]


async def test_ten_talks_an_hour_are_begun_with_strangers(house: House, ana: Visitor) -> None:
    others = [await house.sign_in(f"person{number}") for number in range(12)]
    for other in others[:10]:
        await talk(house, ana, other)
    with pytest.raises(TooFast) as refusal:
        await talk(house, ana, others[10])
    assert refusal.value.retry_after == pytest.approx(360)
    await talk(house, ana, others[0])
    written = await talk(house, others[11], ana)
    await house.post(others[11], room=written.room.id)
    assert (await talk(house, ana, others[11])).room.id == written.room.id
    await talk(house, others[10], ana, others[11])


async def test_who_wrote_before_is_no_stranger_in_a_new_talk(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    group = (await talk(house, ana, bo, cleo)).room
    await house.post(bo, room=group.id)
    ids = {ana.user.id, bo.user.id}
    strange = house.services.store.read
    assert not await strange(direct.addresses_strangers, ana.user.id, ids)
    assert await strange(direct.addresses_strangers, bo.user.id, ids)
    assert await strange(direct.addresses_strangers, ana.user.id, ids | {(await house.sign_in("dia")).user.id})


async def test_who_opens_all_the_time_is_told_to_wait(house: House, ana: Visitor, bo: Visitor) -> None:
    for _ in range(direct.PACE.most):
        await talk(house, ana, bo)
    with pytest.raises(TooFast):
        await talk(house, ana, bo)


async def test_whoever_is_left_alone_reads_on_and_writes_no_more(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    two, three = (await talk(house, ana, bo)).room, (await talk(house, ana, bo, cleo)).room
    nonce = new_nonce()
    for room in (two, three):
        await house.post(ana, "hello", room.id, nonce if room is two else "")
    await departure.delete(house.services, bo, "bo")
    with pytest.raises(NobodyLeft):
        await house.post(ana, "still there?", two.id)
    assert (await house.post(ana, "hello", two.id, nonce)).duplicate
    await house.post(ana, "and you?", three.id)
    assert (await messages.page(house.services, ana, two.id)).messages[0].text == "hello"
    assert (await talk(house, ana, bo)).room.id == two.id, "what was said is found by it still"
    assert (await talk(house, ana, bo)).people[1].kind == "former"


async def test_who_leaves_for_good_leaves_what_they_opened_too(house: House, ana: Visitor, bo: Visitor) -> None:
    room = (await talk(house, ana, bo)).room
    await departure.delete(house.services, ana, "ana")
    left = await house.services.store.read(membership_rows.people, room.id)
    assert left == [bo.user.id]


async def test_who_was_blocked_learns_nothing_and_stays_out_of_what_is_new(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    two, three = (await talk(house, bo, ana)).room, (await talk(house, bo, ana, cleo)).room
    await blocks.block(house.services, ana, bo.user.id)
    for room in (two, three):
        posted = await house.post(bo, room=room.id)
        assert posted.message.number == 1
    busy = (await digest.show(house.services, ana)).rooms
    assert [each.room.id for each in busy] == [three.id]
    await blocks.unblock(house.services, ana, bo.user.id)
    assert {each.room.id for each in (await digest.show(house.services, ana)).rooms} == {two.id, three.id}


async def test_nobody_is_gathered_with_others_by_whom_they_have_blocked(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    await blocks.block(house.services, ana, bo.user.id)
    refusals = set()
    for who in (ana.user.id, 999):
        with pytest.raises(NotFound) as refusal:
            await direct.open_room(house.services, bo, [who, cleo.user.id])
        refusals.add(str(refusal.value))
    assert len(refusals) == 1
    assert (await talk(house, bo, ana)).room.members == 2, "their page hides it"
    three = (await talk(house, ana, bo, cleo)).room
    assert (await talk(house, bo, ana, cleo)).room.id == three.id, "this one they wanted themselves"


async def test_who_is_in_very_many_talks_of_several_begins_more_and_others_do_not(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    await put_into_talks(house, bo, MOST_GROUPS - 1)
    three = (await talk(house, ana, bo, cleo)).room
    dia = await house.sign_in("dia")
    with pytest.raises(TooManyTalks) as refusal:
        await talk(house, ana, bo, dia)
    assert refusal.value.code == "too_many_talks"
    assert (await talk(house, cleo, bo, ana)).room.id == three.id
    assert (await talk(house, ana, bo)).room.members == 2
    assert (await talk(house, bo, ana, dia)).room.members == 3


async def test_nobody_uses_up_alone_what_somebody_has_of_them(
    house: House, ana: Visitor, bo: Visitor, cleo: Visitor
) -> None:
    await put_into_talks(house, bo, MOST_GROUPS_OF_ONE, by=ana)
    with pytest.raises(TooManyTalks):
        await talk(house, ana, bo, cleo)
    assert (await talk(house, cleo, bo, ana)).room.members == 3


async def put_into_talks(house: House, who: Visitor, count: int, by: Visitor | None = None) -> None:
    """Of three each, the others of whom are nobody."""

    def put(connection: Connection) -> None:
        maker = None if by is None else by.user.id
        for number in range(count):
            key = room_rows.key_of_people([who.user.id, 1_000 + number, 2_000 + number])
            slug = f"dm-{number}"
            room = room_rows.add(connection, slug, "", "", "direct", 1, created_by=maker, direct_key=key)
            membership_rows.join(connection, room.id, who.user.id, 1, "peer")

    await house.services.store.write(put)


async def test_of_two_first_messages_one_brings_the_room(house: House, ana: Visitor, bo: Visitor) -> None:
    room = (await talk(house, ana, bo)).room
    reader = await house.connect(ana)
    await asyncio.gather(house.post(ana, room=room.id), house.post(bo, room=room.id))
    await reader.post()
    assert len(reader.of(events.RoomJoined)) == 1


async def test_whoever_is_nobody_any_more_opens_nothing(house: House, ana: Visitor, bo: Visitor) -> None:
    await departure.delete(house.services, ana, "ana")
    with pytest.raises(RoostError):
        await talk(house, ana, bo)

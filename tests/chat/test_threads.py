"""Threads: who may open one, who follows it, what the message tells of it, and whose thread ends when."""

import msgspec
import pytest

from app.chat import access, bans, departure, editing, memberships, mentions, messages, removal, rooms, threads
from app.chat import room_preferences as preferring
from app.errors import DirectRoom, MessageRemoved, ModeratorsPost, Muted, NotFound, RoomArchived
from app.models import Membership, Message, Removal, Room, Visitor
from app.protocol import commands, events
from app.storage import memberships as membership_rows
from app.storage import messages as message_rows
from tests.support.house import GENERAL, House, new_nonce


@pytest.fixture
async def thread(house: House, ana: Visitor, bo: Visitor) -> Room:
    """Beside what Ana said first, with a reply of Bo's in it."""
    await house.post(ana, "who has the key?")
    opened = await threads.open_thread(house.services, bo, GENERAL, 1)
    await house.post(bo, "I do", opened.thread.id)
    await threads.sum_up(house.services)
    return opened.thread


async def root(house: House, number: int = 1) -> Message:
    found = await house.services.store.read(message_rows.by_number, GENERAL, number)
    assert found is not None
    return found


async def membership(house: House, thread: Room, who: Visitor) -> Membership | None:
    return await house.services.store.read(membership_rows.find, thread.id, who.user.id)


async def follows(house: House, thread: Room, who: Visitor) -> bool:
    found = await membership(house, thread, who)
    return found is not None and not found.hidden


# Opening


async def test_a_message_has_one_thread_whoever_opens_it(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    first = await threads.open_thread(house.services, ana, GENERAL, 1)
    assert (first.thread.kind, first.thread.parent_id, first.thread.root_number) == ("thread", GENERAL, 1)
    for who in (ana, bo):
        again = await threads.open_thread(house.services, who, GENERAL, 1)
        assert again.thread.id == first.thread.id
        assert again.root.number == 1


async def test_opening_one_is_not_following_it_but_its_beginner_does(house: House, thread: Room, ana: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    await threads.open_thread(house.services, cleo, GENERAL, 1)
    assert await membership(house, thread, cleo) is not None
    assert not await follows(house, thread, cleo)
    assert await follows(house, thread, ana)


async def test_nobody_opens_one_beside_a_message_that_is_not_there(house: House, ana: Visitor) -> None:
    await house.post(ana)
    await removal.remove(house.services, ana, GENERAL, 1)
    for number, error in ((1, MessageRemoved), (2, NotFound)):
        with pytest.raises(error):
            await threads.open_thread(house.services, ana, GENERAL, number)


async def test_a_thread_has_no_threads(house: House, thread: Room, bo: Visitor) -> None:
    with pytest.raises(NotFound):
        await threads.open_thread(house.services, bo, thread.id, 1)


async def test_beginning_one_takes_what_a_post_takes(house: House, ana: Visitor) -> None:
    await house.post(ana)
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    bo = await house.sign_in("bo")
    await memberships.join(house.services, bo, room.id)
    await house.post(ana, room=room.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(posting="moderators"))
    with pytest.raises(ModeratorsPost):
        await threads.open_thread(house.services, bo, room.id, 1)
    await threads.open_thread(house.services, ana, room.id, 1)
    assert (await threads.open_thread(house.services, bo, room.id, 1)).thread.parent_id == room.id


# Rules of the room


async def test_the_rules_of_the_room_hold_in_its_threads_at_once(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(ana, room=room.id)
    thread = (await threads.open_thread(house.services, bo, room.id, 1)).thread
    await house.post(bo, "first", thread.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(posting="moderators"))
    with pytest.raises(ModeratorsPost):
        await house.post(bo, "second", thread.id)
    await threads.open_thread(house.services, ana, room.id, 1)
    await house.post(ana, "a moderator's", thread.id)
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    for who in (ana, bo):
        with pytest.raises(RoomArchived):
            await house.post(who, "third", thread.id)


async def test_who_moderates_the_room_moderates_its_threads(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public")
    await memberships.join(house.services, bo, room.id)
    await house.post(bo, room=room.id)
    thread = (await threads.open_thread(house.services, bo, room.id, 1)).thread
    await house.post(bo, "unkind", thread.id)
    await threads.open_thread(house.services, ana, room.id, 1)
    await removal.remove(house.services, ana, thread.id, 1, "unkind")
    assert [message.text for message in (await messages.page(house.services, bo, thread.id)).messages] == [""]


async def test_a_thread_is_not_changed_left_or_filled_by_itself(house: House, thread: Room, ana: Visitor) -> None:
    boss = await house.appoint(ana, "owner")
    with pytest.raises(NotFound):
        await rooms.change(house.services, boss, thread.id, rooms.Wanted(name="Mine"))
    with pytest.raises(NotFound):
        await memberships.leave(house.services, boss, thread.id)
    with pytest.raises(NotFound):
        await memberships.add(house.services, boss, thread.id, (await house.sign_in("cleo")).user.id)
    with pytest.raises(NotFound):
        await access.room_named(house.services, boss, thread.slug)


async def test_no_list_of_rooms_has_a_thread(house: House, thread: Room, bo: Visitor) -> None:
    client = await house.connect(bo)
    (started,) = client.of(events.SessionStarted)
    assert [room.id for room in started.rooms] == [GENERAL]
    listed = await client.ask(commands.ListRooms(ref=0))
    assert isinstance(listed, events.Rooms)
    assert [room.id for room in listed.rooms] == [GENERAL]
    met = await client.ask(commands.ShowPerson(ref=0, person=thread.created_by or 0))
    assert isinstance(met, events.PersonShown)
    assert met.rooms == [GENERAL]
    digest = await client.ask(commands.ShowDigest(ref=0))
    assert isinstance(digest, events.Digest)
    assert [busy.room for busy in digest.rooms] == [GENERAL]


# What the message tells


async def test_the_message_tells_who_said_how_much(house: House, thread: Room, ana: Visitor, bo: Visitor) -> None:
    reader = await house.connect(ana)
    await reader.open()
    for _ in range(3):
        await house.post(ana, "yes", thread.id)
    house.clock.advance(5)
    await house.post(bo, "good", thread.id)
    await threads.sum_up(house.services)
    (changed,) = await reader.hears(events.MessageChanged)
    assert changed.message.thread == events.Thread(
        room=thread.id, count=5, at=house.clock.now(), people=[bo.user.id, ana.user.id]
    )
    assert bo.user.id in {person.id for person in changed.people}
    assert changed.message.text == "who has the key?"
    await threads.sum_up(house.services)
    assert len(reader.of(events.MessageChanged)) == 1


async def test_a_thread_leaves_its_room_as_read_as_it_was(house: House, thread: Room, ana: Visitor) -> None:
    assert (await root(house)).posted_seq is not None
    found = await rooms.of_visitor(house.services, ana)
    assert [room.last_number for room, _ in found] == [1]


async def test_what_is_removed_counts_no_more(house: House, thread: Room, bo: Visitor) -> None:
    await removal.remove(house.services, bo, thread.id, 1)
    await threads.sum_up(house.services)
    told = (await root(house)).more.thread
    assert told is not None
    assert (told.count, told.people) == (0, ())


async def test_a_removed_message_keeps_its_thread_and_comes_back_with_what_it_is_then(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    boss = await house.appoint(await house.sign_in("cleo"), "owner")
    await removal.remove(house.services, boss, GENERAL, 1)
    await house.post(bo, "more", thread.id)
    await threads.sum_up(house.services)
    gone = await root(house)
    assert (gone.text, gone.more.thread and gone.more.thread.count) == ("", 2)
    opened = await threads.open_thread(house.services, ana, GENERAL, 1)
    assert opened.thread.id == thread.id
    removed = Removal(ana.user.id, boss.user.id, house.clock.now())
    assert await removal.restore(house.services, removed) == 1
    back = await root(house)
    assert (back.text, back.more.thread) == ("who has the key?", gone.more.thread)


async def test_what_a_process_that_died_has_not_told_is_told_at_the_next_start(
    house: House, thread: Room, bo: Visitor
) -> None:
    await house.post(bo, "more", thread.id)
    house.services.stirred.clear()
    await threads.look_back(house.services)
    await threads.sum_up(house.services)
    told = (await root(house)).more.thread
    assert told is not None
    assert told.count == 2


# Following


async def test_who_writes_or_is_mentioned_follows(house: House, thread: Room, ana: Visitor) -> None:
    cleo, dan = await house.sign_in("cleo"), await house.sign_in("dan")
    await house.post(ana, "ask @cleo", thread.id)
    assert await follows(house, thread, cleo)
    found = await mentions.page(house.services, cleo, None, 9)
    assert [mention.room_id for mention, _ in found.found] == [thread.id]
    assert found.threads[thread.id].root_number == 1
    await threads.open_thread(house.services, dan, GENERAL, 1)
    await house.post(dan, "nobody asked me", thread.id)
    assert await follows(house, thread, dan)


async def test_who_follows_by_writing_hears_of_it_on_every_device(house: House, thread: Room) -> None:
    cleo = await house.sign_in("cleo")
    client = await house.connect(cleo)
    await threads.open_thread(house.services, cleo, GENERAL, 1)
    await house.post(cleo, "me too", thread.id)
    (preferred,) = await client.hears(events.RoomPreferred)
    assert (preferred.room, preferred.hidden) == (thread.id, False)


async def test_an_edit_that_mentions_somebody_lets_them_follow(house: House, thread: Room, bo: Visitor) -> None:
    cleo = await house.sign_in("cleo")
    await editing.edit(house.services, bo, thread.id, 1, "I do, or @cleo")
    assert await follows(house, thread, cleo)


async def test_who_does_not_follow_any_more_is_told_nothing_until_they_are_meant(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    await preferring.change(house.services, ana, thread.id, hidden=True)
    await house.post(bo, "still here?", thread.id)
    client = await house.connect(ana)
    assert client.of(events.SessionStarted)[0].threads == []
    await house.post(bo, "@ana!", thread.id)
    assert await follows(house, thread, ana)
    (joined,) = await client.hears(events.RoomJoined)
    assert joined.room.id == thread.id
    (told,) = await client.hears(events.MentionPosted)
    assert told.room == thread.id
    assert client.types.index("room.joined") < client.types.index("mention.posted")


async def test_followers_are_told_once_when_something_is_new_to_them(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    told = (await root(house)).more.thread
    assert told is not None
    client = await house.connect(bo)
    assert client.of(events.SessionStarted)[0].threads[0].id == thread.id
    reader = await house.connect(ana)
    await reader.ask(commands.ReadRoom(ref=0, room=thread.id, number=1))
    late = await house.connect(ana)
    assert late.of(events.SessionStarted)[0].threads == []
    for _ in range(2):
        await house.post(bo, "again", thread.id)
        await threads.sum_up(house.services)
    (joined,) = await late.hears(events.RoomJoined)
    assert (joined.room.parent, joined.room.root, joined.room.read) == (GENERAL, 1, 1)
    await house.pulse.tell()
    await late.hears(events.RoomActivity)
    assert len(late.of(events.RoomJoined)) == 1


async def test_followed_threads_are_listed_where_something_was_said_last_first(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    await house.post(ana, "another")
    other = (await threads.open_thread(house.services, ana, GENERAL, 2)).thread
    await threads.open_thread(house.services, bo, GENERAL, 2)
    house.clock.advance(5)
    await house.post(ana, "said last", other.id)
    first = await threads.page(house.services, ana, None, 1)
    assert [each.id for each, _, _ in first.threads] == [other.id]
    assert [message.text for _, _, message in first.threads] == ["another"]
    further = await threads.page(house.services, ana, other.id, 9)
    assert [each.id for each, _, _ in further.threads] == [thread.id]
    assert (first.last, further.last) == (False, True)
    assert [each.id for each, _, _ in (await threads.page(house.services, bo, None, 9)).threads] == [thread.id]


# The end


async def ended(house: House, thread: Room, who: Visitor) -> bool:
    with pytest.raises(NotFound):
        await messages.page(house.services, who, thread.id)
    return await membership(house, thread, who) is None


async def test_who_leaves_the_room_leaves_its_threads_on_every_device(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "private")
    await memberships.add(house.services, ana, room.id, bo.user.id)
    await house.post(bo, room=room.id)
    thread = (await threads.open_thread(house.services, bo, room.id, 1)).thread
    await house.post(bo, "in it", thread.id)
    client = await house.connect(bo)
    await client.open(thread.id)
    await memberships.remove(house.services, ana, room.id, bo.user.id)
    removed = await client.hears(events.RoomRemoved, 2)
    assert [each.room for each in removed] == [room.id, thread.id]
    assert await ended(house, thread, bo)
    client.forget()
    await threads.open_thread(house.services, ana, room.id, 1)
    await house.post(ana, "@bo does not hear this", thread.id)
    await threads.sum_up(house.services)
    await client.ask(commands.Ping(ref=0))
    assert client.types == ["done"]
    with pytest.raises(NotFound):
        await threads.open_thread(house.services, bo, room.id, 1)


async def test_who_left_the_room_is_in_its_threads_no_more_whatever_is_remembered(
    house: House, thread: Room, bo: Visitor
) -> None:
    await access.room_to_read(house.services, bo, thread.id)
    await memberships.leave(house.services, bo, GENERAL)
    assert await ended(house, thread, bo)
    await memberships.join(house.services, bo, GENERAL)
    assert await ended(house, thread, bo)
    await threads.open_thread(house.services, bo, GENERAL, 1)
    assert not await follows(house, thread, bo)


async def test_who_is_banned_or_gone_is_in_no_thread(house: House, thread: Room, ana: Visitor, bo: Visitor) -> None:
    boss = await house.appoint(await house.sign_in("cleo"), "owner")
    await bans.ban(house.services, boss, bo.user.id)
    assert await membership(house, thread, bo) is None
    await departure.delete(house.services, ana, "ana")
    assert await membership(house, thread, ana) is None
    await bans.lift(house.services, boss, bo.user.id)
    assert await membership(house, thread, bo) is None
    assert [room.id for room, _ in await rooms.of_visitor(house.services, bo)] == [GENERAL]


async def test_all_that_somebody_wrote_is_removed_in_threads_too(house: House, thread: Room, bo: Visitor) -> None:
    gone = Removal(bo.user.id, bo.user.id, house.clock.now())
    assert await removal.remove_all(house.services, gone) == 1
    await threads.sum_up(house.services)
    told = (await root(house)).more.thread
    assert told is not None
    assert told.count == 0


# Talks of a few people


async def test_a_talk_has_threads_and_ends_them_with_it(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(ana)
    shown = await client.ask(commands.OpenDirect(ref=0, people=[bo.user.id]))
    assert isinstance(shown, events.RoomShown)
    await house.post(ana, "between us", shown.room.id)
    thread = (await threads.open_thread(house.services, bo, shown.room.id, 1)).thread
    await house.post(bo, "yes", thread.id)
    found = await membership(house, thread, bo)
    assert found is not None
    assert found.role == "peer"
    with pytest.raises(DirectRoom):
        await memberships.leave(house.services, bo, shown.room.id)


async def test_somebody_muted_writes_in_no_thread(house: House, thread: Room, bo: Visitor) -> None:
    muted = msgspec.structs.replace(bo.user, muted_until=house.clock.now() + 60_000)
    with pytest.raises(Muted):
        await (
            await messages.post(house.services, msgspec.structs.replace(bo, user=muted), thread.id, new_nonce(), "x")
        )

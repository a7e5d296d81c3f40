"""Posting, repeats, limits, and pages of history."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from msgspec.structs import replace

from app.chat import direct, drafts, memberships, messages, presence, reactions, rooms, threads
from app.errors import (
    ModeratorsPost,
    NotFound,
    RoomArchived,
    StorageFull,
    TextEmpty,
    TextTooLong,
    TooFast,
    Unavailable,
)
from app.models import Visitor
from app.protocol import events
from app.storage.log import WAITING_LIMIT
from tests.support.house import GENERAL, House, StuckWriter, new_nonce, open_house, user_of
from tests.support.storage import statements
from tests.support.waiting import until


async def test_a_message_is_broadcast_after_its_commit_and_before_the_sender_is_told(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    order: list[str] = []
    await house.services.bus.start(lambda *_: order.append("told"), lambda: None)
    house.services.bus.subscribe("room:1")
    future = await messages.post(house.services, ana, GENERAL, new_nonce(), "hello")
    future.add_done_callback(lambda _: order.append("answered"))
    await asyncio.sleep(0.01)
    assert order == []
    await stuck.release()
    await until(lambda: len(order) == 2)
    assert order == ["told", "answered"]


async def test_a_repeat_is_answered_and_not_broadcast_again(house: House, ana: Visitor, bo: Visitor) -> None:
    client = await house.connect(bo)
    await client.open()
    nonce = new_nonce()
    first = await house.post(ana, "once", nonce=nonce)
    for text in ("once", "in other words"):
        again = await house.post(ana, text, nonce=nonce)
        assert again.duplicate
        assert again.message == first.message
    await house.post(ana, "the next")
    await client.hears(events.MessagePosted, 2)
    assert [posted.message.text for posted in client.of(events.MessagePosted)] == ["once", "the next"]
    assert house.services.store.log.duplicates == 2
    assert house.services.store.log.appended == 2


async def test_a_repeat_within_one_batch_is_one_message(house: House, ana: Visitor, bo: Visitor) -> None:
    client, nonce = await house.connect(bo), new_nonce()
    await client.open()
    posted = await asyncio.gather(*[house.post(ana, "once", nonce=nonce) for _ in range(5)])
    assert sorted(each.duplicate for each in posted) == [False, True, True, True, True]
    assert len({each.message.number for each in posted}) == 1
    await client.hears(events.MessagePosted)
    assert len(client.of(events.MessagePosted)) == 1


async def test_the_same_nonce_of_two_people_is_two_messages(house: House, ana: Visitor, bo: Visitor) -> None:
    nonce = new_nonce()
    one, other = [await house.post(who, "mine", nonce=nonce) for who in (ana, bo)]
    assert (one.message.number, other.message.number) == (1, 2)


@contextmanager
def nobody_hears(house: House) -> Iterator[None]:
    """The database stores what it is given, and its answer is lost."""
    database = type(house.services.store.database)
    append = database.append

    async def store(kept: Any, given: Any, now: int) -> NoReturn:
        await append(kept, given, now)
        raise Unavailable

    with pytest.MonkeyPatch.context() as losing:
        losing.setattr(database, "append", store)
        yield


@pytest.mark.parametrize("remembered", [True, False])
async def test_a_talk_whose_first_message_was_stored_unheard_comes_when_that_is_sent_again(
    house: House, ana: Visitor, bo: Visitor, remembered: bool
) -> None:
    theirs, nonce = await house.connect(bo), new_nonce()
    room = (await direct.open_room(house.services, ana, [bo.user.id])).room
    with nobody_hears(house), pytest.raises(Unavailable):
        await house.post(ana, "hello", room.id, nonce)
    if not remembered:
        house.services.cache.clear()
    assert (await house.post(ana, "hello", room.id, nonce)).duplicate
    await house.pulse.tell()
    (joined,) = await theirs.hears(events.RoomJoined)
    assert (joined.room.id, joined.room.number, joined.room.read) == (room.id, 1, 0)
    assert joined.room.people == [user_of(ana.user), user_of(bo.user)]
    await house.post(ana, "hello", room.id, nonce)
    await house.pulse.tell()
    await until(lambda: not house.services.begun)
    assert len(theirs.of(events.RoomJoined)) == 1


@pytest.mark.parametrize("archived", [False, True])
async def test_a_thread_counts_what_was_stored_unheard_when_that_is_sent_again(
    house: House, ana: Visitor, bo: Visitor, archived: bool
) -> None:
    room, nonce = await annex(house, ana, bo), new_nonce()
    thread = (await threads.open_thread(house.services, bo, room, 1)).thread
    with nobody_hears(house), pytest.raises(Unavailable):
        await house.post(bo, "I do", thread.id, nonce)
    if archived:
        await rooms.change(house.services, ana, room, rooms.Wanted(archived=True))
    assert (await house.post(bo, "I do", thread.id, nonce)).duplicate
    await threads.sum_up(house.services)
    (root,) = (await messages.page(house.services, bo, room)).messages
    assert root.more.thread is not None
    assert root.more.thread.count == 1


async def test_whoever_has_left_is_answered_what_they_had_sent_and_nothing_that_came_on_it_since(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    room, attic, cleo = await annex(house, ana, bo), await house.private_room(), await house.sign_in("cleo")
    (first,) = (await messages.page(house.services, bo, room)).messages
    await memberships.leave(house.services, bo, room)
    await reactions.react(house.services, ana, room, 1, "👍", on=True)
    again = await house.post(bo, "before", room, nonce="n" * 16)
    assert again.duplicate
    assert again.message == replace(first, posted_seq=first.seq)
    for who, where, nonce in ((bo, room, new_nonce()), (bo, attic.id, "n" * 16), (cleo, room, "n" * 16)):
        with pytest.raises(NotFound):
            await house.post(who, "before", where, nonce)


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0\u2003"])
async def test_nothing_is_not_posted(house: House, ana: Visitor, text: str) -> None:
    with pytest.raises(TextEmpty):
        await house.post(ana, text)


async def test_a_text_is_as_long_as_its_limit_after_trimming(house: House, ana: Visitor) -> None:
    posted = await house.post(ana, "  " + "ä" * 4_000 + "\n")
    assert posted.message.text == "ä" * 4_000
    with pytest.raises(TextTooLong) as refusal:
        await house.post(ana, "ä" * 4_001)
    assert "4,000" in refusal.value.message


async def test_lines_inside_a_text_stay_as_they_are(house: House, ana: Visitor) -> None:
    posted = await house.post(ana, "\n one\n\n  two \n")
    assert posted.message.text == "one\n\n  two"
    assert posted.message.html == "one<br><br>  two"


async def test_sending_too_fast_is_refused_with_the_time_to_wait(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"LIMIT_SENDS_PER_10_SECONDS": "20"}) as house:
        ana, bo = await house.sign_in("ana"), await house.sign_in("bo")
        for number in range(20):
            await house.post(ana, f"{number}")
        with pytest.raises(TooFast) as refusal:
            await house.post(ana)
        assert refusal.value.retry_after == 0.5
        assert refusal.value.temporary
        await house.post(bo, "the limit is each one's own")
        house.clock.advance(0.49)
        with pytest.raises(TooFast):
            await house.post(ana)
        house.clock.advance(0.01)
        await house.post(ana, "in time")
        assert house.services.store.log.appended == 22


async def annex(house: House, moderator: Visitor, member: Visitor, **wanted: Any) -> int:
    room, _ = await rooms.create(house.services, moderator, "Annex", "public")
    await memberships.join(house.services, member, room.id)
    await house.post(member, "before", room.id, nonce="n" * 16)
    await rooms.change(house.services, moderator, room.id, rooms.Wanted(**wanted))
    return room.id


async def test_nobody_posts_in_an_archived_room(house: House, ana: Visitor, bo: Visitor) -> None:
    room = await annex(house, ana, bo, archived=True)
    for who in (ana, bo):
        with pytest.raises(RoomArchived):
            await house.post(who, "hello", room)
        with pytest.raises(RoomArchived):
            await presence.typing(house.services, who, room)
    await drafts.save(house.services, bo, room, "")
    assert (await house.post(bo, "before", room, nonce="n" * 16)).duplicate, "it was stored then"
    await rooms.change(house.services, ana, room, rooms.Wanted(archived=False))
    await house.post(bo, "hello", room)


async def test_only_moderators_make_announcements(house: House, ana: Visitor, bo: Visitor) -> None:
    room = await annex(house, ana, bo, posting="moderators")
    await house.post(ana, "hear, hear", room)
    with pytest.raises(ModeratorsPost):
        await house.post(bo, "hello", room)
    assert (await house.post(bo, "before", room, nonce="n" * 16)).duplicate


async def test_members_of_a_slow_room_wait_between_two_messages(house: House, ana: Visitor, bo: Visitor) -> None:
    room = await annex(house, ana, bo, slow_seconds=30)
    for _ in range(3):
        await house.post(ana, "a moderator", room)
    first = await house.post(bo, "one", room, nonce="o" * 16)
    house.clock.advance(10)
    with pytest.raises(TooFast) as refusal:
        await house.post(bo, "two", room)
    assert refusal.value.retry_after == 20.0
    await house.post(bo, "elsewhere")
    assert (await house.post(bo, "one", room, nonce="o" * 16)).message == first.message
    house.clock.advance(20)
    assert (await house.post(bo, "one", room, nonce="o" * 16)).duplicate
    await house.post(bo, "two", room)


async def test_a_slow_room_and_its_threads_are_waited_for_together(house: House, ana: Visitor, bo: Visitor) -> None:
    room = await annex(house, ana, bo, slow_seconds=30)
    await house.post(ana, "another", room)
    beside = [(await threads.open_thread(house.services, bo, room, number)).thread.id for number in (1, 2)]
    for first in (beside[0], room):
        await house.post(bo, f"first in {first}", first)
        for where in (room, *beside):
            with pytest.raises(TooFast):
                await house.post(bo, f"then in {where}", where)
        await house.post(ana, "a moderator", beside[1])
        await house.post(bo, f"elsewhere after {first}")
        house.clock.advance(30)


async def test_nobody_waits_after_what_was_not_stored(
    house: House, ana: Visitor, bo: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await annex(house, ana, bo, slow_seconds=30)
    with monkeypatch.context() as full:
        full.setattr(type(house.services.store.database), "append", raise_full)
        with pytest.raises(StorageFull):
            await house.post(bo, "one", room)
    await house.post(bo, "one", room)


async def raise_full(*_: object) -> NoReturn:
    raise StorageFull


async def test_a_message_costs_no_look_into_the_database(house: House, ana: Visitor, bo: Visitor) -> None:
    room = await annex(house, ana, bo, posting="moderators", slow_seconds=30)
    await until(lambda: house.hub.lookout.is_idle)  # its first look forgets everything
    await house.post(ana, "what is remembered from now on", room)
    with statements(house.services.store) as made:
        await house.post(ana, "hello", room)
    assert not [statement for statement in made if "memberships" in statement or "name_key" in statement], made


async def test_reading_history_too_fast_is_refused(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"LIMIT_HISTORY_PER_MINUTE": "3"}) as house:
        ana = await house.sign_in("ana")
        for _ in range(3):
            await messages.page(house.services, ana, GENERAL)
        with pytest.raises(TooFast) as refusal:
            await messages.page(house.services, ana, GENERAL)
        assert refusal.value.retry_after == 20.0


async def test_a_full_disk_and_an_absent_database_have_their_names(house: House, ana: Visitor) -> None:
    await house.services.store.write(lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(StorageFull):
        await house.post(ana)
    await house.services.store.database.close()
    with pytest.raises(Unavailable):
        await house.post(ana)


async def test_more_waiting_messages_than_allowed_are_refused_at_once(
    house: House, ana: Visitor, stuck: StuckWriter
) -> None:
    first = [await messages.post(house.services, ana, GENERAL, new_nonce(), "x") for _ in range(WAITING_LIMIT)]
    await asyncio.sleep(0)
    # Those are with the writer now; as many more fill the queue.
    more = [await messages.post(house.services, ana, GENERAL, new_nonce(), "x") for _ in range(WAITING_LIMIT)]
    with pytest.raises(Unavailable):
        await house.post(ana)
    await stuck.release()
    await asyncio.gather(*first, *more)


async def test_times_come_from_the_server_and_never_fall(house: House, ana: Visitor) -> None:
    first = await house.post(ana)
    house.clock.set_back(3600)
    second = await house.post(ana)
    house.clock.advance(7200)
    third = await house.post(ana)
    assert first.message.at == second.message.at
    assert third.message.at == first.message.at + 3_600_000


async def test_two_hundred_at_once_share_commits_and_a_lone_one_takes_one(house: House, ana: Visitor) -> None:
    log = house.services.store.log
    await house.post(ana)
    assert log.commits == 1
    posted = await asyncio.gather(*[house.post(ana, f"{number}") for number in range(200)])
    assert [each.message.number for each in posted] == list(range(2, 202))
    assert log.commits <= 10


# History


async def fill(house: House, who: Visitor, count: int) -> None:
    await asyncio.gather(*[house.post(who, f"{number}") for number in range(1, count + 1)])


@pytest.mark.parametrize(
    ("where", "numbers", "first", "last"),
    [
        ({}, range(6, 11), False, True),
        ({"before": 6}, range(1, 6), True, False),
        ({"before": 5}, range(1, 5), True, False),
        ({"before": 1}, range(0), True, False),
        ({"before": 10_000}, range(6, 11), False, True),
        ({"after": 0}, range(1, 6), True, False),
        ({"after": 7}, range(8, 11), False, True),
        ({"after": 10}, range(0), False, True),
        ({"around": 5}, range(3, 8), False, False),
        ({"around": 1}, range(1, 6), True, False),
        ({"around": 10}, range(6, 11), False, True),
        ({"around": 9_999}, range(6, 11), False, True),
    ],
)
async def test_pages_of_ten_messages(
    house: House, ana: Visitor, where: dict[str, int], numbers: range, first: bool, last: bool
) -> None:
    await fill(house, ana, 10)
    page = await messages.page(house.services, ana, GENERAL, limit=5, **where)
    assert [message.number for message in page.messages] == list(numbers)
    assert (page.first, page.last) == (first, last)
    assert [author.handle for author in page.people] == (["ana"] if numbers else [])


@pytest.mark.parametrize("where", [{}, {"before": 5}, {"after": 0}, {"around": 1}])
async def test_a_page_of_an_empty_room_is_all_there_is(house: House, ana: Visitor, where: dict[str, int]) -> None:
    page = await messages.page(house.services, ana, GENERAL, **where)
    assert page.messages == []
    assert page.first
    assert page.last


async def test_rendering_and_storing_leave_the_event_loop_alone(house: House, ana: Visitor) -> None:
    threads = set()

    def note(_: object) -> None:
        threads.add(threading.get_ident())

    await house.services.store.read(note)
    await house.services.store.write(note)
    assert threading.get_ident() not in threads
    assert len(threads) == 2

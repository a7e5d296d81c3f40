import asyncio
import random
from collections.abc import Awaitable
from typing import Any

import pytest

from app.errors import NotFound, Unavailable
from app.models import Message, NewMessage, Posted, User
from app.storage import log as log_module
from app.storage import messages, rooms
from app.storage.store import Store, open_store
from tests.contract.conftest import SetClock
from tests.support.gate import Hold
from tests.support.storage import NOT_TEXT, new_message, outcomes, person, post


async def everything(store: Store, room_id: int = 1) -> list[Message]:
    return await store.read(messages.after, room_id, 0, 100_000)


async def add_room(store: Store, slug: str) -> int:
    return (await store.write(rooms.add, slug, slug, "", "public", 0)).id


async def test_a_message_is_stored_as_it_was_drafted(store: Store, clock: SetClock, ada: User) -> None:
    posted = await store.log.append(NewMessage(1, ada.id, "nonce-of-ada-0001", "me", "waves", "<i>waves</i>"))
    expected = Message(1, 1, 1, ada.id, "nonce-of-ada-0001", "me", "waves", "<i>waves</i>", clock.time)
    assert posted == Posted(expected, duplicate=False)
    assert await everything(store) == [expected]


async def test_both_counters_of_the_room_follow_its_messages(store: Store, clock: SetClock, ada: User) -> None:
    await post(store, [new_message(ada) for _ in range(5)])
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert (room.last_number, room.seq, room.last_at) == (5, 5, clock.time)


async def test_messages_take_the_next_seq_after_other_changes_of_the_room(store: Store, ada: User) -> None:
    await post(store, [new_message(ada)])
    await store.write(rooms.admit, 1, 3)
    (posted,) = await post(store, [new_message(ada)])
    assert (posted.message.number, posted.message.seq) == (2, 5)


async def test_a_repeated_nonce_returns_the_first_message(store: Store, ada: User) -> None:
    (first,) = await post(store, [new_message(ada, "first", nonce="the-same-nonce-01")])
    (again,) = await post(store, [new_message(ada, "other text", nonce="the-same-nonce-01")])
    assert again == Posted(first.message, duplicate=True)
    assert await everything(store) == [first.message]


async def test_a_nonce_repeated_inside_one_batch_returns_the_first_message(store: Store, ada: User) -> None:
    texts = ["first", "second", "third"]
    posted = await post(store, [new_message(ada, text, nonce="the-same-nonce-01") for text in texts])
    assert [one.duplicate for one in posted] == [False, True, True]
    assert [one.message.text for one in posted] == ["first"] * 3
    assert len(await everything(store)) == 1
    assert store.log.commits == 1


async def test_a_nonce_repeated_in_another_room_returns_the_first_message(store: Store, ada: User) -> None:
    other = await add_room(store, "other")
    (first,) = await post(store, [new_message(ada, nonce="the-same-nonce-01")])
    (again,) = await post(store, [new_message(ada, nonce="the-same-nonce-01", room_id=other)])
    assert again == Posted(first.message, duplicate=True)
    assert await everything(store, other) == []


async def test_two_people_may_use_one_nonce(store: Store, ada: User, bob: User) -> None:
    posted = await post(
        store, [new_message(ada, nonce="the-same-nonce-01"), new_message(bob, nonce="the-same-nonce-01")]
    )
    assert [(one.message.author_id, one.duplicate) for one in posted] == [(ada.id, False), (bob.id, False)]


async def test_a_repeat_is_known_after_a_restart(url: str, store: Store, ada: User) -> None:
    (first,) = await post(store, [new_message(ada, nonce="the-same-nonce-01")])
    await store.close()
    reopened = await open_store(url)
    (again,) = await post(reopened, [new_message(ada, nonce="the-same-nonce-01")])
    assert again == Posted(first.message, duplicate=True)
    await reopened.close()


async def test_rooms_count_apart(store: Store, ada: User) -> None:
    other = await add_room(store, "other")
    await post(store, [new_message(ada, f"{number}", room_id=(1, other)[number % 2]) for number in range(20)])
    for room_id, remainder in ((1, 0), (other, 1)):
        kept = await everything(store, room_id)
        assert [one.number for one in kept] == list(range(1, 11))
        assert [one.seq for one in kept] == list(range(1, 11))
        assert [int(one.text) for one in kept] == list(range(remainder, 20, 2))


async def test_messages_of_one_turn_share_a_commit(store: Store, ada: User) -> None:
    await post(store, [new_message(ada) for _ in range(200)])
    assert store.log.commits == 1
    assert store.log.appended == 200
    assert store.log.batches.counts()[256] == 1


async def test_messages_that_come_during_a_commit_share_the_next_one(store: Store, ada: User) -> None:
    hold = Hold(store)
    await hold.reached()
    first = store.log.append(new_message(ada))
    await asyncio.sleep(0)
    rest = []
    for _ in range(10):
        rest.append(store.log.append(new_message(ada)))
        await asyncio.sleep(0)
    await hold.release()
    await asyncio.gather(first, *rest)
    assert store.log.commits == 2


async def test_a_batch_resolves_together_and_in_order(store: Store, ada: User) -> None:
    resolved: list[int] = []
    waiting = [store.log.append(new_message(ada)) for _ in range(20)]
    for future in waiting:
        future.add_done_callback(lambda future: resolved.append(future.result().message.number))
    await waiting[0]
    await asyncio.sleep(0)
    assert resolved == list(range(1, 21))


async def test_a_message_that_cannot_be_stored_does_not_fail_its_neighbours(store: Store, ada: User) -> None:
    nobody = User(999, None, "nobody", "nobody", "person", "member", 0)
    given = [
        new_message(ada, "one"),
        new_message(nobody),
        new_message(ada, NOT_TEXT),
        new_message(ada, room_id=999),
        new_message(ada, "two"),
    ]
    one, foreign, broken, lost, two = await outcomes(store.log, given)
    assert (one.message.number, two.message.number) == (1, 2)
    assert "foreign key" in str(foreign).lower()
    assert "surrogates" in str(broken)
    assert isinstance(lost, NotFound)
    assert [message.text for message in await everything(store)] == ["one", "two"]


async def test_a_thousand_at_once_with_failures_and_repeats_leave_no_hole(store: Store) -> None:
    people = [await person(store, f"person{number}") for number in range(20)]
    chance = random.Random(7)
    given: list[NewMessage] = []
    for number in range(1_000):
        kind = chance.random()
        if kind < 0.05:
            given.append(new_message(chance.choice(people), NOT_TEXT))
        elif kind < 0.15 and given:
            given.append(chance.choice(given))
        else:
            given.append(new_message(chance.choice(people), f"{number}"))
    results = await in_bursts(store, given, chance)
    await check_one_row_per_send(store, given, results)


async def in_bursts(store: Store, given: list[NewMessage], chance: random.Random) -> list[Any]:
    """Some in one turn of the loop, some a few turns later: batches of every size."""
    waiting: list[Awaitable[Any]] = []
    for one in given:
        waiting.append(store.log.append(one))
        if chance.random() < 0.05:
            for _ in range(chance.choice([1, 2, 50])):
                await asyncio.sleep(0)
    return await asyncio.gather(*waiting, return_exceptions=True)


async def check_one_row_per_send(store: Store, given: list[NewMessage], results: list[Any]) -> None:
    kept = await everything(store)
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    assert [one.seq for one in kept] == list(range(1, len(kept) + 1))
    by_send = {(one.author_id, one.nonce): one for one in kept}
    sound = {(one.author_id, one.nonce) for one in given if one.text != NOT_TEXT}
    assert by_send.keys() == sound
    for one, result in zip(given, results, strict=True):
        if one.text == NOT_TEXT:
            assert "surrogates" in str(result)
        else:
            assert result.message == by_send[one.author_id, one.nonce]
    firsts = [one for one in results if isinstance(one, Posted) and not one.duplicate]
    assert [one.message.number for one in firsts] == list(range(1, len(kept) + 1))
    assert store.log.appended == len(kept)
    assert store.log.duplicates == sum(isinstance(one, Posted) and one.duplicate for one in results) > 0


async def test_the_order_of_one_sender_is_kept_past_messages_that_fail(store: Store, ada: User, bob: User) -> None:
    given = [
        new_message((ada, bob)[number % 2], NOT_TEXT if number % 17 == 0 else f"{number}") for number in range(500)
    ]
    await in_bursts(store, given, random.Random(3))
    for author in (ada, bob):
        said = [int(one.text) for one in await everything(store) if one.author_id == author.id]
        assert said == sorted(said)
        assert len(said) > 200


async def test_time_never_falls_inside_a_room(store: Store, clock: SetClock, ada: User) -> None:
    for time in (5_000, 9_000, 1_000, 9_500):
        clock.time = time
        await post(store, [new_message(ada), new_message(ada)])
    assert [one.at for one in await everything(store)] == [5_000, 5_000, 9_000, 9_000, 9_000, 9_000, 9_500, 9_500]


async def test_another_room_keeps_its_own_time(store: Store, clock: SetClock, ada: User) -> None:
    other = await add_room(store, "other")
    clock.time = 9_000
    await post(store, [new_message(ada)])
    clock.time = 1_000
    (posted,) = await post(store, [new_message(ada, room_id=other)])
    assert posted.message.at == 1_000


async def test_an_imported_message_keeps_its_time_unless_the_room_is_past_it(store: Store, ada: User) -> None:
    posted = await post(store, [new_message(ada, at=time) for time in (300, 100, 400)])
    assert [one.message.at for one in posted] == [300, 300, 400]


async def test_too_many_waiting_messages_are_refused_at_once(
    store: Store, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "WAITING_LIMIT", 10)
    hold = Hold(store)
    await hold.reached()
    under_way = store.log.append(new_message(ada))
    await asyncio.sleep(0)
    waiting = [store.log.append(new_message(ada)) for _ in range(10)]
    with pytest.raises(Unavailable):
        await store.log.append(new_message(ada))
    await hold.release()
    await asyncio.gather(under_way, *waiting)
    assert len(await everything(store)) == 11


async def test_a_cancelled_wait_does_not_take_the_message_back(store: Store, ada: User) -> None:
    first, second = store.log.append(new_message(ada, "first")), store.log.append(new_message(ada, "second"))
    first.cancel()
    await second
    assert [one.text for one in await everything(store)] == ["first", "second"]


async def test_it_tells_of_each_message_before_its_future_resolves_cancelled_or_not(store: Store, ada: User) -> None:
    told: list[tuple[str, bool]] = []
    first = store.log.append(new_message(ada, "first"), lambda posted: told.append((posted.message.text, first.done())))
    second = store.log.append(
        new_message(ada, "second"), lambda posted: told.append((posted.message.text, second.done()))
    )
    first.cancel()
    await second
    assert told == [("first", True), ("second", False)]


async def test_of_what_is_not_stored_nothing_is_told(store: Store, ada: User) -> None:
    told: list[Posted] = []
    with pytest.raises(NotFound):
        await store.log.append(new_message(ada, room_id=99), told.append)
    assert told == []


async def test_whoever_cannot_be_told_does_not_keep_the_others_waiting(
    store: Store, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Posted) -> None:
        raise ValueError("broken")

    posted = await asyncio.gather(store.log.append(new_message(ada), broken), store.log.append(new_message(ada)))
    assert [one.message.number for one in posted] == [1, 2]
    assert "nobody was told of message 1 of room 1" in caplog.text


async def test_closing_stores_what_the_log_was_given(url: str, store: Store, ada: User) -> None:
    waiting = [store.log.append(new_message(ada)) for _ in range(30)]
    await store.close()
    assert all(future.done() and not future.exception() for future in waiting)


async def test_a_closed_database_is_said_to_each_sender(store: Store, ada: User) -> None:
    await store.database.close()
    results = await outcomes(store.log, [new_message(ada), new_message(ada)])
    assert [type(one) for one in results] == [Unavailable, Unavailable]
    assert results[0] is not results[1]

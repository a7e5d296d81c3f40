"""What a message tells of its thread, by the clock."""

from pathlib import Path

import pytest

from app.bus.memory import MemoryBus
from app.chat import threads
from app.models import Visitor
from app.protocol import events
from app.storage.database import Connection
from tests.support.gate import Gate
from tests.support.house import GENERAL, House
from tests.support.postgres import Databases
from tests.support.processes import process
from tests.support.waiting import until


async def test_a_burst_in_a_thread_is_one_change_of_its_room(house: House, ana: Visitor, bo: Visitor) -> None:
    await house.post(ana)
    thread = (await threads.open_thread(house.services, bo, GENERAL, 1)).thread
    reader = await house.connect(ana)
    await reader.open()
    for _ in range(5):
        await house.post(bo, room=thread.id)
    await house.pulse.tell()
    (changed,) = await reader.hears(events.MessageChanged)
    assert changed.message.thread is not None
    assert changed.message.thread.count == 5
    await until(lambda: not house.services.stirred)
    await house.pulse.tell()
    await house.post(ana, "in the room")
    await reader.hears(events.MessagePosted)
    assert len(reader.of(events.MessageChanged)) == 1


async def test_what_cannot_be_told_now_is_told_by_the_next_round(house: House, ana: Visitor) -> None:
    await house.post(ana)
    thread = (await threads.open_thread(house.services, ana, GENERAL, 1)).thread
    await house.post(ana, room=thread.id)
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE messages RENAME TO lost"))
    await house.pulse.tell()
    await until(lambda: house.pulse._summaries._task is None)
    assert house.services.stirred == {thread.id}
    await house.services.store.write(lambda c: c.exec_driver_sql("ALTER TABLE lost RENAME TO messages"))
    await house.pulse.tell()
    await until(lambda: not house.services.stirred)


async def test_a_reply_that_is_stored_while_those_before_it_are_counted_is_told_too(
    postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL, where nobody waits for who counts."""
    with postgres.fresh() as url:
        async with process(url, MemoryBus(), tmp_path) as here:
            ana, _ = await here.sign_in("ana")
            client = await here.connect(ana, GENERAL)
            await client.post("in the room")
            thread = (await threads.open_thread(here.services, ana, GENERAL, 1)).thread
            gate, count_again = Gate(), threads.count_again

            def held(connection: Connection, thread_id: int) -> threads.Told | None:
                told = count_again(connection, thread_id)
                gate.wait()
                return told

            monkeypatch.setattr(threads, "count_again", held)
            await client.post("first", thread.id)
            await gate.reached()
            await client.post("second", thread.id)
            gate.open()
            told = [changed.message.thread for changed in await client.hears(events.MessageChanged, 2)]
            assert [each.count for each in told if each is not None] == [1, 2]

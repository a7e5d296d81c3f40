"""What a message tells of its thread, by the clock."""

from app.chat import threads
from app.models import Visitor
from app.protocol import events
from tests.support.house import GENERAL, House
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

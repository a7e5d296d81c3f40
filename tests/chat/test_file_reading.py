"""Who reads a file: of a room, of a thread, of no message yet."""

import pytest

from app.chat import file_reading, memberships, public_reading, removal, rooms, search, threads
from app.errors import FileGone, NotFound
from app.models import File, Removal, Room, Visitor
from tests.chat.test_export import exported
from tests.chat.test_files import bring, post
from tests.chat.test_search import index
from tests.support.house import GENERAL, House


@pytest.fixture
async def thread(house: House, ana: Visitor) -> Room:
    await house.post(ana, "who has the key?")
    return (await threads.open_thread(house.services, ana, GENERAL, 1)).thread


async def reads(house: House, who: Visitor | None, file: File) -> bool:
    try:
        return await file_reading.find(house.services, who, file.id) == file
    except NotFound:
        return False


async def test_who_reads_a_room_reads_the_files_of_its_threads_without_coming_into_them(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    file = await bring(house, ana, room=thread.id)
    assert (await reads(house, ana, file), await reads(house, bo, file)) == (True, False)
    await post(house, ana, file, room=thread.id)
    assert await reads(house, bo, file)
    await memberships.leave(house.services, bo, GENERAL)
    assert not await reads(house, bo, file)


async def test_a_file_for_a_thread_is_not_sent_in_its_room(house: House, thread: Room, ana: Visitor) -> None:
    for brought_in, sent_in in ((thread.id, GENERAL), (GENERAL, thread.id)):
        with pytest.raises(FileGone):
            await post(house, ana, await bring(house, ana, room=brought_in), room=sent_in)


async def test_of_a_room_that_everybody_reads_the_threads_stay_inside(house: House, thread: Room, ana: Visitor) -> None:
    file, beside = await bring(house, ana), await bring(house, ana, room=thread.id)
    await post(house, ana, file)
    await post(house, ana, beside, room=thread.id)
    await public_reading.change_by_operator(house.services, on=True)
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE rooms SET is_readable = TRUE")
    )
    assert (await reads(house, None, file), await reads(house, None, beside)) == (True, False)


async def test_files_of_a_private_room_s_thread_stay_there(house: House, ana: Visitor, bo: Visitor) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "private", "", "")
    await house.post(ana, "who has the key?", room.id)
    thread = (await threads.open_thread(house.services, ana, room.id, 1)).thread
    file = await bring(house, ana, room=thread.id)
    await post(house, ana, file, room=thread.id)
    assert (await reads(house, ana, file), await reads(house, bo, file)) == (True, False)


async def test_what_is_removed_in_a_thread_takes_its_files_along_and_brings_them_back(
    house: House, thread: Room, ana: Visitor, bo: Visitor
) -> None:
    file = await bring(house, ana, room=thread.id)
    await post(house, ana, file, room=thread.id)
    await removal.remove(house.services, ana, thread.id, 1)
    assert not await reads(house, bo, file)
    await removal.restore(house.services, Removal(ana.user.id, ana.user.id, house.clock.now()))
    assert await reads(house, bo, file)


async def test_the_files_of_a_thread_are_found_and_exported(house: House, thread: Room, ana: Visitor) -> None:
    await post(house, ana, await bring(house, ana, room=thread.id), text="the plan", room=thread.id)
    await index(house)
    found = await search.find(house.services, ana, "has:file in:general")
    assert [hit.message.text for hit in found.hits] == ["the plan"]
    (listed,) = (await exported(house, ana))["files"]
    assert (listed["room"], listed["number"]) == (thread.id, 1)
    (room,) = [each for each in (await exported(house, ana))["rooms"] if each["id"] == thread.id]
    assert room["beside"] == {"room": GENERAL, "number": 1}

"""What people added to a room, listed for who may read it."""

import pytest

from app.chat import editing, memberships, removal, room_files, rooms, threads
from app.errors import NotFound
from app.models import File, Removal, Visitor
from app.protocol import commands, events
from tests.chat.test_files import bring, post
from tests.chat.test_search import index
from tests.support.house import GENERAL, House


async def share(house: House, who: Visitor, name: str, room: int = GENERAL) -> File:
    file = await bring(house, who, name, room=room)
    await post(house, who, file, room=room)
    return file


async def listed(house: House, who: Visitor, room: int = GENERAL) -> list[str]:
    await index(house)
    page = await room_files.page(house.services, who, room, None, 30)
    return [file.name for message in page.messages for file in message.more.files]


async def test_messages_with_files_are_listed_the_newest_first_page_by_page(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    for number in range(5):
        await share(house, ana, f"{number}.txt")
        await house.post(bo, "and no file")
    await index(house)
    pages, before = [], None
    for _ in range(3):
        page = await room_files.page(house.services, bo, GENERAL, before, 2)
        pages.append([file.name for message in page.messages for file in message.more.files])
        before = page.before
        assert {person.id for person in page.people} == {ana.user.id}
    assert pages == [["4.txt", "3.txt"], ["2.txt", "1.txt"], ["0.txt"]]
    assert before is None


async def test_what_comes_in_between_moves_no_page(house: House, ana: Visitor) -> None:
    for number in range(3):
        await share(house, ana, f"{number}.txt")
    await index(house)
    first = await room_files.page(house.services, ana, GENERAL, None, 2)
    await share(house, ana, "new.txt")
    await index(house)
    second = await room_files.page(house.services, ana, GENERAL, first.before, 2)
    assert [message.number for message in second.messages] == [1]


async def test_what_is_removed_is_gone_at_once_and_back_with_its_message(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    await share(house, ana, "one.txt")
    await share(house, ana, "two.txt")
    assert await listed(house, bo) == ["two.txt", "one.txt"]
    await editing.edit(house.services, ana, GENERAL, 2, "with words")
    assert await listed(house, bo) == ["two.txt", "one.txt"]
    done = Removal(ana.user.id, bo.user.id, house.clock.now())
    await removal.remove_all(house.services, done)
    assert await listed(house, bo) == []
    await removal.restore(house.services, done)
    assert await listed(house, bo) == ["two.txt", "one.txt"]


async def test_only_who_reads_a_room_is_told_its_files(house: House, ana: Visitor, bo: Visitor) -> None:
    annex, _ = await rooms.create(house.services, ana, "Annex", "private", "", "")
    await share(house, ana, "secret.txt", annex.id)
    assert await listed(house, ana, annex.id) == ["secret.txt"]
    assert await listed(house, ana) == []
    with pytest.raises(NotFound):
        await listed(house, bo, annex.id)
    with pytest.raises(NotFound):
        await listed(house, bo, 999)
    await share(house, ana, "here.txt")
    await memberships.leave(house.services, bo, GENERAL)
    with pytest.raises(NotFound):
        await listed(house, bo)


async def test_a_thread_has_its_files_and_its_room_those_of_the_room(house: House, ana: Visitor) -> None:
    await share(house, ana, "room.txt")
    thread = (await threads.open_thread(house.services, ana, GENERAL, 1)).thread
    await share(house, ana, "thread.txt", thread.id)
    assert await listed(house, ana) == ["room.txt"]
    assert await listed(house, ana, thread.id) == ["thread.txt"]


async def test_a_client_asks_for_them(house: House, ana: Visitor) -> None:
    file = await share(house, ana, "one.txt")
    await index(house)
    client = await house.connect(ana)
    answer = await client.ask(commands.ListFiles(1, GENERAL))
    assert isinstance(answer, events.RoomFiles)
    assert [each.id for message in answer.messages for each in message.files] == [file.id]
    assert (answer.before, [person.id for person in answer.people]) == (None, [ana.user.id])

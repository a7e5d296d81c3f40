"""Files of messages: who may send which, with which message, and what becomes of them with it."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from app.chat import bans, departure, editing, files, messages, rooms, sweeping, undoing
from app.chat.files import Attached
from app.errors import (
    FileGone,
    FilesLater,
    Muted,
    NotFound,
    RoomArchived,
    StorageFull,
    TextEmpty,
    TooManyFiles,
)
from app.models import File, Posted, Visitor
from app.protocol import events
from app.protocol.fields import FILES_LIMIT
from tests.support.house import GENERAL, House, new_nonce, open_house, send

TEXT = b"what I saw\n"


async def bring(
    house: House, who: Visitor, name: str = "notes.txt", nonce: str = "", room: int = GENERAL, body: bytes = TEXT
) -> File:
    """A file that is there, and in no message yet."""
    coming = await files.begin(house.services, who, room, nonce or new_nonce(), name, len(body))
    if isinstance(coming, File):
        return coming
    await coming.write(body)
    return await coming.finish()


async def post(
    house: House, who: Visitor, *given: File, text: str = "", nonce: str = "", room: int = GENERAL
) -> Posted:
    attached = [Attached(each.id, each.alt) for each in given]
    return await (await messages.post(house.services, who, room, nonce or new_nonce(), text, attached=attached))


async def test_everybody_is_told_of_the_files_with_their_message(house: House, ana: Visitor, bo: Visitor) -> None:
    first, second = await bring(house, ana, "a.txt"), await bring(house, ana, "b.txt")
    reader = await house.connect(bo)
    await reader.open()
    await post(house, ana, second, first, text="look")
    (event,) = await reader.hears(events.MessagePosted)
    assert [each.name for each in event.message.files] == ["b.txt", "a.txt"]
    assert event.message.files[0].url == f"/files/{second.id}"
    (again,) = (await messages.page(house.services, bo, GENERAL)).messages
    assert again.more.files == (second, first)


async def test_a_message_of_files_needs_no_text_and_one_without_does(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    file = await bring(house, ana)
    answer = await client.ask(msgspec.structs.replace(send(""), files=[file.id]))
    assert isinstance(answer, events.Sent)
    assert isinstance(refused := await client.ask(send("")), events.Failed)
    assert refused.error.code == "text_empty"


async def test_what_a_picture_shows_is_told_in_words(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    first, second = await bring(house, ana), await bring(house, ana)
    command = msgspec.structs.replace(send(""), files=[first.id, second.id], alts=["", "a buoy\n\u202e at sunrise "])
    answer = await client.ask(command)
    assert isinstance(answer, events.Sent)
    assert [each.alt for each in answer.message.files] == ["", "a buoy at sunrise"]


async def test_a_plain_message_asks_nothing_about_files(house: House, ana: Visitor) -> None:
    assert (await house.post(ana)).message.extras is None


async def test_a_repeated_send_returns_the_first_message_and_takes_no_other_file(house: House, ana: Visitor) -> None:
    file, other, nonce = await bring(house, ana), await bring(house, ana), new_nonce()
    first = await post(house, ana, file, nonce=nonce)
    again = await post(house, ana, file, nonce=nonce)
    assert (again.message, again.duplicate) == (first.message, True)
    assert (await post(house, ana, other, nonce=nonce)).message == first.message
    assert (await post(house, ana, other)).message.more.files == (other,)


async def test_a_send_that_was_lost_can_be_changed_and_sent_anew(house: House, ana: Visitor) -> None:
    file, store = await bring(house, ana), house.services.store

    async def full(*_: object) -> None:
        raise StorageFull

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(store.database), "append", full)
        with pytest.raises(StorageFull):
            await post(house, ana, file)
    assert (await post(house, ana, file, text="other words")).message.more.files == (file,)


async def test_of_two_messages_that_are_sent_with_one_file_at_once_one_has_it(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    both = await asyncio.gather(post(house, ana, file), post(house, ana, file), return_exceptions=True)
    (stored,) = (each for each in both if isinstance(each, Posted))
    (refused,) = (each for each in both if not isinstance(each, Posted))
    assert isinstance(refused, FileGone)
    assert stored.message.more.files == (file,)
    assert [each.number for each in (await messages.page(house.services, ana, GENERAL)).messages] == [
        stored.message.number
    ]


async def test_a_file_goes_with_one_message(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    await post(house, ana, file)
    with pytest.raises(FileGone):
        await post(house, ana, file)
    twice = await bring(house, ana)
    with pytest.raises(FileGone):
        await post(house, ana, twice, twice)


async def test_nobody_sends_what_another_has_brought_nor_what_is_for_another_room(
    house: House, ana: Visitor, bo: Visitor
) -> None:
    room, _ = await rooms.create(house.services, ana, "Annex", "public", "", "")
    with pytest.raises(FileGone):
        await post(house, bo, await bring(house, ana))
    with pytest.raises(FileGone):
        await post(house, ana, await bring(house, ana, room=room.id))
    with pytest.raises(FileGone):
        await post(house, ana, File("0" * 32, "", "", 0))


async def test_a_message_has_ten_files_at_most(house: House, ana: Visitor) -> None:
    given = [await bring(house, ana) for _ in range(FILES_LIMIT + 1)]
    with pytest.raises(TooManyFiles):
        await post(house, ana, *given)
    assert len((await post(house, ana, *given[:FILES_LIMIT])).message.more.files) == FILES_LIMIT


async def test_the_same_photo_without_a_word_is_no_repetition(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"LIMIT_REPEATS_PER_12_HOURS": "1"}) as house:
        ana = await house.sign_in("ana")
        for _ in range(5):
            await post(house, ana, await bring(house, ana))


async def test_who_is_refused_a_file_does_not_wait_in_a_slow_room(house: House, ana: Visitor) -> None:
    await house.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE rooms SET slow_seconds = 60")
    )
    with pytest.raises(FileGone):
        await post(house, ana, File("0" * 32, "", "", 0))
    await post(house, ana, await bring(house, ana))


async def test_who_is_new_brings_and_sends_no_files(migrated: Path, tmp_path: Path) -> None:
    async with open_house(migrated, tmp_path, environ={"NEW_MEMBER_HOURS": "24"}) as house:
        ana = await house.sign_in("ana")
        with pytest.raises(FilesLater):
            await bring(house, ana)
        with pytest.raises(FilesLater):
            await post(house, ana, File("0" * 32, "", "", 0))
        house.clock.advance(24 * 3_600)
        await post(house, ana, await bring(house, ana))


async def test_who_may_not_post_brings_nothing(house: House, ana: Visitor, bo: Visitor) -> None:
    muted = msgspec.structs.replace(ana.user, muted_until=house.clock.now() + 60_000)
    with pytest.raises(Muted):
        await bring(house, msgspec.structs.replace(ana, user=muted))
    with pytest.raises(NotFound):
        await bring(house, bo, room=(await house.private_room()).id)
    room, _ = await rooms.create(house.services, ana, "Annex", "public", "", "")
    await rooms.change(house.services, ana, room.id, rooms.Wanted(archived=True))
    with pytest.raises(RoomArchived):
        await bring(house, ana, room=room.id)


# The same message later


async def test_an_edit_keeps_the_files_and_may_take_the_words_away(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    await post(house, ana, file, text="luok")
    edited = await editing.edit(house.services, ana, GENERAL, 1, "look")
    assert (edited.text, edited.more.files) == ("look", (file,))
    assert (await editing.edit(house.services, ana, GENERAL, 1, "")).text == ""
    await house.post(ana, "words alone")
    with pytest.raises(TextEmpty):
        await editing.edit(house.services, ana, GENERAL, 2, " ")


async def test_what_is_put_back_has_its_files_again(house: House, ana: Visitor, bo: Visitor) -> None:
    file = await bring(house, ana)
    await post(house, ana, file)
    owner = await house.appoint(bo, "owner")
    act = await bans.ban(house.services, owner, ana.user.id, "spam", with_messages=True)
    (removed,) = (await messages.page(house.services, owner, GENERAL)).messages
    assert removed.more.files == ()
    await undoing.undo(house.services, owner, act.id)
    (back,) = (await messages.page(house.services, owner, GENERAL)).messages
    assert back.more.files == (file,)


async def test_the_files_of_who_left_for_good_stay_with_their_messages(house: House, ana: Visitor, bo: Visitor) -> None:
    sent, unsent = await bring(house, ana), await bring(house, ana)
    await post(house, ana, sent)
    await departure.delete(house.services, ana, "ana")
    await sweeping.sweep(house.services)
    blobs = house.services.files.blobs
    assert (await blobs.open(sent.id)).size == len(TEXT)
    with pytest.raises(NotFound):
        await blobs.open(unsent.id)

"""One file on its way in: what is there when it has come, and what stays when it does not."""

import asyncio

import pytest

from app.chat import files
from app.chat.incoming import Incoming, thumb_key
from app.errors import FilesAway, FilesUsedUp, PictureBroken, StorageFull
from app.files import disk
from app.models import Visitor
from tests.chat.test_sweeping import kept, on_disk
from tests.support.files import photo
from tests.support.house import GENERAL, House, new_nonce


async def begin(house: House, who: Visitor, size: int = 100, nonce: str = "") -> Incoming:
    coming = await files.begin(house.services, who, GENERAL, nonce or new_nonce(), "a.bin", size)
    assert isinstance(coming, Incoming)
    return coming


async def test_a_picture_is_there_with_its_thumbnail_and_nothing_else_is(house: House, ana: Visitor) -> None:
    coming = await begin(house, ana)
    body = photo(300, 200)
    for start in range(0, len(body), 1_000):
        await coming.write(body[start : start + 1_000])
    file = await coming.finish()
    assert on_disk(house) == [file.id, thumb_key(file.id)]
    assert file.size == (await house.services.files.blobs.open(file.id)).size


async def test_what_is_given_up_leaves_nothing(house: House, ana: Visitor) -> None:
    coming = await begin(house, ana)
    await coming.write(b"half")
    await coming.give_up()
    assert on_disk(house) == []
    await coming.write(b"and more")
    assert on_disk(house) == []


async def test_what_is_on_its_way_takes_up_room_until_it_is_given_up(house: House, ana: Visitor) -> None:
    coming = [await begin(house, ana, 25_000_000) for _ in range(40)]
    with pytest.raises(FilesUsedUp):
        await begin(house, ana, 1)
    await coming[0].give_up()
    await begin(house, ana, 25_000_000)


async def test_what_is_given_up_in_the_middle_of_a_write_is_given_up_after_it(house: House, ana: Visitor) -> None:
    coming = await begin(house, ana)
    await asyncio.gather(coming.write(b"x" * 1_000_000), coming.give_up())
    assert on_disk(house) == []


async def test_a_refusal_leaves_nothing(house: House, ana: Visitor) -> None:
    coming = await begin(house, ana)
    await coming.write(b"GIF89a and no more")
    with pytest.raises(PictureBroken):
        await coming.finish()
    assert on_disk(house) == []


async def test_of_two_tries_with_one_nonce_the_later_one_is_the_file(house: House, ana: Visitor) -> None:
    nonce = new_nonce()
    first = await begin(house, ana, nonce=nonce)
    second = await begin(house, ana, nonce=nonce)
    await asyncio.gather(first.write(b"one"), second.write(b"two"))
    with pytest.raises(FilesAway):
        await first.finish()
    file = await second.finish()
    assert file.id in await kept(house)
    assert await files.begin(house.services, ana, GENERAL, nonce, "a.bin", 3) == file


async def test_a_full_disk_is_said_to_be_full(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    coming = await begin(house, ana)
    await coming.write(b"some")

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "sync", full)
    with pytest.raises(StorageFull):
        await coming.finish()
    assert on_disk(house) == []

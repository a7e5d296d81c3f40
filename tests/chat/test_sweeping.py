"""Files that nobody needs any more, whatever ended the process that had to do with them."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from app.chat import files, removal, sweeping
from app.chat.incoming import Incoming, thumb_key
from app.errors import FilesAway, NotFound
from app.files.blobs import Blobs
from app.models import Visitor
from app.storage.tables import files as rows
from tests.chat.test_files import bring, post
from tests.support.files import files_in, photo
from tests.support.house import GENERAL, House, new_nonce

HOUR, DAY = 3_600, 24 * 3_600


async def kept(house: House) -> set[str]:
    """The ids that have a row."""
    return set(await house.services.store.read(lambda connection: list(connection.scalars(select(rows.c.id)))))


def on_disk(house: House) -> list[str]:
    folder = house.services.settings.files_folder
    assert folder is not None
    return files_in(folder)


async def sweep_after(house: House, seconds: int) -> None:
    house.clock.advance(seconds)
    await sweeping.sweep(house.services)


async def test_what_no_message_has_goes_a_day_later(house: House, ana: Visitor) -> None:
    file = await bring(house, ana, "a.jpg", body=photo(30, 20))
    await sweep_after(house, DAY - 1)
    assert on_disk(house) == sorted([file.id, thumb_key(file.id)])
    await sweep_after(house, 2)
    assert (await kept(house), on_disk(house)) == (set(), [])


async def test_what_a_message_has_stays(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    await post(house, ana, file)
    for _ in range(3):
        await sweep_after(house, 10 * DAY)
    assert (await kept(house), on_disk(house)) == ({file.id}, [file.id])


async def test_what_broke_off_when_the_server_died_goes_an_hour_later(house: House, ana: Visitor) -> None:
    coming = await files.begin(house.services, ana, GENERAL, new_nonce(), "a", 100)
    assert isinstance(coming, Incoming)
    await coming.write(b"half of it")
    (path,) = (house.services.files.blobs.staging).iterdir()
    os.utime(path, (0, house.clock.now() / 1000))
    await sweep_after(house, HOUR - 1)
    assert (len(await kept(house)), len(on_disk(house))) == (1, 1)
    await sweep_after(house, 2)
    assert (await kept(house), on_disk(house)) == (set(), [])
    await coming.give_up()


async def test_what_was_whole_when_the_server_died_goes_as_well(house: House, ana: Visitor, tmp_path: Path) -> None:
    """The bytes were put, and their row did not hear of it."""
    coming = await files.begin(house.services, ana, GENERAL, new_nonce(), "a", 4)
    assert isinstance(coming, Incoming)
    (file_id,) = await kept(house)
    (tmp_path / "whole").write_bytes(b"four")
    await house.services.files.blobs.put(file_id, tmp_path / "whole")
    await sweep_after(house, HOUR + 1)
    assert (await kept(house), on_disk(house)) == (set(), [])


async def test_what_was_removed_goes_when_it_is_forgotten(house: House, ana: Visitor) -> None:
    file = await bring(house, ana)
    await post(house, ana, file)
    await sweep_after(house, 2 * DAY)
    await removal.remove(house.services, ana, GENERAL, 1)
    for seconds, left in ((29 * DAY, {file.id}), (2 * DAY, set())):
        house.clock.advance(seconds)
        await removal.purge(house.services)
        await sweeping.sweep(house.services)
        assert await kept(house) == left
    assert on_disk(house) == []


class Away(Blobs):
    async def drop(self, key: str) -> None:
        raise FilesAway


async def test_what_cannot_be_reached_is_tried_again(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await bring(house, ana)
    blobs = house.services.files.blobs
    with monkeypatch.context() as patch:
        patch.setattr(type(blobs), "drop", Away.drop)
        await sweep_after(house, DAY + 1)
    assert on_disk(house) == [file.id]
    await sweeping.sweep(house.services)
    assert (await kept(house), on_disk(house)) == (set(), [])
    with pytest.raises(NotFound):
        await blobs.open(file.id)


async def test_more_than_go_at_once_go(house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for _ in range(5):
        await bring(house, ana)
    await sweep_after(house, DAY + 1)
    assert await kept(house) == set()

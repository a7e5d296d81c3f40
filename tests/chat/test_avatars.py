"""Pictures of people: what is taken for one, and who hears of it."""

import pytest

from app.chat import avatars
from app.chat.avatars import LARGEST, content_type_of
from app.errors import NotFound
from app.models import Visitor
from app.protocol import events
from tests.support.house import House

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
OTHER = b"GIF89a" + bytes(100)
SOURCE = "https://x.example/1_normal.png"


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<!DOCTYPE html>", None),
        (b"BM", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_what_is_in_it(beginning: bytes, expected: str | None) -> None:
    assert content_type_of(beginning) == expected


async def test_a_new_picture_is_told_to_everybody_and_spoken_with(house: House, ana: Visitor, bo: Visitor) -> None:
    reader, speaker = await house.connect(bo), await house.connect(ana)
    await reader.open()
    assert await avatars.keep(house.services, ana.user.id, SOURCE, PNG)
    (changed,) = await reader.hears(events.PersonChanged)
    await speaker.post("see me?")
    (posted,) = await reader.hears(events.MessagePosted)
    address = changed.person.avatar
    assert address
    assert posted.person.avatar == address
    place, number, version = address.strip("/").split("/")
    assert (place, number) == ("avatars", str(ana.user.id))
    shown = await avatars.show(house.services, ana.user.id, version)
    assert (shown.body, shown.content_type) == (PNG, "image/png")


async def test_another_picture_has_another_address_and_the_old_one_leads_nowhere(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    for body in (PNG, OTHER):
        assert await avatars.keep(house.services, ana.user.id, SOURCE, body)
    before, after = [each.person.avatar for each in await client.hears(events.PersonChanged, 2)]
    assert before
    assert before != after
    with pytest.raises(NotFound):
        await avatars.show(house.services, ana.user.id, before.rpartition("/")[2])


async def test_the_same_picture_from_another_address_is_no_news(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await avatars.keep(house.services, ana.user.id, SOURCE, PNG)
    assert await avatars.keep(house.services, ana.user.id, "https://x.example/2_normal.png", PNG)
    assert not await avatars.has(house.services, ana.user.id, SOURCE)
    assert await avatars.has(house.services, ana.user.id, "https://x.example/2_normal.png")
    await client.post()
    assert len(client.of(events.PersonChanged)) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", PNG + bytes(LARGEST)], ids=["nothing", "no picture", "too large"])
async def test_what_cannot_be_shown_changes_nothing(house: House, ana: Visitor, body: bytes) -> None:
    await avatars.keep(house.services, ana.user.id, SOURCE, PNG)
    assert not await avatars.keep(house.services, ana.user.id, "https://x.example/2_normal.png", body)
    assert await avatars.has(house.services, ana.user.id, SOURCE)


async def test_a_picture_that_is_gone_is_told_once(house: House, ana: Visitor) -> None:
    client = await house.connect(ana)
    await avatars.keep(house.services, ana.user.id, SOURCE, PNG)
    for _ in range(2):
        await avatars.drop(house.services, ana.user.id)
    await client.post()
    assert [each.person.avatar is None for each in client.of(events.PersonChanged)] == [False, True]


async def test_nobodys_picture_looks_like_a_strangers(house: House, ana: Visitor) -> None:
    await avatars.keep(house.services, ana.user.id, SOURCE, PNG)
    refusals = []
    for user_id in (ana.user.id, 999):
        with pytest.raises(NotFound) as refusal:
            await avatars.show(house.services, user_id, "0123456789abcdef")
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]

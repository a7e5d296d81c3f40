"""The way of a picture from X to us: after the answer, from one host, within bounds; no sign-in breaks by it."""

import asyncio

import pytest
from sqlalchemy import Connection, update

from app.handlers import pictures
from app.handlers.pictures import bring_picture, sizes_of
from app.models import User
from app.standin.faults import PictureFault
from app.standin.pictures import picture_of
from app.storage import avatars, tables, users
from tests.support.sign_in import ADA, Roost
from tests.support.waiting import until

FAULTS = [fault for fault in PictureFault if fault is not PictureFault.LARGE_ONE_GONE]


async def ada_of(roost: Roost) -> User:
    user = await roost.services.store.read(users.by_twitter_id, ADA.id)
    assert user
    return user


async def picture(roost: Roost, expected: bytes | None) -> None:
    """Returns once this is her picture."""
    async with asyncio.timeout(10):
        while True:
            found = await roost.services.store.read(avatars.of, (await ada_of(roost)).id)
            if (found.body if found else None) == expected:
                return
            await asyncio.sleep(0.02)


def asked(roost: Roost) -> list[str]:
    """The sizes that were asked for."""
    return [each.path.rpartition("_")[2] for each in roost.x.asked if each.path.startswith("/pictures/")]


def age(connection: Connection) -> None:
    connection.execute(update(tables.users).values(profile_at=0))


async def test_signing_in_brings_the_picture_in_its_best_size(roost: Roost) -> None:
    await roost.browser().sign_in()
    await picture(roost, picture_of(ADA.id))
    assert asked(roost) == ["400x400.png"]
    (request,) = [each for each in roost.x.asked if each.path.startswith("/pictures/")]
    assert not {"Cookie", "Authorization"} & request.headers.keys()


async def test_a_size_that_is_missing_is_replaced_by_the_next(roost: Roost) -> None:
    roost.x.faults.picture = PictureFault.LARGE_ONE_GONE
    await roost.browser().sign_in()
    await picture(roost, picture_of(ADA.id))
    assert asked(roost) == ["400x400.png", "bigger.png"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_the_picture_does_one_is_in_at_once_and_the_initials_stay(
    roost: Roost, fault: PictureFault, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "ALL_SECONDS", 0.5)
    roost.x.faults.picture = fault
    browser = roost.browser()
    async with asyncio.timeout(4):
        await browser.sign_in()
        assert (await browser.open("/chat/general")).code == 200
    await until(lambda: "no picture of person" in caplog.text and "WARNING" in caplog.text)
    assert (await ada_of(roost)).avatar is None
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_picture_that_one_has_is_not_fetched_again(roost: Roost) -> None:
    await roost.browser().sign_in()
    await picture(roost, picture_of(ADA.id))
    await roost.services.store.write(age)
    await roost.browser().sign_in()
    await until(lambda: roost.asked("/2/users/me") == 2)
    assert len(asked(roost)) == 1


async def test_a_failure_keeps_the_picture_of_before(roost: Roost) -> None:
    await roost.browser().sign_in()
    await picture(roost, picture_of(ADA.id))
    roost.x.faults.picture = PictureFault.GONE
    origin = roost.services.settings.twitter_picture_origin
    await bring_picture(roost.services, (await ada_of(roost)).id, f"{origin}/pictures/1_normal.png")
    await picture(roost, picture_of(ADA.id))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "http://127.0.0.1:1/pictures/1_normal.png",
        "http://169.254.169.254/latest/meta-data",
        "{origin}.evil.example/pictures/1_normal.png",
        "{origin}@evil.example/pictures/1_normal.png",
        "file:///etc/passwd",
        "//x",
        "http://[",
        "",
    ],
)
async def test_no_other_host_is_asked_and_the_picture_of_before_goes(roost: Roost, elsewhere: str) -> None:
    await roost.browser().sign_in()
    await picture(roost, picture_of(ADA.id))
    count = len(asked(roost))
    origin = roost.services.settings.twitter_picture_origin
    await bring_picture(roost.services, (await ada_of(roost)).id, elsewhere.replace("{origin}", origin))
    await picture(roost, None)
    assert len(asked(roost)) == count


def test_the_best_size_comes_first() -> None:
    base = "https://pbs.twimg.com/profile_images/1/a_normal_b"
    assert sizes_of(f"{base}_normal.jpg") == [f"{base}_400x400.jpg", f"{base}_bigger.jpg", f"{base}_normal.jpg"]
    assert sizes_of(f"{base}.jpg") == [f"{base}.jpg"]

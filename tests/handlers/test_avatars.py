"""A picture's address: kept for ever by the browser of who is signed in, and shown to nobody else."""

import asyncio

from app.chat.events import avatar_address
from app.standin.pictures import picture_of
from app.storage import users
from tests.support.sign_in import ADA, Browser, Roost
from tests.support.waiting import PATIENCE

PNG = picture_of(ADA.id)


async def address(roost: Roost) -> str:
    """Of her picture, once it has come from X."""
    async with asyncio.timeout(PATIENCE):
        while True:
            user = await roost.services.store.read(users.by_twitter_id, ADA.id)
            if user and (found := avatar_address(user)):
                return found
            await asyncio.sleep(0.02)


async def test_a_picture_is_served_as_what_it_is_and_kept_for_ever(roost: Roost, ada: Browser) -> None:
    answer = await ada.open(await address(roost))
    assert (answer.code, answer.body) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    head = await ada.open(await address(roost), method="HEAD")
    assert (head.code, head.headers["Content-Length"]) == (200, str(len(PNG)))


async def test_who_is_not_signed_in_sees_no_picture(roost: Roost, ada: Browser) -> None:
    answer = await roost.browser().open(await address(roost))
    assert answer.code == 401
    assert PNG not in answer.body


async def test_another_version_or_person_is_not_there(roost: Roost, ada: Browser) -> None:
    there = await address(roost)
    for path in (there[:-1] + ("0" if there[-1] != "0" else "1"), there.replace("/avatars/", "/avatars/9")):
        assert (await ada.open(path)).code == 404


async def test_pages_show_it_from_here_alone(roost: Roost, ada: Browser) -> None:
    there = await address(roost)
    page = (await ada.open("/settings")).body.decode()
    assert f'<img src="{there}" alt=""' in page
    assert "twimg.com" not in page

"""One's own data: a page that leads to a fresh sign-in, a file to take along, and the end of the account."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

from tornado.httpclient import HTTPResponse

from app.chat import accounts
from app.chat.access import FRESH
from app.chat.export import PACE
from app.storage import messages, users
from tests.handlers.test_preferences import JSON, error_of, page
from tests.support.sign_in import ADA, Browser, Roost, running_roost
from tests.support.storage import new_message
from tests.support.storage import post as post_messages

PAGE, EXPORT, DELETE = "/settings/data", "/settings/data/export", "/settings/data/delete"


async def post(browser: Browser, path: str, headers: dict[str, str] | None = None, **fields: str) -> HTTPResponse:
    """What a form of the page posts, also when the page shows none any more."""
    found = re.search(r'name="_xsrf" value="([^"]+)"', await page(browser, PAGE))
    assert found
    body = urlencode({"_xsrf": found[1], **fields})
    return await browser.open(path, method="POST", body=body, headers=headers or {})


async def test_the_file_is_whole_and_is_kept_nowhere_on_the_way(roost: Roost, ada: Browser) -> None:
    user = await roost.services.store.read(users.by_twitter_id, ADA.id)
    assert user
    await post_messages(roost.services.store, [new_message(user, f"said {number}") for number in range(2_500)])
    answer = await post(ada, EXPORT)
    assert (answer.code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="roost-{ADA.handle}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    found = json.loads(answer.body)
    assert found["person"]["x_id"] == ADA.id
    assert [each["text"] for each in found["messages"]] == [f"said {number}" for number in range(2_500)]


async def test_without_a_fresh_sign_in_the_page_leads_to_one(roost: Roost, ada: Browser) -> None:
    again = "/login?again&amp;next=/settings/data"
    assert again not in await page(ada, PAGE)
    roost.clock.seconds = FRESH / 1000 + 60
    drawn = await page(ada, PAGE)
    assert again in drawn
    assert EXPORT not in drawn
    assert DELETE not in drawn
    for path in (EXPORT, DELETE):
        answer = await post(ada, path, handle=ADA.handle)
        assert (answer.code, answer.headers["Location"]) == (303, PAGE)
        answer = await post(ada, path, JSON, handle=ADA.handle)
        assert (answer.code, error_of(answer)) == (403, "sign_in_again")
    assert ada.is_signed_in


async def test_only_a_form_of_ours_takes_anything_along_or_ends_it(roost: Roost, ada: Browser) -> None:
    for path in (EXPORT, DELETE):
        assert (await ada.open(path, method="POST", body=f"handle={ADA.handle}")).code == 403
        assert (await ada.open(path)).code == 405
    outside = await roost.browser().open(PAGE)
    assert (outside.code, outside.headers["Location"]) == (302, f"/login?next={PAGE}")


async def test_who_asks_too_often_is_told_when_to_come_back(ada: Browser) -> None:
    for _ in range(PACE.most):
        assert (await post(ada, EXPORT)).code == 200
    answer = await post(ada, EXPORT)
    assert (answer.code, int(answer.headers["Retry-After"]) > 0) == (429, True)


async def test_an_account_that_is_deleted_leaves_nothing_in_the_browser(roost: Roost, ada: Browser) -> None:
    before = ada.cookies["session"]
    answer = await post(ada, DELETE, handle=f"@{ADA.handle.upper()}")
    assert (answer.code, answer.headers["Location"]) == (303, "/?notice=deleted")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not ada.is_signed_in
    assert "Your account is deleted" in await page(ada, "/?notice=deleted")
    assert await accounts.resume(roost.services, before) is None
    assert await roost.services.store.read(users.by_twitter_id, ADA.id) is None


async def test_what_they_wrote_goes_along_where_they_want_that(roost: Roost, ada: Browser) -> None:
    person = await roost.services.store.read(users.by_twitter_id, ADA.id)
    assert person is not None
    await post_messages(roost.services.store, [new_message(person, "mine") for _ in range(2)])
    assert 'name="messages"' in await page(ada, PAGE)
    assert (await post(ada, DELETE, handle=ADA.handle, messages="true")).code == 303
    assert [each.text for each in await roost.services.store.read(messages.newest, 1, 9)] == ["", ""]


async def test_another_handle_deletes_nothing_and_the_page_says_why(roost: Roost, ada: Browser) -> None:
    answer = await post(ada, DELETE, handle="somebody")
    assert answer.code == 400
    assert f"Type @{ADA.handle} to delete your account." in answer.body.decode()
    assert 'aria-invalid="true"' in answer.body.decode()
    assert await roost.services.store.read(users.by_twitter_id, ADA.id)


async def test_the_only_owner_is_told_to_name_another_one(tmp_path: Path) -> None:
    async with running_roost(tmp_path, OWNER_HANDLES=ADA.handle) as roost:
        ada = roost.browser()
        await ada.sign_in()
        answer = await post(ada, DELETE, handle=ADA.handle)
        assert answer.code == 409
        assert "Make somebody else an owner first." in answer.body.decode()
        assert ada.is_signed_in

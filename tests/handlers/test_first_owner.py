"""The page that takes the code out of the server's log."""

import re
from urllib.parse import urlencode

import pytest
from tornado.httpclient import HTTPResponse

from app.chat import first_owner
from app.models import Role
from app.storage import users
from tests.support.sign_in import JUNIPER, Browser, Roost


@pytest.fixture
async def code(roost: Roost) -> str:
    made = await first_owner.new_code(roost.services)
    assert made is not None
    return made


async def enter(browser: Browser, code: str) -> HTTPResponse:
    page = (await browser.open("/first-owner")).body.decode()
    found = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert found
    body = urlencode({"_xsrf": found[1], "code": code})
    return await browser.open("/first-owner", method="POST", body=body)


async def roles(roost: Roost) -> list[Role]:
    everybody = await roost.services.store.read(users.by_ids, range(10))
    return [user.role for user in everybody]


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/first-owner")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/first-owner")


async def test_the_code_makes_its_bearer_owner(roost: Roost, ada: Browser, code: str) -> None:
    answer = await enter(ada, code)
    assert (answer.code, answer.headers["Location"]) == (303, "/chat")
    assert await roles(roost) == ["owner"]
    assert '"role":"owner"' in (await ada.open("/chat/general")).body.decode()


async def test_a_wrong_code_is_answered_with_the_page_that_says_so(roost: Roost, ada: Browser, code: str) -> None:
    answer = await enter(ada, code[:-1])
    assert answer.code == 400
    assert "This code does not work" in answer.body.decode()
    assert await roles(roost) == ["member"]


async def test_too_many_codes_are_answered_with_when_to_return(roost: Roost, ada: Browser, code: str) -> None:
    for _ in range(5):
        await enter(ada, "wrong")
    answer = await enter(ada, code)
    assert answer.code == 429
    assert int(answer.headers["Retry-After"]) > 0


async def test_once_somebody_is_owner_there_is_no_such_page(roost: Roost, ada: Browser, code: str) -> None:
    await enter(ada, code)
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    assert (await juniper.open("/first-owner")).code == 404


async def test_only_a_form_of_ours_is_taken(roost: Roost, ada: Browser, code: str) -> None:
    answer = await ada.open("/first-owner", method="POST", body=urlencode({"code": code}))
    assert answer.code == 403
    assert await roles(roost) == ["member"]

"""Where an invite link leads, for who is not in yet and for who is."""

import logging
import re

import pytest

from app.chat import doors, invites
from app.chat.invites import Terms
from app.storage import invites as rows
from app.storage import rooms, users
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost


async def link(roost: Roost, terms: Terms | None = None, slugs: tuple[str, ...] = ("general",)) -> str:
    """The path of a link as the operator makes it."""
    token = await invites.make_by_operator(roost.services, terms or Terms(), list(slugs))
    return f"/invite/{token}"


async def come(browser: Browser, path: str, person: str = ADA.id) -> str:
    """Opens a link, presses its button and says yes to X; where that leads."""
    await browser.open(path)
    answer = await browser.open("/login?invite")
    assert answer.code == 302
    token = re.search(r"oauth_token=([^&]+)", answer.headers["Location"])
    assert token
    answer = await browser.open(await browser.choose(token[1], person=person))
    return answer.headers.get("Location", str(answer.code))


@pytest.fixture
async def closed(roost: Roost) -> Roost:
    """By invitation."""
    await doors.change_by_operator(roost.services, "invited")
    return roost


async def test_a_link_leads_through_x_straight_into_its_room(closed: Roost) -> None:
    path = await link(closed)
    browser = closed.browser()
    assert await come(browser, path) == "/chat/general"
    assert "invite" not in browser.cookies
    assert (await browser.open("/chat/general")).code == 200


async def test_the_last_use_is_one(closed: Roost) -> None:
    path = await link(closed, Terms(most_uses=1))
    first, second = closed.browser(), closed.browser()
    await second.open(path)
    assert await come(first, path) == "/chat/general"
    answer = await second.open("/login?invite")
    token = answer.headers["Location"].partition("oauth_token=")[2]
    answer = await second.open(await second.choose(token, person=JUNIPER.id))
    assert answer.code == 403
    assert "The link you came by doesn’t work any more" in answer.body.decode()
    assert not second.is_signed_in
    assert await closed.services.store.read(users.by_twitter_id, JUNIPER.id) is None


async def test_a_link_lets_in_by_its_button_alone(closed: Roost) -> None:
    """Whoever opened one and then signs in at the front door has not taken it."""
    browser = closed.browser()
    await browser.open(await link(closed))
    assert (await browser.sign_in()).code == 403


async def test_who_cancels_on_x_can_try_again_with_the_link(closed: Roost) -> None:
    browser = closed.browser()
    path = await link(closed)
    await browser.open(path)
    token = (await browser.open("/login?invite")).headers["Location"].partition("oauth_token=")[2]
    page = (await browser.open(await browser.choose(token, cancel="1"))).body.decode()
    assert 'href="/login?next=/chat&amp;invite"' in page
    assert await come(browser, path) == "/chat/general"


async def test_whoever_is_in_goes_there_by_one_form(roost: Roost, ada: Browser) -> None:
    await roost.services.store.write(rooms.add, "attic", "Attic", "", "private", 1)
    path = await link(roost, slugs=("attic",))
    page = (await ada.open(path)).body.decode()
    assert "A private room" in page
    assert "Attic" not in page
    answer = await ada.submit(path)
    assert (answer.code, answer.headers["Location"]) == (303, "/chat/attic")
    assert (await ada.open("/chat/attic")).code == 200


async def test_only_our_own_form_takes_it_and_only_for_who_is_signed_in(roost: Roost, ada: Browser) -> None:
    path = await link(roost)
    assert (await ada.open(path, method="POST", body="")).code == 403
    signed_out = roost.browser()
    await signed_out.open("/logout", method="POST", body="")
    assert (await signed_out.open(path, method="POST", body="")).code == 403
    (invite,) = await roost.services.store.read(rows.living, 0, 9)
    assert invite.uses == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "-_-", "x.", "x/", "x)", "x%20y", "x" * 200])
async def test_a_link_that_does_not_work_says_what_to_do(roost: Roost, token: str) -> None:
    answer = await roost.browser().open(f"/invite/{token}")
    assert answer.code == 404
    assert "Ask whoever sent it for a new one" in answer.body.decode()
    assert answer.headers["X-Robots-Tag"] == "noindex"


async def test_all_links_that_do_not_work_look_alike(roost: Roost) -> None:
    used = await link(roost, Terms(most_uses=1))
    await come(roost.browser(), used)
    revoked = await link(roost)
    (newest,) = await roost.services.store.read(rows.living, 0, 1)
    await roost.services.store.write(rows.revoke, newest.id, 1)
    over = await link(roost, Terms(days=1))
    roost.clock.seconds += 86_401
    paths = (used, revoked, over, "/invite/" + "A" * 43)
    answers = [await roost.browser().open(path) for path in paths]
    assert {(answer.code, answer.body) for answer in answers} == {(404, answers[0].body)}


async def test_trying_too_many_is_answered_with_when_to_return(roost: Roost) -> None:
    browser = roost.browser()
    for _ in range(invites.MISSED.most):
        await browser.open("/invite/wrong")
    answer = await browser.open("/invite/wrong")
    assert (answer.code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "That was too fast" in answer.body.decode()
    assert (await browser.open(await link(roost))).code == 200


async def test_the_token_goes_nowhere_else(roost: Roost, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = await link(roost)
    token = path.rpartition("/")[2]
    browser = roost.browser()
    page = await browser.open(path)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert token not in page.body.decode(), "the form posts to the page itself"
    (cookie,) = [morsel for morsel in browser.set_cookies if morsel.key == "invite"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    for mistyped in (".", "/", ")", "/x", "%20", "%ff", "./..", "@"):
        assert (await browser.open(path + mistyped)).code in (400, 404)
    assert (await browser.open(path.replace("/invite", "/Invite"))).code == 404
    await come(browser, path)
    begun = await roost.services.store.read(
        lambda connection: list(connection.exec_driver_sql("SELECT * FROM sign_ins"))
    )
    assert token not in str(begun)
    assert token not in caplog.text
    assert "/invite/…" in caplog.text


async def test_the_secret_of_a_link_is_in_no_row_while_the_sign_in_is_under_way(roost: Roost) -> None:
    path = await link(roost)
    browser = roost.browser()
    await browser.open(path)
    await browser.open("/login?invite")
    rows = await roost.services.store.read(
        lambda connection: list(connection.exec_driver_sql("SELECT * FROM sign_ins"))
    )
    assert len(rows) == 1
    assert path.rpartition("/")[2] not in str(rows)


async def test_the_page_counts_who_is_in_and_is_a_card(roost: Roost, ada: Browser) -> None:
    page = (await roost.browser().open(await link(roost))).body.decode()
    assert '<meta property="og:title" content="You’re invited to Roost">' in page
    assert 'content="#general. 1 person is in. ">' in page
    assert f'content="{roost.url}/static/icons/512' in page

"""The pages of moderators."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest
from tornado.httpclient import HTTPResponse

from app.chat import bans, memberships, messages, mutes, reports, roles
from app.chat.reports import Complaint
from app.models import Deed, Visitor
from app.storage import bans as ban_rows
from app.storage import users
from tests.support.house import GENERAL, new_nonce
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

PAGES = ("/moderation", "/moderation/log", "/moderation/people")
LOG = Path(__file__).parents[2] / "templates" / "moderation_log.html"


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, LIMIT_LOGIN_PER_MINUTE="100") as running:
        yield running


@pytest.fixture
async def ada(roost: Roost, ada: Browser) -> Browser:
    """A moderator's."""
    await roles.give_by_operator(roost.services, ADA.handle, "moderator")
    roost.services.cache.sessions.clear()
    return ada


@pytest.fixture
async def juniper(roost: Roost, ada: Browser) -> Visitor:
    """Whose message `ada`, who is asked for it, will find reported."""
    await roost.browser().sign_in(person=JUNIPER.id)
    return await visitor(roost, JUNIPER.handle)


async def visitor(roost: Roost, handle: str) -> Visitor:
    user = await roost.services.store.read(users.by_handle, handle)
    assert user is not None
    return Visitor(user)


async def reported(roost: Roost, juniper: Visitor) -> int:
    """A report of what Juniper says in general."""
    await (await messages.post(roost.services, juniper, GENERAL, new_nonce(), "<b>Buy eggs"))
    reporter = await visitor(roost, ADA.handle)
    await reports.report_message(roost.services, reporter, GENERAL, 1, Complaint("spam", "again"))
    (case,) = await reports.queue(roost.services, reporter)
    return case.first.id


def says(answer: HTTPResponse, text: str) -> bool:
    return text in answer.body.decode()


async def test_they_are_for_moderators(roost: Roost, ada: Browser) -> None:
    assert [(await ada.open(path)).code for path in PAGES] == [200, 200, 200]
    assert says(await ada.open("/chat/general"), 'href="/moderation"')
    await roles.give_by_operator(roost.services, ADA.handle, "member")
    roost.services.cache.sessions.clear()
    assert [(await ada.open(path)).code for path in PAGES] == [403, 403, 403]
    assert not says(await ada.open("/chat/general"), 'href="/moderation"')


async def test_a_case_is_shown_and_dismissed(roost: Roost, ada: Browser, juniper: Visitor) -> None:
    report = await reported(roost, juniper)
    page = await ada.open("/moderation")
    assert says(page, "&lt;b&gt;Buy eggs")
    assert says(page, "Reported by 1 person")
    assert says(page, 'href="/chat/general/1"')
    answer = await ada.submit("/moderation", {"report": str(report), "do": "dismiss"})
    assert (answer.code, answer.headers["Location"]) == (303, "/moderation?saved")
    assert says(await ada.open("/moderation"), "Nothing is reported just now.")
    assert says(await ada.open("/moderation/log"), "dismissed what was reported of")
    assert (await ada.submit("/moderation", {"report": str(report), "do": "dismiss"})).code == 404


@pytest.mark.parametrize(("do", "logged"), [("remove", "removed a message of"), ("mute", "muted"), ("ban", "banned")])
async def test_what_is_done_about_a_case_closes_it_and_is_undone_from_the_log(
    roost: Roost, ada: Browser, juniper: Visitor, do: str, logged: str
) -> None:
    report = await reported(roost, juniper)
    assert (await ada.submit("/moderation", {"report": str(report), "do": do})).code == 303
    assert says(await ada.open("/moderation"), "Nothing is reported just now.")
    page = await messages.page(roost.services, await visitor(roost, ADA.handle), GENERAL)
    assert (page.messages[0].removed_at is None) is (do == "mute")
    log = await ada.open("/moderation/log")
    assert says(log, logged)
    act = log.body.decode().partition('name="undo" value="')[2].partition('"')[0]
    assert (await ada.submit("/moderation/log", {"undo": act})).code == 303
    assert says(await ada.open("/moderation/log"), "Taken back")
    page = await messages.page(roost.services, await visitor(roost, ADA.handle), GENERAL)
    assert page.messages[0].removed_at is None
    restored = await visitor(roost, JUNIPER.handle)
    assert restored.user.muted_until is None
    assert await roost.services.store.read(ban_rows.standing, restored.user.id) is None


async def test_nothing_else_can_be_done_about_a_case(roost: Roost, ada: Browser, juniper: Visitor) -> None:
    report = await reported(roost, juniper)
    assert (await ada.submit("/moderation", {"report": str(report), "do": "praise"})).code == 404
    assert (await ada.submit("/moderation", {"report": "x", "do": "dismiss"})).code == 404


async def test_who_is_muted_or_banned_is_listed_and_let_off(roost: Roost, ada: Browser, juniper: Visitor) -> None:
    moderator, person = await visitor(roost, ADA.handle), str(juniper.user.id)
    await mutes.mute(roost.services, moderator, juniper.user.id, 10)
    await bans.ban(roost.services, moderator, juniper.user.id, "<b>eggs")
    page = await ada.open("/moderation/people")
    assert says(page, f'name="unmute" value="{person}"')
    assert says(page, f'name="unban" value="{person}"')
    assert says(page, "&lt;b&gt;eggs")
    for lift in ("unmute", "unban"):
        assert (await ada.submit("/moderation/people", {lift: person})).code == 303
    page = await ada.open("/moderation/people")
    assert says(page, "Nobody is muted.")
    assert says(page, "Nobody is banned.")


async def test_the_log_says_each_act_in_words(roost: Roost, ada: Browser, juniper: Visitor) -> None:
    moderator = await visitor(roost, ADA.handle)
    await memberships.remove(roost.services, moderator, GENERAL, juniper.user.id)
    for minutes in (10, 60, 1440):
        await mutes.mute(roost.services, moderator, juniper.user.id, minutes)
    page = await ada.open("/moderation/log")
    for words in ("#general", "for 10 minutes", "for 1 hour", "for 1 day", "Whoever runs the server", "→ Moderator"):
        assert says(page, words), words
    assert not says(page, "<code>")


@pytest.mark.parametrize("deed", get_args(Deed))
def test_every_act_of_the_log_has_a_sentence(deed: str) -> None:
    assert f'what == "{deed}"' in LOG.read_text()

"""The settings' list of blocked people, with a script and without."""

from app.chat import blocks
from app.models import Visitor
from app.storage import users
from tests.handlers.test_preferences import JSON, error_of, page, post
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost
from tests.support.storage import new_message
from tests.support.storage import post as post_message

PATH = "/settings/blocked"


async def ada_blocks_juniper(roost: Roost) -> int:
    await roost.browser().sign_in(person=JUNIPER.id)
    ada = await roost.services.store.read(users.by_twitter_id, ADA.id)
    juniper = await roost.services.store.read(users.by_twitter_id, JUNIPER.id)
    assert ada
    assert juniper
    await blocks.block(roost.services, Visitor(ada), juniper.id)
    return juniper.id


async def test_the_list_says_who_is_blocked_and_a_form_ends_it(roost: Roost, ada: Browser) -> None:
    assert JUNIPER.name not in await page(ada, PATH)
    juniper = await ada_blocks_juniper(roost)
    drawn = await page(ada, PATH)
    assert JUNIPER.name in drawn
    assert f'name="person" value="{juniper}"' in drawn
    answer = await post(ada, PATH, person=juniper)
    assert (answer.code, answer.headers["Location"]) == (303, f"{PATH}?saved")
    assert JUNIPER.name not in await page(ada, PATH)


async def test_a_script_is_answered_without_a_page(roost: Roost, ada: Browser) -> None:
    juniper = await ada_blocks_juniper(roost)
    assert (await post(ada, PATH, JSON, person=juniper)).code == 204
    assert (await post(ada, PATH, JSON, person=juniper)).code == 204, "and once more is no mistake"
    for nobody in ("", "x", "-1"):
        answer = await post(ada, PATH, JSON, person=nobody)
        assert (answer.code, error_of(answer)) == (404, "not_found")


async def test_what_who_is_blocked_wrote_comes_folded(roost: Roost, ada: Browser) -> None:
    juniper = await ada_blocks_juniper(roost)
    author = await roost.services.store.read(users.by_id, juniper)
    assert author
    await post_message(roost.services.store, [new_message(author, "Can you hear me?")])
    drawn = await page(ada, "/chat/general")
    assert drawn.count('class="msg msg--folded"') == 1
    assert 'aria-label="From somebody you blocked, ' in drawn
    digest = await page(ada, "/catch-up")
    assert 'data-part="line" hidden' in digest
    await post(ada, PATH, person=juniper)
    assert 'class="msg msg--folded"' not in await page(ada, "/chat/general")

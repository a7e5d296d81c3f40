"""The page of a thread, and that of the threads that one follows."""

import re

from app.chat import memberships, messages, threads
from tests.handlers.test_mentions import boot, called, drawn, post, reader
from tests.support.house import new_nonce
from tests.support.sign_in import Browser, Roost


async def reply(roost: Roost, text: str = "I do") -> None:
    """By Grace, to what the reader said."""
    grace = await called(roost, "x-grace", "grace_o")
    await post(roost, await reader(roost), "who has the key?")
    opened = await threads.open_thread(roost.services, grace, 1, 1)
    await (await messages.post(roost.services, grace, opened.thread.id, new_nonce(), text))
    await threads.sum_up(roost.services)


async def test_the_message_shows_the_way_to_its_thread(roost: Roost, ada: Browser) -> None:
    await reply(roost)
    page = await drawn(ada, "/chat/general")
    (chip,) = re.findall(
        r'<a class="replies" href="([^"]+)"[^>]*>(.*?)</a>', page.split('id="message-template"')[0], re.DOTALL
    )
    assert chip[0] == "/chat/general/1/thread"
    assert "1 reply" in chip[1]
    assert boot(page)["messages"][0]["thread"]["count"] == 1


async def test_a_thread_has_an_address_that_shows_it_without_a_script(roost: Roost, ada: Browser) -> None:
    await reply(roost)
    page = await drawn(ada, "/chat/general/1/thread")
    panel = re.findall(r'<aside class="thread".*?</aside>', page, re.DOTALL)[0]
    assert "who has the key?" in panel
    assert "I do" in panel
    assert 'data-view="thread"' in page


async def test_looking_at_the_page_makes_no_thread(roost: Roost, ada: Browser) -> None:
    await post(roost, await reader(roost), "who has the key?")
    assert "who has the key?" in await drawn(ada, "/chat/general/1/thread")
    assert (await threads.page(roost.services, await reader(roost), None, 9)).threads == []
    assert (await ada.open("/chat/general/2/thread")).code == 404


async def test_who_is_not_in_the_room_gets_what_they_get_of_the_message(roost: Roost, ada: Browser) -> None:
    await reply(roost)
    await memberships.leave(roost.services, await reader(roost), 1)
    assert (await ada.open("/chat/general/1/thread")).code == 404
    answer = await roost.browser().open("/chat/general/1/thread")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/chat/general/1/thread")


async def test_the_threads_that_one_follows_are_listed_and_counted(roost: Roost, ada: Browser) -> None:
    await reply(roost)
    page = await drawn(ada, "/threads")
    assert 'data-view="threads"' in page
    assert re.search(r'data-part="threads-count">1<', page)
    (row,) = re.findall(r'<li class="mentioned is-new" data-thread="\d+">(.*?)</li>', page, re.DOTALL)
    assert "who has the key?" in row
    assert "1 new" in row
    assert "/chat/general/1/thread" in row
    told = boot(page)
    assert [each["room"]["root"] for each in told["followed"]["threads"]] == [1]
    assert [room["root"] for room in told["threads"]] == [1]


async def test_who_follows_none_is_told_how(roost: Roost, ada: Browser) -> None:
    assert "You follow no thread yet." in await drawn(ada, "/threads")


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/threads")
    assert (answer.code, answer.headers["Location"]) == (302, "/login?next=/threads")


async def test_a_mention_in_a_thread_leads_there(roost: Roost, ada: Browser) -> None:
    await reply(roost, f"@{(await reader(roost)).user.handle}, I do")
    page = await drawn(ada, "/mentions")
    (row,) = re.findall(r'<li class="mentioned is-new" data-found="\d+">(.*?)</li>', page, re.DOTALL)
    assert "/chat/general/1/thread" in row
    told = boot(page)["mentions"]["mentions"][0]
    assert (told["parent"], told["root"]) == (1, 1)

"""GET /search: what was found is in the page, which works without its script."""

import re

from app.chat import indexing
from tests.handlers.test_mentions import boot, drawn, post, reader
from tests.support.sign_in import Browser, Roost


async def say(roost: Roost, *texts: str) -> None:
    author = await reader(roost)
    for text in texts:
        roost.services.limits.give_back(f"send:{author.user.id}")
        await post(roost, author, text)
    for room_id in await indexing.rooms_behind(roost.services):
        while await indexing.index_some(roost.services, room_id):
            pass


def hits(page: str) -> list[str]:
    return re.findall(r'data-hit="(\d+/\d+)"', page)


async def test_who_is_not_signed_in_is_led_back_here(roost: Roost) -> None:
    answer = await roost.browser().open("/search?q=cold")
    assert answer.code == 302
    assert answer.headers["Location"] == "/login?next=/search"


async def test_what_was_found_is_in_the_page_marked(roost: Roost, ada: Browser) -> None:
    await say(roost, "before", "a **cold** start", "cold & <b>wet</b>")
    page = await drawn(ada, "/search?q=cold+in:general")
    assert hits(page) == ["1/3", "1/2"]
    assert "a <strong><mark>cold</mark></strong> start" in page
    assert "<mark>cold</mark> &amp; &lt;b&gt;wet&lt;/b&gt;" in page
    assert 'name="q" value="cold" title="Remove this filter"' in page
    assert [hit["message"]["number"] for hit in boot(page)["search"]["found"]["hits"]] == [3, 2]


async def test_pages_follow_each_other_without_the_script(roost: Roost, ada: Browser) -> None:
    await say(roost, *(f"cold {number}" for number in range(35)))
    page = await drawn(ada, "/search?q=cold")
    assert len(hits(page)) == 30
    (before,) = re.findall(r'name="before" value="(\d+)"', page)
    assert hits(await drawn(ada, f"/search?q=cold&before={before}")) == ["1/5", "1/4", "1/3", "1/2", "1/1"]
    assert len(hits(await drawn(ada, "/search?q=cold&before=x"))) == 30


async def test_a_question_that_makes_no_sense_stays_to_be_mended(roost: Roost, ada: Browser) -> None:
    answer = await ada.open("/search?q=cold+on:yesterday")
    assert answer.code == 400
    page = answer.body.decode()
    assert "“yesterday” is not a date." in page
    assert 'value="cold on:yesterday"' in page


async def test_what_nothing_matches_says_so_and_markup_is_text(roost: Roost, ada: Browser) -> None:
    page = await drawn(ada, "/search?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    assert "Not a feather" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page

"""Cards of links: drawn alike by the server and by the page, taken away by who does not want them, and harmless."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import Browser, expect

from app.models import Card
from app.outbound import pages, posts
from app.outbound.fetcher import Fetched
from app.outbound.outcomes import Nothing
from tests.browser.conftest import Newcomer
from tests.browser.site import Ports, Site, arrive, holds, time_of, until
from tests.browser.test_attacks import TRAP
from tests.browser.test_formatting import tab_to
from tests.render.reading import read_cases

TIDES = Card(
    "https://tides.example.org/bathtub", "link", "tides.example.org", "Harmonic constants", "Why two tides a day."
)
POST = Card("https://x.com/ada/status/20", "post", "X", "Ada (@ada)", "One line.\nAnother.", "May 5, 2014")
AT_END = "((log) => log.scrollHeight - log.clientHeight - log.scrollTop < 2)(document.querySelector('roost-timeline'))"
CARDS = "(cards) => cards.map((card) => card.outerHTML.replaceAll(/ ?tabindex=.-?[01]./g, ''))"
HOSTILE = """(cards) => cards.flatMap((card) => [...card.querySelectorAll("*")]).filter((each) => {
    const ours = /^(A|BDI|BUTTON|P|SPAN|USE|SVG)$/i;
    return !ours.test(each.tagName) || each.getAttributeNames().some((name) => /^on|^style$/.test(name));
}).map((each) => each.outerHTML)"""


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path, migrated: Path, ports: Ports) -> AsyncIterator[Site]:
    """It shows cards, and knows what the links lead to."""
    shutil.copy(migrated, tmp_path / "roost.db")
    site = Site(tmp_path, ports, {"LINK_CARDS": "on"})
    for card in (TIDES, POST):
        site.know(card)
    yield site
    await site.stop()


async def test_a_card_comes_to_everybody_and_its_author_takes_it_away(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    asked: list[str] = []
    grace.page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    await ada.say(f"look: {TIDES.url}", f"and {POST.url}")
    seen = grace.page.locator(".card")
    page_of_tides = re.compile(r"tides\.example\.org\s*Harmonic constants\s*Why two tides a day\.")
    await expect(seen.first).to_have_text(page_of_tides)
    await expect(seen.last).to_have_text(re.compile(r"X\s*May 5, 2014\s*Ada \(@ada\)\s*One line\.\s*Another\."))
    link = seen.get_by_role("link", name="Harmonic constants")
    await expect(link).to_have_attribute("href", TIDES.url)
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow ugc")
    await link.focus()
    await ada.ask("message.react", room=1, number=1, emoji="🌊", on=True)
    await expect(grace.page.locator("[data-part=reaction]")).to_have_count(1)
    await expect(link).to_be_focused()
    live = await seen.evaluate_all(CARDS)
    await grace.page.reload()
    await grace.is_live()
    assert await seen.evaluate_all(CARDS) == live
    await expect(grace.page.get_by_role("button", name="Remove card")).to_have_count(0)

    own = ada.page.locator(".card")
    await own.first.hover()
    await own.first.get_by_role("button", name="Remove card").click()
    for page in (ada.page, grace.page):
        await expect(page.locator(".card")).to_have_count(1)
    await expect(ada.page.locator(".msg").first).to_be_focused()
    await expect(ada.page.locator("roost-toast")).to_contain_text("Card removed")
    await ada.page.reload()
    await ada.is_live()
    await expect(own).to_have_count(1)
    assert {*asked} <= {urlsplit(site.url).netloc}


async def test_a_card_is_reached_and_taken_away_with_the_keyboard(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.say(TIDES.url)
    await expect(ada.page.locator(".card")).to_be_visible()
    await ada.page.keyboard.press("Control+Shift+F6")
    await expect(ada.page.locator(".msg")).to_be_focused()
    await tab_to(ada.page, ".card__title")
    await tab_to(ada.page, ".card__remove")
    await expect(ada.page.locator(".card__remove")).to_have_css("opacity", "1")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator(".card")).to_have_count(0)
    await expect(ada.page.locator(".msg")).to_be_focused()


async def test_a_moderator_takes_it_away_by_the_menu_and_switches_cards_off_in_the_room(
    site: Site, newcomer: Newcomer
) -> None:
    await site.expect("mo", "moderator")
    await site.start()
    ada, mo = await newcomer("ada_l"), await newcomer("mo")
    await ada.say(TIDES.url)
    await expect(mo.page.locator(".card")).to_be_visible()
    await mo.page.locator(".msg").focus()
    await mo.page.keyboard.press("Enter")
    await mo.page.get_by_role("menuitem", name="Remove card").click()
    for page in (ada.page, mo.page):
        await expect(page.locator(".card")).to_have_count(0)
    await mo.page.evaluate(
        """async () => {
            const { app } = await import("roost/core/app.js");
            (await import("roost/layers/room_settings.js")).openRoomSettings(app);
        }"""
    )
    switch = mo.page.get_by_role("switch", name="Cards for links")
    await expect(switch).to_be_checked()
    await switch.click()
    await mo.page.get_by_role("button", name="Save").click()
    await expect(mo.page.get_by_role("dialog")).to_have_count(0)
    told = "async () => (await import('roost/core/app.js')).app.store.room(1).cards"
    await until(lambda: ada.page.evaluate(f"async () => !(await ({told})())"))
    await ada.say(POST.url)
    await ada.say("plain")
    await ada.sees(TIDES.url, POST.url, "plain")
    await expect(ada.page.locator(".card")).to_have_count(0)


async def test_whoever_rests_at_the_end_stays_there_when_a_card_comes(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 40)
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/attic"), await newcomer("grace", "/chat/attic")
    await ada.say(TIDES.url)
    for page in (ada.page, grace.page):
        await expect(page.locator(".card")).to_be_in_viewport()
        await holds(page, AT_END)


async def test_strangers_see_cards_too_as_they_come(browser: Browser, site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await site.publish("general")
    stranger = await arrive(browser, site)
    await stranger.page.goto(f"{site.url}/chat/general")
    await ada.say(POST.url)
    seen = stranger.page.locator(".card")
    await expect(seen.get_by_role("link", name="Ada (@ada)")).to_be_visible()
    await expect(stranger.page.get_by_role("button", name="Remove card")).to_have_count(0)
    live = await seen.evaluate_all(CARDS)
    await stranger.page.reload()
    assert await seen.evaluate_all(CARDS) == live
    await ada.ask("card.remove", room=1, number=1)
    await expect(seen).to_have_count(0)
    assert stranger.complaints == []


async def test_hundreds_of_attacks_do_nothing_in_cards(browser: Browser, site: Site, newcomer: Newcomer) -> None:
    attacks = read_cases("xss.json")
    made = [hostile_card(number, attack) for number, attack in enumerate(attacks)]
    said = [{"room": "attic", "at": time_of(at), "author": "wren", "text": card.url} for at, card in enumerate(made, 1)]
    await site.import_lines("".join(json.dumps(line) + "\n" for line in said))
    site.draw("attic", *made)
    await site.start()
    ada = await newcomer("ada_l")
    await site.publish("attic")
    stranger = await arrive(browser, site)
    seen = 0
    for visitor in (ada, stranger):
        await visitor.page.add_init_script(TRAP)
        for start in range(25, len(made) + 25, 50):
            number = min(start, len(made))
            await visitor.page.goto(f"{site.url}/chat/attic/{number}")
            await expect(visitor.page.locator(f"#m-{number} .card")).to_be_visible()
            seen += await visitor.page.locator(".card").count()
            assert await visitor.page.evaluate("window.executed") == []
            assert await visitor.page.locator(".card").evaluate_all(HOSTILE) == []
        assert visitor.complaints == []
    assert seen > 600


def hostile_card(number: int, attack: str) -> Card:
    """Of a page, or a post, that says nothing else."""
    url = f"https://evil.example/{number:04}"
    if number % 2:
        body = {"html": f"<p>{as_text(attack)}</p>&mdash; x <a>{as_text(attack)}</a>", "author_name": attack}
        return posts.card_of(Fetched(url, posts.TYPES, "", json.dumps(body).encode()), url)
    head = f'<title>{as_text(attack)} </title><meta name=description content="{as_text(attack)}">'
    try:
        return pages.card_of(Fetched(url, "text/html", "utf-8", head.encode()), url)
    except Nothing:
        return Card(url, title=attack, text=attack)


def as_text(attack: str) -> str:
    """Whatever stands there is read as text, so that the attack itself comes to the card."""
    return "".join(f"&#{ord(letter)};" if letter in "<>&\"'" else letter for letter in attack)

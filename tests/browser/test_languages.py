"""The interface in Russian: what the screens do not show, and what happens there. The screens: test_screens.py."""

import re

from playwright.async_api import Browser, expect

from app.chat.deliveries import WHY
from tests.browser.conftest import Newcomer
from tests.browser.russian import RUSSIAN, english
from tests.browser.site import Site, arrive

# The screens have the others.
NOTICES = ("unavailable", "clock", "callback", "rate_limited", "expired")


async def test_the_other_refusals_are_in_russian(browser: Browser, site: Site) -> None:
    await site.start()
    page = (await arrive(browser, site, **RUSSIAN)).page
    for notice in NOTICES:
        await page.goto(f"{site.url}/?notice={notice}")
        assert await english(page) == [], notice


async def test_what_happens_in_the_chat_is_said_in_russian(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", **RUSSIAN)
    page = ada.page
    await expect(page.locator(".day").first).to_have_text(re.compile("Пятница, 14 ноября"))
    message = page.get_by_role("textbox", name="Сообщение в #attic")

    bo = await newcomer("bo", "/chat/attic")
    await bo.write("на проводе")
    await expect(page.get_by_text("bo печатает")).to_be_visible()
    await bo.say("на проводе")
    await expect(page.locator(".day").last).to_have_text("Сегодня")
    await expect(page.locator("[data-part=members]")).to_have_text("2 участника")

    await ada.offline()
    await message.fill("я здесь")
    await message.press("Enter")
    await expect(page.get_by_text("Ждёт отправки")).to_be_visible()


async def test_the_settings_change_the_language_at_once_and_for_good(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    page = (await newcomer("ada_l")).page
    await page.goto(f"{site.url}/settings")
    await page.get_by_label("Language").select_option("Русский")
    await expect(page.get_by_role("heading", name="Настройки")).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("Сохранено")
    for path in ("/settings/devices", "/rules", "/nowhere", "/chat"):
        await page.goto(site.url + path)
        assert await page.locator("html").get_attribute("lang") == "ru", path


async def test_what_the_server_says_in_a_message_is_said_in_russian(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", **RUSSIAN)
    shown = await ada.page.evaluate(
        """async (sentence) => {
            const { fillBody } = await import("roost/elements/body.js");
            const body = document.createElement("div");
            fillBody(body, `a <span class="said">${sentence}</span> b`, { me: 0, people: new Map() });
            return body.textContent;
        }""",
        WHY["gone"],
    )
    assert shown == "a Выключен: по его URL ответили, что там больше ничего не будет. b"


async def test_a_refusal_is_said_in_russian(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", **RUSSIAN)
    sentence = await ada.page.evaluate(
        """async () => {
            const { app } = await import("roost/core/app.js");
            const message = { room: app.place.room, nonce: crypto.randomUUID(), text: "x".repeat(4001) };
            return app.socket.request({ type: "message.send", ...message }).catch((problem) => problem.message);
        }"""
    )
    assert (
        sentence == "В сообщении помещается не больше 4\N{NO-BREAK SPACE}000 знаков. Сократите его или отправьте двумя."
    )

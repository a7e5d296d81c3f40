"""Messages that are formatted: drawn alike by the server and by the page, written with keys, and harmless."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site, until

CODE = "```python\ndef f(x):\n    return x\n```"
FORMATTED = f"**bold** *italic* ~~gone~~ `code`\n> said\n\n- a\n- b\n\n{CODE}\n[words](https://example.org/)"
# Whether a link that can be reached says so makes no difference.
BODIES = "(bodies) => bodies.map((body) => body.innerHTML.replaceAll(/ tabindex=.-?[01]./g, ''))"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
WIDE = "wide = " + "'a long line' + " * 40 + "''"


async def test_the_page_and_the_server_draw_a_message_alike(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada, grace = await newcomer("ada_l"), await newcomer("grace")
    await ada.say(FORMATTED)
    body = grace.page.locator("[data-part=body]:has(pre)")
    for tag in ("strong", "em", "del", "blockquote", "li", "pre span.k", "a[href='https://example.org/']"):
        await expect(body.locator(tag).first).to_be_visible()
    bodies = grace.page.locator(".msg [data-part=body]")
    live = await bodies.evaluate_all(BODIES)
    await grace.page.reload()
    await grace.is_live()
    assert await bodies.evaluate_all(BODIES) == live
    assert await ada.page.locator(".msg [data-part=body]").evaluate_all(BODIES) == live


async def test_a_message_of_ones_own_stays_in_view_when_it_grows(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 40)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    await ada.say(FORMATTED)
    await expect(ada.page.locator(".msg:last-child pre")).to_be_visible()
    log = ada.page.locator("roost-timeline")
    await until(lambda: log.evaluate("(log) => log.scrollHeight - log.clientHeight - log.scrollTop < 2"))


async def test_code_scrolls_in_its_box_and_is_copied_with_the_keyboard_alone(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", permissions=CLIPBOARD)
    page = ada.page
    await ada.say(f"```python\n{WIDE}\n```")
    code = page.locator("pre > code")
    await expect(code).to_be_visible()
    assert await code.evaluate("(code) => code.scrollWidth > code.clientWidth")
    assert await page.locator("roost-timeline").evaluate("(log) => log.scrollWidth === log.clientWidth")

    await page.keyboard.press("Control+Shift+F6")
    await expect(page.locator(".msg")).to_be_focused()
    await tab_to(page, "pre > code")
    await page.keyboard.press("ArrowRight")
    await until(lambda: code.evaluate("(code) => code.scrollLeft > 0"))
    await tab_to(page, "[data-action=copy-code]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").get_by_text("Code copied.")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == WIDE


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(6):
        if await page.locator(selector).evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    await expect(page.locator(selector)).to_be_focused()


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ("Control+b", "say **this**"),
        ("Control+i", "say *this*"),
        ("Control+e", "say `this`"),
        ("Control+Shift+X", "say ~~this~~"),
        ("Control+Shift+L", "say [this](https://)"),
        ("Control+Shift+Digit8", "- say this"),
        ("Control+Shift+Digit9", "> say this"),
        ("*", "say *this*"),
        ("~", "say ~~this~~"),
        ("`", "say `this`"),
        ("_", "say _this_"),
    ],
)
async def test_keys_format_what_is_selected(site: Site, newcomer: Newcomer, keys: str, written: str) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    await ada.write("say this")
    await select(ada.page, "this")
    await ada.page.keyboard.press(keys)
    await expect(ada.composer).to_have_value(written)
    await ada.page.keyboard.press("Control+z")
    await expect(ada.composer).to_have_value("say this")


async def test_an_address_that_is_pasted_over_words_makes_a_link(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l", permissions=CLIPBOARD)
    await ada.page.evaluate("navigator.clipboard.writeText('https://example.org/tide_(sea)')")
    await ada.write("see the tides")
    await select(ada.page, "the tides")
    await ada.page.keyboard.press("Control+v")
    await expect(ada.composer).to_have_value("see [the tides](<https://example.org/tide_(sea)>)")
    await ada.page.keyboard.press("Enter")
    link = ada.page.get_by_role("link", name="the tides")
    await expect(link).to_have_attribute("href", "https://example.org/tide_(sea)")


async def test_enter_is_a_new_line_in_a_block_of_code_and_sends_behind_it(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await newcomer("ada_l")
    for line in ("```js", "let a = 1", "```"):
        await ada.composer.press_sequentially(line)
        await ada.composer.press("Enter")
    await expect(ada.page.locator("pre[data-language=js] > code")).to_have_text("let a = 1")
    await expect(ada.composer).to_have_value("")


async def select(page: Page, words: str) -> None:
    await page.evaluate(
        """(words) => {
            const text = document.getElementById("message");
            const start = text.value.indexOf(words);
            text.focus();
            text.setSelectionRange(start, start + words.length);
        }""",
        words,
    )

"""What a send looks like to its writer: nothing, unless it takes long."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

# Presses Send; the height of what is said of the message's fate as soon as the message is there.
SEND = """async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    document.querySelector("[data-action=send]").click();
    while (!document.querySelector("[data-part=fate]")) await frame();
    return document.querySelector("[data-part=fate]").offsetHeight;
}"""


async def test_a_send_says_nothing_and_moves_nothing_until_it_takes_long(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 60)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic")
    await ada.write("hello")
    site.freeze()
    assert await ada.page.evaluate(SEND) == 0
    await expect(ada.page.get_by_text("Sending…")).to_be_in_viewport(ratio=1)
    site.thaw()
    await expect(ada.page.get_by_text("Sending…")).to_have_count(0)
    await expect(ada.page.locator("#m-61")).to_be_in_viewport(ratio=1)

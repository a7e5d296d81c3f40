"""What a screen reader is given of a room: a tree to walk through, and a voice of its own for what arrives."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.site import Site

TREE = """
- log "Messages":
  - paragraph: "This is the start of #attic."
  - region "Friday, 14 November 2025":
    - heading "Friday, 14 November 2025" [level=2]
    - list:
      - listitem "wren, 09:01":
        - heading "wren" [level=3]
        - link "09:01"
        - text: history 1
      - listitem "wren, 09:02":
        - text: /history 2/
      - listitem "sol, 09:03":
        - heading "sol" [level=3]
        - link "09:03"
        - text: history 3
"""


async def test_a_room_is_a_tree_of_days_and_messages_each_with_its_author(site: Site, newcomer: Newcomer) -> None:
    await site.import_history("attic", 3)
    await site.start()
    ada = await newcomer("ada_l", "/chat/attic", timezone_id="UTC")
    await expect(ada.page.locator("main")).to_match_aria_snapshot(TREE)


async def test_what_arrives_is_said_beside_the_log_which_is_silent(site: Site, newcomer: Newcomer) -> None:
    """A log that spoke by itself would read out a page of history as it is loaded."""
    await site.start()
    ada, grace = await newcomer("ada_l", "/chat/general"), await newcomer("grace_o", "/chat/general")
    log, voice = ada.page.get_by_role("log"), ada.page.get_by_role("status").and_(ada.page.locator("#announce"))
    await expect(log).to_have_attribute("aria-live", "off")
    await expect(voice).to_have_attribute("aria-live", "polite")
    await grace.say("Is anybody there?")
    await expect(voice).to_have_text("grace_o: Is anybody there?")
    await ada.say("I am")
    await grace.say("Good")
    await expect(voice).to_have_text("grace_o: Good")

"""Every element with every event attribute, and hundreds of known attacks, wherever somebody may write: nothing is
executed, and nothing is even refused by the page's policy, as nothing of it gets that far (SECURITY S26)."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.async_api import expect

from app.render.names import plain_name
from tests.browser.conftest import Newcomer
from tests.browser.site import Site, Visitor, time_of, until
from tests.render.attacks import every_attack, packed
from tests.render.reading import read_cases

ON_A_PAGE = 50
"""Messages around the one that is opened."""
TOPICS, FILES, SEARCHES = 60, 60, 40
MESSAGE, TOPIC, SEARCH = 3_900, 200, 100
"""Characters."""
TRAP = """
    window.executed = [];
    for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...said) => window.executed.push(said);
    window.addEventListener("securitypolicyviolation", (event) => window.executed.push(event.blockedURI));
"""
FOREIGN = """(all) => all.filter((each) => {
    const ours = /^(A|BLOCKQUOTE|BR|CODE|DEL|EM|LI|OL|PRE|SPAN|STRONG|UL)$/;
    const hostile = !ours.test(each.tagName) || each.getAttributeNames().some((name) => /^(on|style|id$)/.test(name));
    return hostile && !each.closest("button.code__copy");
}).map((each) => each.outerHTML)"""
LISTENING = """(all) => all.filter((each) => each.getAttributeNames().some((name) => name.startsWith("on")))
    .map((each) => each.outerHTML)"""
UPLOAD = """async ([room, name, nonce]) => {
    const { app } = await import("roost/core/app.js");
    const headers = { "X-File-Name": name, "Idempotency-Key": nonce, "X-Xsrftoken": app.boot.xsrf };
    const answer = await fetch(`/files?room=${room}`, { method: "POST", body: "x", headers });
    return (await answer.json()).id;
}"""


@pytest.fixture
def service_workers() -> str:
    return "allow"


async def test_thousands_of_attacks_do_nothing_in_messages_and_names(site: Site, newcomer: Newcomer) -> None:
    known = [text for text in read_cases("xss.json") if plain_name(text)]
    texts = [*known, *packed(every_attack(), MESSAGE)]
    said = [
        {"room": "attic", "at": time_of(number), "author": known[number % len(known)], "text": text}
        for number, text in enumerate(texts, 1)
    ]
    await site.import_lines("".join(json.dumps(line) + "\n" for line in said))
    await site.start()
    ada = await trapped(newcomer)
    for start in range(ON_A_PAGE // 2, len(texts) + ON_A_PAGE // 2, ON_A_PAGE):
        number = min(start, len(texts))
        await ada.open(f"/chat/attic/{number}")
        await expect(ada.page.locator(f"#m-{number}")).to_be_visible()
        await is_harmless(ada)


async def test_attacks_do_nothing_as_a_topic(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await trapped(newcomer)
    made = await ada.ask("room.create", name="boats", kind="public")
    await ada.visit("/chat/boats")
    for topic in spread(lines_of(TOPIC), TOPICS):
        await ada.ask("room.change", room=made["room"]["id"], topic=topic)
        await expect(ada.page.locator("[data-part=room-topic]").first).to_have_text(topic)
        await is_harmless(ada)


async def test_attacks_do_nothing_as_the_name_of_a_file(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await trapped(newcomer)
    room = await ada.page.evaluate("""async () => (await import("roost/core/app.js")).app.place.room""")
    names = spread([text for text in read_cases("xss.json") if len(text) < 100], FILES)
    for start in range(0, FILES, 10):
        ids = [
            await ada.page.evaluate(UPLOAD, [room, quote(name), f"attack-{start:04}-{which:06}"])
            for which, name in enumerate(names[start : start + 10])
        ]
        nonce = f"message-{start:012}"
        await ada.ask("message.send", room=room, nonce=nonce, text="", files=ids)
        await expect(ada.page.locator(".msg [data-part=others] > *")).to_have_count(start + len(ids))
    await is_harmless(ada)
    await ada.page.reload()
    await ada.is_live()
    await is_harmless(ada)


async def test_attacks_do_nothing_in_a_search_and_in_what_it_finds(site: Site, newcomer: Newcomer) -> None:
    await site.start()
    ada = await trapped(newcomer)
    await ada.say(*(f"lantern {text}" for text in spread(read_cases("xss.json"), 15)))

    async def is_found() -> bool:
        return len((await ada.ask("message.search", text="lantern"))["hits"]) > 10

    await until(is_found)
    for text in ["lantern", "lantern alert", *spread(lines_of(SEARCH), SEARCHES)]:
        await ada.page.goto(f"{site.url}/search?{urlencode({'q': text})}")
        await expect(ada.page.locator("#search-query")).to_have_value(text)
        told = ada.page.locator(".search").locator(
            "[data-part=told]:not(:empty), [data-part=none]:visible, [data-part=problem]:visible"
        )
        await expect(told.first).to_be_visible()
        await is_harmless(ada)


async def trapped(newcomer: Newcomer) -> Visitor:
    ada = await newcomer("ada_l")
    await ada.page.add_init_script(TRAP)
    await ada.page.reload()
    await ada.is_live()
    return ada


def lines_of(limit: int) -> list[str]:
    """Texts of one line."""
    attacks = (" ".join(attack.split()) for attack in every_attack() if attack.isprintable() and len(attack) < limit)
    return [" ".join(text.split("\n")) for text in packed(attacks, limit)]


def spread(texts: list[Any], count: int) -> list[Any]:
    """So many of them, from everywhere among them."""
    return [texts[len(texts) * which // count] for which in range(count)]


async def is_harmless(visitor: Visitor) -> None:
    assert await visitor.page.evaluate("window.executed") == []
    assert await visitor.page.locator(".msg [data-part=body] *").evaluate_all(FOREIGN) == []
    assert await visitor.page.locator("*").evaluate_all(LISTENING) == []
    assert visitor.complaints == []

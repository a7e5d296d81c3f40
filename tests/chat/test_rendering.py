"""HTML made while a message is sent, in its order, and made anew by a later version."""

import asyncio
import threading
from collections.abc import Mapping

import pytest

from app.chat import messages as chat_messages
from app.chat import rendering
from app.chat.rendering import PORTION, html_of, rerender
from app.models import Message, NewMessage, Visitor
from app.protocol import events
from app.render.mentions import Named
from app.render.text import SHORT, VERSION, render_text
from app.storage import messages
from tests.support.house import GENERAL, House, new_nonce, send

LONG = "**long** ".ljust(SHORT + 1, "a")
OLD = "old"


async def stored(house: House) -> list[Message]:
    return await house.services.store.read(messages.newest, GENERAL, 10_000)


async def test_a_message_is_kept_with_its_html_and_what_made_it(house: House, ana: Visitor) -> None:
    await house.post(ana, "**hello** :tada:")
    (message,) = await stored(house)
    assert (message.text, message.html) == ("**hello** :tada:", "<strong>hello</strong> 🎉")
    assert message.renderer == VERSION


async def test_what_takes_long_is_made_while_others_go_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made_in = []

    def make(text: str, own_origin: str, people: Mapping[str, Named]) -> str:
        made_in.append(threading.current_thread())
        return render_text(text, own_origin, people)

    monkeypatch.setattr(rendering, "render_text", make)
    await html_of(house.services, "**short**")
    await html_of(house.services, LONG)
    assert made_in[0] is threading.current_thread()
    assert made_in[1] is not threading.current_thread()


async def test_a_short_message_does_not_overtake_the_long_one_before_it(
    house: House, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = threading.Event()

    def make(text: str, own_origin: str, people: Mapping[str, Named]) -> str:
        if text == LONG:
            finish.wait()
        return render_text(text, own_origin, people)

    monkeypatch.setattr(rendering, "render_text", make)
    client = await house.connect(ana)
    await client.open()
    for text in (LONG, "short"):
        client.say(send(text))
    page = await chat_messages.page(house.services, ana, GENERAL)  # the loop goes on
    assert page.messages == []
    finish.set()
    await client.hears(events.MessagePosted, 2)
    assert [message.text for message in await stored(house)] == [LONG, "short"]


async def write_old(house: House, ana: Visitor, texts: list[str]) -> None:
    """As a version before this one would have."""
    log = house.services.store.log
    await asyncio.gather(
        *(log.append(NewMessage(GENERAL, ana.user.id, new_nonce(), "msg", text, OLD, renderer=1)) for text in texts)
    )


async def test_what_an_older_version_made_is_made_anew_and_nobody_is_told(house: House, ana: Visitor) -> None:
    await write_old(house, ana, ["*a*", "b"])
    await house.post(ana, "c")
    before = await stored(house)
    client = await house.connect(ana)
    await client.open()
    assert sum([made async for made in rerender(house.services)]) == 2
    after = await stored(house)
    assert [message.html for message in after] == ["<em>a</em>", "b", "c"]
    assert {message.renderer for message in after} == {VERSION}
    assert [(message.seq, message.at, message.text) for message in after] == [
        (message.seq, message.at, message.text) for message in before
    ]
    assert [made async for made in rerender(house.services)] == []
    assert client.of(events.MessagePosted) == []


async def test_what_is_made_anew_still_tells_our_sentences_from_those_of_others(house: House, ana: Visitor) -> None:
    old = 'Gone. <span class="said">&lt;Off&gt;.</span>'
    new = NewMessage(GENERAL, ana.user.id, new_nonce(), "msg", "**Gone**. <Off>.", old, renderer=1)
    await house.services.store.log.append(new)
    assert [made async for made in rerender(house.services)] == [1]
    (message,) = await stored(house)
    assert message.html == '<strong>Gone</strong>. <span class="said">&lt;Off&gt;.</span>'


async def test_a_run_that_was_broken_off_is_gone_on_with(house: House, ana: Visitor) -> None:
    await write_old(house, ana, ["*a*"] * (PORTION + 1))
    first = rerender(house.services)
    assert await anext(first) == PORTION
    await first.aclose()  # type: ignore[attr-defined]
    assert [message.html for message in await stored(house)][-1] == OLD
    assert [made async for made in rerender(house.services)] == [1]
    assert {message.html for message in await stored(house)} == {"<em>a</em>"}

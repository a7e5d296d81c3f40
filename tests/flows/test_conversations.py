"""One set of conversations for all clients: the library by WebSocket, server-sent events and TCP, the terminal, the
window and the page. Whichever they talk with, all see the same in one order, nothing twice, over every break."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import get_args

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from app.chat import rooms
from tests.browser.conftest import CHROMIUM, SHELL, launched
from tests.clients.desktop.display import show_windows
from tests.clients.site import running_site
from tests.flows.members.conversation import PATIENCE, Conversation, Place
from tests.flows.members.member import EMOJI, Kind
from tests.support.house import new_nonce
from tests.support.proxy import proxy_to

KINDS: tuple[Kind, ...] = get_args(Kind)
EASY = {"LIMIT_REPEATS_PER_12_HOURS": "1000000"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser | None]:
    if (program := SHELL or CHROMIUM) is None:
        yield None
        return
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright, launched(playwright.chromium, program) as browser:
        yield browser


@pytest.fixture(autouse=True)
def _windows(display: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if display is not None:
        show_windows(display, monkeypatch)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser | None, display: str | None
) -> AsyncIterator[Place]:
    async with proxy_to(("127.0.0.1", 1)) as front:
        address = f"http://127.0.0.1:{front.address[1]}"
        async with running_site(tmp_path_factory.mktemp("site"), PUBLIC_URL=address, **EASY) as site:
            yield Place(site, front, chromium, display is not None)


@asynccontextmanager
async def conversation(place: Place, folder: Path) -> AsyncIterator[Conversation]:
    """In a room of its own. No fixture: Textual has to be left by the task that entered it."""
    name = new_nonce().lower().replace("-", "")
    host = await place.site.visitor(name[-12:])
    room, _ = await rooms.create(place.site.services, host, f"Room {name}", "public")
    async with AsyncExitStack() as stack:
        yield Conversation(place, room, folder, stack)


async def test_all_talk_at_once_and_see_one_order(place: Place, tmp_path: Path) -> None:
    async with conversation(place, tmp_path) as talk:
        kinds = [kind for kind in KINDS if talk.may_join(kind)]
        members = [(kind, await talk.join(kind)) for kind in kinds]
        for number in range(3):
            for kind, member in members:
                await member.says(f"{kind}-{number}")
        order = await talk.all_see_in_one_order({f"{kind}-{number}" for kind in kinds for number in range(3)})
    for kind in kinds:
        assert [word for word in order if word.startswith(kind)] == [f"{kind}-{number}" for number in range(3)]


@pytest.mark.parametrize("kind", KINDS)
async def test_edits_reactions_and_removals_arrive(place: Place, tmp_path: Path, kind: Kind) -> None:
    async with conversation(place, tmp_path) as talk:
        one, other = await talk.join(kind), await talk.join("websocket", "other")
        await one.says("one-1")
        await talk.all_see("one-1")
        await other.says("other-2")
        await talk.all_see("one-1", "other-2")
        await one.edits("one-1", "one-1-anew")
        await other.edits("other-2", "other-2-anew")
        await talk.all_see("one-1-anew", "other-2-anew")
        await one.reacts_to("other-2-anew")
        await other.reacts_to("one-1-anew")
        await talk.all_see("one-1-anew", EMOJI, "other-2-anew", EMOJI)
        await one.says("one-3")
        await talk.all_see("one-1-anew", EMOJI, "other-2-anew", EMOJI, "one-3")
        await one.removes("one-1-anew")
        await other.removes("other-2-anew")
        await talk.all_see("one-3")


@pytest.mark.parametrize("kind", KINDS)
async def test_after_a_break_everything_is_there_and_what_was_written_meanwhile_goes_once(
    place: Place, tmp_path: Path, kind: Kind
) -> None:
    async with conversation(place, tmp_path) as talk:
        one, other = await talk.join(kind), await talk.join("websocket", "other")
        await one.says("one-1")
        await talk.all_see("one-1")
        await other.says("other-2")
        await other.says("other-3")
        await talk.all_see("one-1", "other-2", "other-3")
        talk.lines[kind].sever()
        await one.is_cut_off()
        await one.says("one-5")
        await one.says("one-6")
        await other.says("other-4")
        await other.edits("other-2", "other-2-anew")
        await other.removes("other-3")
        await other.reacts_to("one-1")
        await talk.is_stored("other-4")
        await talk.is_stored("other-2-anew")
        talk.lines[kind].heal()
        await one.hurries()
        await talk.all_see("one-1", EMOJI, "other-2-anew", "other-4", "one-5", "one-6")


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_stored_and_not_answered_is_not_said_twice(place: Place, tmp_path: Path, kind: Kind) -> None:
    async with conversation(place, tmp_path) as talk:
        one, other = await talk.join(kind), await talk.join("websocket", "other")
        line = talk.lines[kind]
        said: list[str] = []
        for words in (["one-1", "one-2", "other-3"], ["one-4", "one-5", "other-6"]):
            line.hush()
            await one.says(words[0])
            await one.says(words[1])
            await talk.is_stored(words[0])
            line.sever()
            line.let_hear()
            await one.is_cut_off()
            line.heal()
            await one.hurries()
            await talk.is_stored(words[1])
            await other.says(words[2])
            said += words
            await talk.all_see(*said)

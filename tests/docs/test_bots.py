"""docs/bots.md: each example does what it says, as it is written there, against a running server."""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from app.chat import messages
from app.chat.webhook_secrets import signature
from app.models import Message
from stores import free_port
from tests.clients.site import Site, running_site
from tests.support.house import new_nonce
from tests.support.web import PUBLIC, answer, open_site

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bots.md").read_text()
SECTIONS = {section.partition("\n")[0]: section for section in PAGE.split("\n## ")[1:]}
EXAMPLES = {
    heading: example
    for heading, section in SECTIONS.items()
    for example in re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
}
FIRST = "<item><title>First, @ada_l</title><link>https://news.example/1</link></item>"
SECOND = "<item><title>Second &amp; third</title><link>https://news.example/2</link></item>"
LATER = "<item><title>Later</title><link>https://news.example/3</link></item>"
PATIENCE = 20.0


def talkative(folder: Path) -> AbstractAsyncContextManager[Site]:
    """Where a question may be asked as often as it takes."""
    return running_site(folder, LIMIT_REPEATS_PER_12_HOURS="1000000")


@asynccontextmanager
async def started(heading: str, folder: Path, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The example below this heading."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", EXAMPLES[heading], cwd=folder, env=environ)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def running(site: Site, heading: str, folder: Path, **environ: str) -> AsyncIterator[None]:
    """A bot that acts for `bot`."""
    token = await site.token("bot")
    async with started(heading, folder, ROOST_SERVER=site.url, ROOST_TOKEN=token, **environ) as process:
        yield
        assert process.returncode is None


async def said(site: Site) -> list[Message]:
    return list((await messages.page(site.services, await site.visitor("ada_l"), 1)).messages)


async def answered(site: Site, asking: str, condition: Callable[[list[Message]], bool]) -> list[Message]:
    """What was said, once the condition holds for it. It is asked until the bot is there to hear it."""
    async with asyncio.timeout(PATIENCE):
        while not condition(found := await said(site)):
            await (await messages.post(site.services, await site.visitor("ada_l"), 1, new_nonce(), asking))
            await asyncio.sleep(0.2)
    return found


async def posted(site: Site, count: int) -> list[str]:
    """The texts, once there are so many."""
    async with asyncio.timeout(PATIENCE):
        while len(found := await said(site)) < count:  # noqa: ASYNC110  the bot is another process
            await asyncio.sleep(0.05)
    return [message.text for message in found]


def feed(*articles: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(articles)}</channel></rss>'.encode()


async def test_the_echo(tmp_path: Path) -> None:
    async with talkative(tmp_path) as site, running(site, "An echo", tmp_path):
        await answered(site, "!echo tea?", lambda found: "tea?" in [message.text for message in found])
    assert (tmp_path / "echo.json").exists()


async def test_the_reader_of_feeds_posts_each_article_once(tmp_path: Path) -> None:
    async with talkative(tmp_path) as site, open_site({"": answer(feed(SECOND, FIRST))}) as news:
        address = f"http://{PUBLIC}:{news.port}/feed"
        async with running(site, "A reader of feeds", tmp_path, FEED=address):
            both = await posted(site, 2)
        assert both == ["First, @ ada_l https://news.example/1", "Second & third https://news.example/2"]
        news.answers[""] = answer(feed(LATER, SECOND, FIRST))
        async with running(site, "A reader of feeds", tmp_path, FEED=address):
            assert await posted(site, 3) == [*both, "Later https://news.example/3"]


async def test_the_reminder(tmp_path: Path) -> None:
    def is_done(found: list[Message]) -> bool:
        emoji = [reaction.emoji for message in found for reaction in message.more.reactions]
        return "⏰" in emoji and "the kettle" in [message.text for message in found]

    async with talkative(tmp_path) as site, running(site, "A reminder", tmp_path):
        await answered(site, "!remind 0s the kettle", is_done)


async def test_the_webhook_takes_what_is_signed_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    body, sent = b'{"text": "tea?"}', int(time.time())
    signed = {
        "Roost-Webhook-Id": "7-12",
        "Roost-Webhook-Time": str(sent),
        "Roost-Webhook-Signature": signature("shared", "7-12", sent, body),
    }
    async with started("Webhooks", tmp_path, PORT=str(port), SECRET="shared"):
        assert await status_of(port, body, signed) == 204
        assert await status_of(port, body + b" ", signed) == 403


async def status_of(port: int, body: bytes, headers: dict[str, str]) -> int:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                url = f"http://127.0.0.1:{port}/"
                return (await AsyncHTTPClient().fetch(url, method="POST", body=body, headers=headers)).code
            except HTTPClientError as refusal:
                return refusal.code
            except OSError:
                await asyncio.sleep(0.05)


def test_all_examples_are_run() -> None:
    assert set(EXAMPLES) == {"An echo", "A reader of feeds", "A reminder", "Webhooks"}
    assert len(EXAMPLES) == PAGE.count("```python")


@pytest.mark.parametrize("name", ["messages", "reply", "react", "send", "person", "room", "api"])
def test_what_a_bot_has_is_told(name: str) -> None:
    assert f"bot.{name}" in SECTIONS["What it does"]

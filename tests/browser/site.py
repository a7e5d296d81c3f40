"""A real server in a process of its own, its X beside it, and people in Chromium."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect
from tornado.httpclient import AsyncHTTPClient

from app.standin.keys import CONSUMER_KEY, CONSUMER_SECRET

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0
FIRST_SAID = datetime(2025, 11, 14, 9, 0, tzinfo=UTC)


class Ports:
    """Where a community and its X answer."""

    def __init__(self) -> None:
        self.site = free_port()
        self.standin = free_port()


class Site:
    """A community at `url`. Its database outlives `kill`."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.port = ports.site
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._standin_port = ports.standin
        self._environment = environment(folder, ports.site, ports.standin)
        self._process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def standin(self) -> AsyncIterator[None]:
        """The stand-in for X as a site of its own, which knows this community as its client."""
        process = await self._manage("standin", "--port", str(self._standin_port))
        await until(lambda: listens(self._standin_port))
        yield
        process.terminate()
        await process.wait()

    async def start(self) -> None:
        self._process = await self._manage("runserver")
        await until(lambda: answers(f"{self.url}/readyz"))

    async def kill(self) -> None:
        """The power goes."""
        await self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """It takes what comes and answers nothing until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def import_history(self, room: str, count: int, text: Callable[[int], str] = "history {}".format) -> None:
        """`count` messages of two people who wrote elsewhere, a minute between them; only while the server is down."""
        lines = [
            {
                "room": room,
                "at": time_of(number),
                "author": author_of(number),
                "kind": "msg",
                "text": text(number),
            }
            for number in range(1, count + 1)
        ]
        path = self._folder / f"{room}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        process = await self._manage("import", str(path))
        assert await process.wait() == 0

    async def _manage(self, *arguments: str) -> asyncio.subprocess.Process:
        command = (sys.executable, str(ROOT / "manage.py"), *arguments)
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._environment)

    def _signal(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()


def time_of(number: int) -> str:
    return (FIRST_SAID + timedelta(minutes=number)).isoformat()


def author_of(number: int) -> str:
    return ("wren", "sol")[number // 3 % 2]


def environment(folder: Path, port: int, standin_port: int) -> dict[str, str]:
    standin = f"http://127.0.0.1:{standin_port}"
    return {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder / 'roost.db'}",
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        "COMMUNITY_NAME": "Harbour Lab",
        "LOG_LEVEL": "warning",
        "TWITTER_STANDIN": "",
        "TWITTER_CONSUMER_KEY": CONSUMER_KEY,
        "TWITTER_CONSUMER_SECRET": CONSUMER_SECRET,
        "TWITTER_REQUEST_TOKEN_URL": f"{standin}/oauth/request_token",
        # To a browser another site, as X is: cookies are lost and forms refused on the way that would pass on one site.
        "TWITTER_AUTHENTICATE_URL": f"http://localhost:{standin_port}/oauth/authenticate",
        "TWITTER_ACCESS_TOKEN_URL": f"{standin}/oauth/access_token",
        "TWITTER_PROFILE_V2_URL": f"{standin}/2/users/me",
        "TWITTER_PROFILE_V1_URL": f"{standin}/1.1/account/verify_credentials.json",
    }


@dataclass
class Visitor:
    """Somebody in a browser of their own. `complaints` are the exceptions and policy violations it reported."""

    page: Page
    site: Site
    complaints: list[str]

    async def open(self, path: str) -> None:
        await self.page.goto(self.site.url + path)
        await self.page.wait_for_selector("roost-timeline:defined")

    async def sign_in(self, handle: str, path: str = "/chat") -> None:
        await self.page.goto(f"{self.site.url}/login?next=/rules")
        form = self.page.locator("form", has=self.page.get_by_label("Somebody else"))
        await form.get_by_label("Somebody else").fill(handle)
        await form.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(self.site.url + "/**")
        await self.open(path)
        await self.is_live()

    async def is_live(self) -> None:
        """Returns once the page has its connection and has opened its room."""
        await self.page.evaluate(
            """async (patience) => {
                const { app } = await import("roost/core/app.js");
                const end = performance.now() + patience;
                while (!app.socket.live || app.store.room(app.place.room).members === null) {
                    if (performance.now() > end) throw new Error(`the page is not live but ${app.socket.status}`);
                    await new Promise((resolve) => requestAnimationFrame(resolve));
                }
            }""",
            PATIENCE * 1000,
        )

    async def write(self, text: str) -> None:
        await self.composer.fill(text)

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self.write(text)
            await self.composer.press("Enter")

    async def sees(self, *texts: str) -> None:
        """Waits until the bodies of all messages are these, none of them unsettled."""
        await expect(self.page.locator(".msg:not([data-state]) [data-part=body]")).to_have_text(texts)
        await expect(self.page.locator(".msg[data-state]")).to_have_count(0)

    async def numbers(self) -> list[int]:
        numbers: list[int] = await self.page.locator(".msg").evaluate_all(
            "all => all.map(m => Number(m.dataset.number))"
        )
        return numbers

    async def offline(self) -> None:
        await self.page.context.set_offline(True)
        await expect(self.page.locator("[data-when=offline]")).to_be_visible()

    async def online(self) -> None:
        await self.page.context.set_offline(False)

    @property
    def composer(self) -> Any:
        return self.page.get_by_role("textbox", name=re.compile("^Message #"))


async def arrive(browser: Browser, site: Site, **options: Any) -> Visitor:
    """A person with a browser that nobody used before."""
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{error.message}\n{error.stack}"))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    return Visitor(page, site, complaints)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds; TimeoutError when it does not in time."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110  another process has no Event to wait for
            await asyncio.sleep(0.05)


async def holds(page: Page, condition: str) -> None:
    """Returns once a condition in JavaScript holds. Playwright's own wait is by eval, which our policy forbids."""
    await page.evaluate(
        f"""async (patience) => {{
            const end = performance.now() + patience;
            while (!({condition})) {{
                if (performance.now() > end) throw new Error("it does not hold");
                await new Promise((resolve) => setTimeout(resolve, 20));
            }}
        }}""",
        PATIENCE * 1000,
    )


async def answers(url: str) -> bool:
    try:
        answer = await AsyncHTTPClient().fetch(url, raise_error=False)
    except OSError:
        return False
    return answer.code == 200


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True

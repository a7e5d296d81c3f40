"""A real server in a process of its own, its X beside it, and people in Chromium."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from playwright.async_api import Browser, Page, expect
from tornado.httpclient import AsyncHTTPClient

from app.chat import cards
from app.models import Card, Extras
from app.standin.keys import CONSUMER_KEY, CONSUMER_SECRET
from app.storage import memberships
from stores import free_port
from tests.browser.forked import Forked
from tests.support.storage import open_fresh, person

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0
STARTING = 60.0
"""On a busy machine a program takes long to load."""
FIRST_SAID = datetime(2025, 11, 14, 9, 0, tzinfo=UTC)

Process = Forked | asyncio.subprocess.Process


class Ports:
    """Where a community and its X answer."""

    def __init__(self) -> None:
        self.site = free_port()
        self.standin = free_port()


class Site:
    """A community at `url`. Its database outlives `kill`. `settings` are added to its environment; `root` is where its
    program lies."""

    def __init__(self, folder: Path, ports: Ports, settings: dict[str, str] | None = None, root: Path = ROOT) -> None:
        self.port = ports.site
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._standin_port = ports.standin
        self._root = root
        self._environment = environment(folder, ports.site, ports.standin) | (settings or {})
        self._process: Process | None = None

    @asynccontextmanager
    async def standin(self) -> AsyncIterator[None]:
        """The stand-in for X as a site of its own, which knows this community as its client."""
        process = await self._manage("standin", "--port", str(self._standin_port))
        await until(lambda: listens(self._standin_port))
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()

    async def start(self) -> None:
        self._process = await self._manage("runserver")
        await until(lambda: answers(f"{self.url}/readyz"), STARTING)

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
        await self.import_lines("".join(json.dumps(line) + "\n" for line in lines))

    async def import_lines(self, lines: str) -> None:
        """What is in the form of `manage.py import`; only while the server is down."""
        path = self._folder / "import.jsonl"
        path.write_text(lines)
        await self._command("import", str(path))

    async def add_people(self, handles: Iterable[str]) -> None:
        """Members of every public room who are not here; only while the server is down."""
        store = await open_fresh(self._environment["DATABASE_URL"])
        for handle in handles:
            user = await person(store, handle)
            await store.write(memberships.join_default, user.id, 0)
        await store.close()

    async def add_room(self, slug: str) -> None:
        await self._command("room", "add", slug)

    async def expect(self, handle: str, role: str) -> None:
        """Whoever signs in with this handle comes in, and has the role."""
        await self._command("user", "add", handle, "--role", role)

    async def give_role(self, handle: str, role: str) -> None:
        """To somebody who has signed in; their open pages may not know yet."""
        await self._command("role", handle, role)

    async def choose_door(self, door: str) -> None:
        """Who may come in: open, invited or waiting."""
        await self._command("door", door)

    async def publish(self, slug: str) -> None:
        """Let it be read without an account. Pages that are open hear nothing of it."""
        await self._command("public", "on")
        with sqlite3.connect(self._folder / "roost.db") as database:
            database.execute("UPDATE rooms SET is_readable = 1 WHERE slug = ?", (slug,))

    def age_sign_ins(self) -> None:
        """By twenty minutes, which is too long ago for what takes a fresh one; only while the server is down."""
        with sqlite3.connect(self._folder / "roost.db") as database:
            database.execute("UPDATE sessions SET created_at = created_at - 20 * 60 * 1000")

    def know(self, card: Card) -> None:
        """What its link leads to is known already, so that nobody on the web is asked. That takes LINK_CARDS."""
        row = (cards.hash_of(card.url), "card", int(time.time() * 1000), msgspec.json.encode(card).decode())
        with sqlite3.connect(self._folder / "roost.db") as database:
            database.execute("INSERT INTO link_cards (url_hash, state, at, card) VALUES (?, ?, ?, ?)", row)

    def draw(self, slug: str, *drawn: Card) -> None:
        """The messages of a room with these links have cards. Pages that are open hear nothing of it."""
        with sqlite3.connect(self._folder / "roost.db") as database:
            for card in drawn:
                extras = msgspec.json.encode(Extras(card=card)).decode()
                where = "room_id = (SELECT id FROM rooms WHERE slug = ?) AND instr(text, ?)"
                database.execute(f"UPDATE messages SET extras = ? WHERE {where}", (extras, slug, card.url))  # noqa: S608

    async def invite(self, *terms: str) -> str:
        """The address of a new invite link."""
        return (await self._command("invite", *terms)).strip()

    async def token(self, handle: str) -> str:
        """A bearer token, with which a program is that person."""
        return (await self._command("token", "add", handle, "--name", "test", "--scope", "manage")).strip()

    @asynccontextmanager
    async def without_table(self, name: str) -> AsyncIterator[None]:
        """Somebody has laid hands on the database."""
        with sqlite3.connect(self._folder / "roost.db") as database:
            database.execute(f"ALTER TABLE {name} RENAME TO lost")
            try:
                yield
            finally:
                database.execute(f"ALTER TABLE lost RENAME TO {name}")

    async def _command(self, *arguments: str) -> str:
        """What a command that ends by itself prints."""
        said = self._folder / "said.txt"
        process = await self._manage(*arguments, said=said)
        assert await process.wait() == 0
        return said.read_text()

    async def _manage(self, *arguments: str, said: Path | None = None) -> Process:
        if self._root == ROOT:
            process = Forked(arguments, self._environment, said)
            await process.start()
            return process
        command = (sys.executable, str(self._root / "manage.py"), *arguments)
        return await asyncio.create_subprocess_exec(*command, cwd=self._root, env=self._environment)

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
        "NEW_MEMBER_HOURS": "0",
        "LIMIT_CONNECTIONS_PER_10_SECONDS": "1000000",
        "LIMIT_REPEATS_PER_12_HOURS": "1000000",
        "LINK_CARDS": "0",
        "TWITTER_STANDIN": "",
        "TWITTER_CONSUMER_KEY": CONSUMER_KEY,
        "TWITTER_CONSUMER_SECRET": CONSUMER_SECRET,
        "TWITTER_REQUEST_TOKEN_URL": f"{standin}/oauth/request_token",
        # To a browser another site, as X is: cookies are lost and forms refused on the way that would pass on one site.
        "TWITTER_AUTHENTICATE_URL": f"http://localhost:{standin_port}/oauth/authenticate",
        "TWITTER_ACCESS_TOKEN_URL": f"{standin}/oauth/access_token",
        "TWITTER_PROFILE_V2_URL": f"{standin}/2/users/me",
        "TWITTER_PROFILE_V1_URL": f"{standin}/1.1/account/verify_credentials.json",
        "TWITTER_PICTURE_ORIGIN": standin,
    }


@dataclass
class Visitor:
    """Somebody in a browser of their own. `complaints` are the exceptions and policy violations it reported."""

    page: Page
    site: Site
    complaints: list[str]

    async def open(self, path: str) -> None:
        await self.page.goto(self.site.url + path)
        await self.page.wait_for_selector("roost-timeline:defined", state="attached")

    async def visit(self, path: str) -> None:
        """As a pressed link does, without a new page."""
        await self.page.evaluate("""async (path) => (await import("roost/features/navigation.js")).visit(path)""", path)

    async def sign_in(self, handle: str, path: str = "/chat") -> None:
        await self.enter(handle)
        await self.open(path)
        await self.is_live()

    async def enter(self, handle: str) -> None:
        """Signs in and opens nothing: all the way by X, whose pages are looked at in test_sign_in.py."""
        asked = await self.page.context.request.get(f"{self.site.url}/login?next=/rules")
        token = parse_qs(urlsplit(asked.url).query)["oauth_token"][0]
        address = asked.url.partition("?")[0]
        let_in = await self.page.context.request.post(address, form={"oauth_token": token, "handle": handle})
        assert let_in.ok, let_in.url
        assert let_in.url.startswith(self.site.url), let_in.url

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

    async def ask(self, type_: str, **fields: Any) -> Any:
        """The server's answer to a command of the page's own connection."""
        ask = """async (command) => (await import("roost/core/app.js")).app.socket.request(command)"""
        return await self.page.evaluate(ask, {"type": type_, **fields})

    async def person_id(self) -> int:
        told: int = await self.page.evaluate("""async () => (await import("roost/core/app.js")).app.store.person.id""")
        return told

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

    async def is_cut_off(self) -> None:
        """Returns once the page has noticed that its connection is gone: what is sent before may be on its way."""
        await self.page.evaluate("async () => { window.app = (await import('roost/core/app.js')).app }")
        await holds(self.page, "window.app.socket.lost")

    async def online(self) -> None:
        await self.page.context.set_offline(False)

    @property
    def composer(self) -> Any:
        """In any language: "Message #general", or "Message Grace Okafor"."""
        return self.page.get_by_role("textbox", name=re.compile("#|^Message |^Сообщение "))


async def arrive(browser: Browser, site: Site, **options: Any) -> Visitor:
    """A person with a browser that nobody used before."""
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{error.message}\n{error.stack}"))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    return Visitor(page, site, complaints)


async def until(condition: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Return once the condition holds; TimeoutError when it does not in time."""
    async with asyncio.timeout(patience):
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

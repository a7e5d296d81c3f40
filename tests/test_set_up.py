"""The first deploy with nothing set: `release` lets it through, and `web` says what to set (HOSTING H11)."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from app.settings import settings_table
from stores import free_port

ROOT = Path(__file__).parents[1]
MANAGE = (sys.executable, str(ROOT / "manage.py"))
SECRET = "do-not-show-this-to-anybody-do-not-show-this"
HOST = "fancy-nest-1234.herokuapp.com"


def environment(**environ: str) -> dict[str, str]:
    names = {row.name for row in settings_table()}
    return {name: value for name, value in os.environ.items() if name not in names} | {"DYNO": "web.1", **environ}


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments], env=environment(**environ), capture_output=True, text=True, timeout=60, check=False
    )


class NewApp:
    """`runserver` of an app that lacks settings."""

    def __init__(self, **environ: str) -> None:
        self.port = free_port()
        self._environment = environment(**environ, PORT=str(self.port))

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *MANAGE, "runserver", env=self._environment, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(30):
            while True:
                try:
                    await self.get("/healthz")
                except OSError:
                    assert self.process.returncode is None
                    await asyncio.sleep(0.02)
                else:
                    return

    async def get(self, path: str, **headers: str) -> HTTPResponse:
        url = f"http://127.0.0.1:{self.port}{path}"
        return await AsyncHTTPClient().fetch(url, raise_error=False, follow_redirects=False, headers=headers)

    async def stop(self) -> tuple[int, str]:
        """Its exit status and all that it has said."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = await asyncio.wait_for(self.process.communicate(), 10)
        assert self.process.returncode is not None
        return self.process.returncode, said.decode()


@pytest.fixture
async def new_app() -> AsyncIterator[NewApp]:
    app = NewApp(METRICS_TOKEN=SECRET, TWITTER_CONSUMER_SECRET=SECRET)
    await app.start()
    yield app
    if app.process.returncode is None:
        await app.stop()


def test_release_lets_the_first_deploy_through_with_a_line() -> None:
    done = manage("release")
    assert done.returncode == 0
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert "PUBLIC_URL, SECRET_KEY, DATABASE_URL" in line


def test_release_holds_a_deploy_back_when_something_is_wrong() -> None:
    done = manage("release", LOG_LEVEL="loud")
    assert done.returncode == 1
    assert "LOG_LEVEL: 'loud' is not one of" in done.stderr
    assert "SECRET_KEY: It is missing. Set it with: heroku config:set SECRET_KEY=" in done.stderr


@pytest.mark.parametrize("command", ["migrate", "check", "shell"])
def test_other_commands_say_what_is_missing(command: str) -> None:
    done = manage(command)
    assert done.returncode == 1
    assert "PUBLIC_URL: It is missing. Set it with: heroku config:set PUBLIC_URL=" in done.stderr


@pytest.mark.parametrize("path", ["/", "/chat/general", "/login", "/readyz", "/ws", "/metrics"])
async def test_every_page_says_what_is_missing_and_the_command_for_each(new_app: NewApp, path: str) -> None:
    answer = await new_app.get(path, Host=HOST, **{"X-Forwarded-Proto": "http"})
    page = answer.body.decode()
    assert (answer.code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert re.findall(r"heroku (\S+ [A-Z_a-z0-9:-]+)", page) == [
        "config:set PUBLIC_URL",
        "config:set SECRET_KEY",
        "addons:create heroku-postgresql:essential-0",
        "config:set TWITTER_CONSUMER_KEY",
    ]
    assert f"PUBLIC_URL=https://{HOST}<" in page
    assert f"<code>https://{HOST}/login</code>" in page
    assert "Content-Security-Policy" in answer.headers
    assert SECRET not in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5000", "fancy_nest.example", "a.example:80"])
async def test_a_host_that_is_no_name_of_an_app_is_not_repeated(new_app: NewApp, host: str) -> None:
    page = (await new_app.get("/", Host=host)).body.decode()
    assert "PUBLIC_URL=https://your-app.herokuapp.com<" in page


async def test_the_page_has_its_styles_and_the_process_its_health(new_app: NewApp) -> None:
    page = (await new_app.get("/")).body.decode()
    assert len(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)) >= 3
    for asset in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
        assert (await new_app.get(asset)).code == 200
    health = await new_app.get("/healthz")
    assert (health.code, health.body) == (200, b'{"status": "starting"}')


async def test_the_log_says_it_too_and_the_end_is_clean(new_app: NewApp) -> None:
    status, said = await new_app.stop()
    assert status == 0
    assert "not set up yet: SECRET_KEY: It is missing. Set it with: heroku config:set SECRET_KEY=" in said
    assert SECRET not in said

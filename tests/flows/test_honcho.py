"""The real Procfile under the real honcho, in a fresh copy of the project with no .env (HOSTING H2, H4, H8)."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPError
from websockets.asyncio.client import ClientConnection, connect

from app.settings import settings_table
from stores import free_port, free_ports
from tests.support.postgres import Databases

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PARTS = ("app", "migrations", "static", "templates", "manage.py", "Procfile", ".env.example", "pyproject.toml")
SEND = {"type": "message.send", "ref": 2, "room": 1, "nonce": "0123456789abcdef", "text": "to all three"}
KEPT_BACK = {row.name for row in settings_table()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.fixture
async def honcho(project: Path) -> AsyncIterator["Honcho"]:
    started = Honcho(project, free_port())
    await started.start()
    yield started
    await started.kill()


@pytest.fixture
async def three(project: Path, postgres: Databases) -> AsyncIterator["Honcho"]:
    """Three of `web` on one PostgreSQL."""
    with postgres.empty() as url:
        honcho = Honcho(project, free_ports(3))
        await honcho.start("-c", "web=3", DATABASE_URL=url)
        yield honcho
        await honcho.kill()


class Honcho:
    """A running `honcho start`; `lines` is what it has printed so far."""

    def __init__(self, project: Path, port: int) -> None:
        self.project = project
        self.port = port
        self.lines: list[str] = []

    async def start(self, *options: str, **environ: str) -> None:
        self.environ = environ
        self.process = await asyncio.create_subprocess_exec(
            BIN / "honcho",
            "start",
            *options,
            cwd=self.project,
            env=environment() | {"PORT": str(self.port), **environ},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())

    async def get(self, path: str, port: int | None = None) -> int:
        """The status of an answer, or 0 while nobody listens."""
        try:
            return (await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port or self.port}{path}")).code
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    async def interrupt(self) -> float:
        """Presses Ctrl-C; the seconds until everything has ended."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self.process.send_signal(signal.SIGINT)
        await asyncio.wait_for(self.process.wait(), 20)
        await self.reading
        return loop.time() - begun

    async def kill(self) -> None:
        """Also ends the children, which honcho puts in sessions of their own, when a test failed half-way."""
        if self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()
        await self.reading

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def environment() -> dict[str, str]:
    """What a shell with the project's virtualenv has, and nothing of Roost's."""
    kept = {name: value for name, value in os.environ.items() if name not in KEPT_BACK}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


async def until(condition: Callable[[], object], honcho: Honcho, seconds: float = 30) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert honcho.process.returncode is None, honcho.text
        assert asyncio.get_running_loop().time() < deadline, honcho.text
        await asyncio.sleep(0.05)


async def until_web_is_ready(honcho: Honcho, port: int | None = None) -> None:
    deadline = asyncio.get_running_loop().time() + 30
    while await honcho.get("/readyz", port) != 200:
        assert honcho.process.returncode is None, honcho.text
        assert asyncio.get_running_loop().time() < deadline, honcho.text
        await asyncio.sleep(0.05)


def release_has_spoken(honcho: Honcho) -> bool:
    return any("release.1" in line and "started" not in line for line in honcho.lines)


async def test_a_plain_start_serves_and_ctrl_c_ends_it(honcho: Honcho) -> None:
    await until_web_is_ready(honcho)
    await until(lambda: release_has_spoken(honcho), honcho)
    # A release that ended would take web with it within the same second: watch for longer than that.
    for _ in range(15):
        assert await honcho.get("/") == 200, honcho.text
        await asyncio.sleep(0.1)
    assert "stopped" not in honcho.text

    seconds = await honcho.interrupt()

    assert seconds < 5, honcho.text
    assert "SIGKILL" not in honcho.text
    assert "Traceback" not in honcho.text
    assert honcho.text.count("stopped (rc=0)") == 2, honcho.text
    assert honcho.process.returncode == 130


async def test_a_fresh_project_gets_its_database_and_key(honcho: Honcho) -> None:
    await until_web_is_ready(honcho)
    assert (honcho.project / "data/roost.db").is_file()
    assert (honcho.project / "data/secret_key").is_file()
    assert not (honcho.project / ".env").exists()


async def test_several_of_web_have_ports_of_their_own_and_one_community(three: Honcho) -> None:
    """HOSTING H8. One token, made by none of them, opens each, and what one says the others hear."""
    ports = [three.port + number for number in range(3)]
    for port in ports:
        await until_web_is_ready(three, port)
    sockets = [await connected(port, await token(three)) for port in ports]
    await sockets[0].send(json.dumps(SEND))
    for socket in sockets[1:]:
        while (event := json.loads(await asyncio.wait_for(socket.recv(), 10)))["type"] != "message.posted":
            pass
        assert event["message"]["text"] == SEND["text"]
    for socket in sockets:
        await socket.close()
    assert await three.interrupt() < 5, three.text
    assert "SIGKILL" not in three.text
    assert three.text.count("stopped (rc=0)") == 4, three.text


async def test_a_second_one_on_a_database_file_is_refused_with_a_sentence(project: Path) -> None:
    honcho = Honcho(project, free_port())
    await honcho.start("-c", "web=2")
    await asyncio.wait_for(honcho.process.wait(), 30)
    await honcho.reading
    assert honcho.process.returncode == 1
    assert "another" in honcho.text.lower()
    assert "Traceback" not in honcho.text


async def token(honcho: Honcho) -> str:
    command = [sys.executable, "manage.py", "token", "add", f"person{secrets.randbelow(10**6)}", "--name", "a test"]
    url = {"DATABASE_URL": honcho.environ["DATABASE_URL"]}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=honcho.project, env=environment() | url, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


async def connected(port: int, bearer: str) -> ClientConnection:
    """With the room `general` open."""
    headers = {"Authorization": f"Bearer {bearer}"}
    socket = await connect(f"ws://127.0.0.1:{port}/ws", additional_headers=headers, proxy=None)
    await socket.send('{"type":"room.open","ref":1,"room":1}')
    while json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] != "opened":
        pass
    return socket


def test_a_release_without_honcho_ends_with_0_and_again(project: Path) -> None:
    for _ in range(2):
        command = [sys.executable, "manage.py", "release"]
        done = subprocess.run(
            command, cwd=project, env=environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
    assert (project / "data/roost.db").is_file()


def test_a_release_that_cannot_migrate_ends_with_an_error(project: Path) -> None:
    (project / "data").mkdir()
    (project / "data/roost.db").write_text("this is not a database")
    command = [sys.executable, "manage.py", "release"]
    done = subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0

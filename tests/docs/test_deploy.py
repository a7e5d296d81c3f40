"""docs/deploy.md knows every finding of the checks, names only what there is, and its files for other programs work."""

import ast
import asyncio
import configparser
import re
import shlex
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from websockets.asyncio.client import connect

from app.ending import LAST
from app.heroku import NEEDED
from app.management.command_line import make_parser
from app.settings import settings_table
from stores import free_port
from tests.docs.test_operations import commands
from tests.support.door import Door, running
from tests.support.event_stream import EventSource
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploy.md").read_text()
HOST = "chat.example.org"
PUBLIC = {
    "PUBLIC_URL": f"https://{HOST}",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
    "TRUST_PROXY": "1",
    "LIMIT_CONNECT_PER_MINUTE": "1",
}
NO_SETTINGS = {"PYTHONUNBUFFERED", "WEB_CONCURRENCY"}


def block(language: str) -> str:
    """The one text of the page in this language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


# What the page says of the program


def findings() -> Iterator[tuple[str, str]]:
    """(id, level) of every Finding that a check makes."""
    for path in sorted((ROOT / "app" / "checks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                id_, level = (ast.literal_eval(argument) for argument in node.args[:2])
                yield id_, level


def told() -> set[tuple[str, str]]:
    rows = re.findall(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| ([a-z, ]+) \| .+ \|$", PAGE, re.MULTILINE)
    return {(id_, level) for ids, levels in rows for id_ in re.findall(r"[a-z-]+", ids) for level in levels.split(", ")}


def test_every_finding_is_in_the_table_with_its_level_and_there_are_no_others() -> None:
    assert told() == set(findings())


def test_every_variable_that_is_named_exists() -> None:
    named = set(re.findall(r"\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b", PAGE))
    assert named - NO_SETTINGS <= {row.name for row in settings_table()}
    assert named >= {name for name in NEEDED if "_" in name}


def test_every_command_that_is_named_exists() -> None:
    known = {command.split()[0] for command in commands(make_parser())}
    named = set(re.findall(r"manage\.py ([a-z]+)", PAGE))
    assert {"check", "release", "runserver"} <= named <= known


def test_what_the_add_on_is_called_is_what_the_page_of_a_new_app_says() -> None:
    assert NEEDED["DATABASE_URL"] in PAGE


def test_every_link_leads_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    inner = {link.removeprefix("#") for link in links if link.startswith("#")}
    files = {link for link in links if not link.startswith(("#", "https://"))}
    assert inner <= anchors
    assert all((ROOT / "docs" / link).exists() for link in files)


# Files for other programs


def test_the_service_gives_time_to_stop_and_files_for_connections() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("ini"))
    service = unit["Service"]
    assert int(service["TimeoutStopSec"]) > LAST
    assert int(service["LimitNOFILE"]) >= 65_536
    assert shlex.split(service["ExecStart"])[1:] == ["manage.py", "runserver"]
    assert service["ReadWritePaths"] == f"{service['WorkingDirectory']}/data"


def test_the_container_installs_what_is_pinned_and_gets_its_signals_itself() -> None:
    lines = block("dockerfile").splitlines()
    assert lines[0] == f"FROM python:{(ROOT / '.python-version').read_text().strip()}-slim"
    assert any("-r requirements.txt" in line for line in lines)
    assert lines[-1] == 'CMD ["python", "manage.py", "runserver"]', "a shell in between would keep SIGTERM to itself"
    assert int(re.findall(r"--stop-timeout (\d+)", PAGE)[0]) > LAST


# The two proxies, as the page has them


class Ports(NamedTuple):
    http: int
    https: int
    roost: int


class Proxy:
    """A running proxy in front of a running Roost."""

    def __init__(self, ports: Ports, door: Door) -> None:
        self.ports = ports
        self.door = door
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE

    async def open(self, lines: list[str], *, https: bool = True) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port, tls = (self.ports.https, self.tls) if https else (self.ports.http, None)
        name = {"server_hostname": HOST} if https else {}
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, **name)  # type: ignore[arg-type]
        writer.write("\r\n".join([lines[0], f"Host: {HOST}", *lines[1:], "", ""]).encode())
        return reader, writer

    async def head(self, *lines: str, https: bool = True) -> str:
        reader, writer = await self.open(list(lines), https=https)
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()
        return head


def run_nginx(folder: Path, ports: Ports) -> list[str]:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}", "-days", "1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    site = block("nginx")
    for there, here in {
        "listen 80;": f"listen 127.0.0.1:{ports.http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports.https} ssl;",
        "127.0.0.1:5000": f"127.0.0.1:{ports.roost}",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(folder / "cert.pem"),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(folder / "key.pem"),
    }.items():
        assert there in site
        site = site.replace(there, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = [f"{kind}_temp_path {folder / kind};" for kind in kinds]
    lines = ["daemon off;", "master_process off;", f"pid {folder / 'pid'};", "events {}"]
    lines += ["http {", "access_log off;", *own, site, "}"]
    (folder / "nginx.conf").write_text("\n".join(lines))
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "stderr"]


def run_caddy(folder: Path, ports: Ports) -> list[str]:
    site = block("caddyfile")
    assert "127.0.0.1:5000" in site
    options = ["admin off", "local_certs", "skip_install_trust", "default_bind 127.0.0.1"]
    options += [f"http_port {ports.http}", f"https_port {ports.https}", f"storage file_system {folder / 'store'}"]
    text = "\n".join(["{", *options, "}", site.replace("127.0.0.1:5000", f"127.0.0.1:{ports.roost}")])
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES: dict[str, Callable[[Path, Ports], list[str]]] = {"nginx": run_nginx, "caddy": run_caddy}


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[None]:
    environment = {"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()  # they would wait for connections that the blocked loop cannot close
        process.wait()


@asynccontextmanager
async def proxied(name: str, folder: Path) -> AsyncIterator[Proxy]:
    async with running(folder, PUBLIC) as door:
        ports = Ports(free_port(), free_port(), door.server.port)
        with started(PROXIES[name](folder, ports), folder):
            proxy = Proxy(ports, door)
            async with asyncio.timeout(PATIENCE):
                while not await answers(proxy):  # noqa: ASYNC110  it is another process
                    await asyncio.sleep(0.05)
            yield proxy


async def answers(proxy: Proxy) -> bool:
    try:
        return (await proxy.head("GET /readyz HTTP/1.1")).split()[1] == "200"
    except (OSError, asyncio.IncompleteReadError):
        return False


@pytest.fixture(params=PROXIES)
async def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Proxy]:
    if not shutil.which(request.param) or not shutil.which("openssl"):
        pytest.skip(f"no {request.param} on this machine: apt install nginx-light caddy")
    async with proxied(request.param, tmp_path) as proxy:
        yield proxy


async def test_a_proxy_of_the_page_serves_over_https_and_leads_there(proxy: Proxy) -> None:
    over_https = await proxy.head("GET / HTTP/1.1")
    assert over_https.startswith("HTTP/1.1 200 ")
    assert "Strict-Transport-Security: " in over_https
    over_http = await proxy.head("GET /rules?a=b HTTP/1.1", https=False)
    assert over_http.split()[1] in {"301", "308"}
    assert re.search(rf"(?im)^location: https://{HOST}(:{proxy.ports.https})?/rules\?a=b\r$", over_http)


async def test_a_proxy_of_the_page_lets_websockets_and_streams_through(proxy: Proxy) -> None:
    cookie = f"__Host-{proxy.door.cookie}"
    url = f"wss://{HOST}:{proxy.ports.https}/ws"
    headers = {"Cookie": cookie}
    async with connect(
        url,
        host="127.0.0.1",
        port=proxy.ports.https,
        ssl=proxy.tls,
        additional_headers=headers,
        origin=f"https://{HOST}",  # type: ignore[arg-type]
        proxy=None,
    ) as socket:
        assert '"session.started"' in str(await asyncio.wait_for(socket.recv(), PATIENCE))
    lines = ["GET /stream?room=1 HTTP/1.1", f"Cookie: {cookie}", "Sec-Fetch-Site: same-origin"]
    source = EventSource(*await proxy.open(lines))
    await source.begin()
    await source.hears("opened")
    source.leave()


async def test_a_proxy_of_the_page_says_whose_request_it_is_whatever_the_visitor_claims(proxy: Proxy) -> None:
    """Every request here comes from one address, which may be refused once."""
    knock = ["GET /ws HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    knock += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    claims = (["X-Forwarded-For: 203.0.113.7"], ["X-Real-IP: 203.0.113.8", "X-Forwarded-For: 203.0.113.9"])
    statuses = [(await proxy.head(*knock, *claim)).split()[1] for claim in claims]
    assert statuses == ["401", "429"]

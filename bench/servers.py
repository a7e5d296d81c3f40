"""The servers that are measured: how each is started, and what is spoken to it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import which

from bench import roost
from bench.beside import Beside, nothing, postgres, postgres_and_redis
from bench.dialects.base import Dialect
from bench.dialects.event_stream import EventsDown, EventStream
from bench.dialects.gateway import Gateway
from bench.dialects.irc import Irc
from bench.dialects.nats import Nats
from bench.dialects.roost import Roost
from bench.dialects.socket_io import SocketIo
from bench.dialects.websocket import PlainWebSocket
from stores import NotInstalled
from stores.postgres import program

HERE = Path(__file__).parent
PEERS = HERE / "peers"
INSTALLED = HERE / ".peers"
DEBIAN = INSTALLED / "debian"

Command = Callable[[int, Path], Sequence[str]]
"""From the port and a folder of the server's own."""


@dataclass(frozen=True)
class Peer:
    """One kind of server."""

    name: str
    title: str
    command: Command
    dialect: Callable[[Path], Dialect] = lambda _: PlainWebSocket()
    """What is spoken in its one big room."""
    environment: Callable[[int, Path], Mapping[str, str]] = lambda _port, _folder: {}
    prepare: Callable[[Path, int, Mapping[str, str]], None] = lambda _folder, _people, _variables: None
    """Makes what it needs for so many people, before it starts, in its folder or where the variables lead."""
    beside: Callable[[], AbstractContextManager[Beside]] = nothing
    """What it needs beside it."""
    processes: int = 1
    """Among which the members are dealt out."""
    needs: Sequence[Path] = ()
    """Without these it cannot run here."""
    ready_path: str = ""
    """Answers 200 when it can serve, for one that listens before."""
    most_members: int = 10_000
    apart: str = ""
    """The variable with the port at which its dialect is spoken, for one that answers at another as well."""


def installed(name: str) -> Path:
    """The program of this machine, or the one that install.py unpacked."""
    found = which(name, path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")
    return Path(found) if found else DEBIAN / "usr/sbin" / name


def postgres_program() -> Path:
    try:
        return Path(program("initdb"))
    except NotInstalled:
        return Path("initdb")


def python_peer(name: str, title: str, script: str, needs: Sequence[Path] = ()) -> Peer:
    def command(port: int, _: Path) -> list[str]:
        return [sys.executable, str(PEERS / script), str(port)]

    path = {"PYTHONPATH": str(INSTALLED / "python")} if needs else {}
    return Peer(name, title, command, environment=lambda *_: path, needs=needs)


def node_peer(name: str, title: str, script: str, dialect: type[Dialect], package: str) -> Peer:
    def command(port: int, _: Path) -> list[str]:
        return ["node", str(PEERS / script), str(port)]

    modules = INSTALLED / "node_modules"
    path = {"NODE_PATH": str(modules)}
    return Peer(
        name, title, command, lambda _: dialect(), lambda *_: path, needs=[installed("node"), modules / package]
    )


def nats_command(port: int, _: Path) -> list[str]:
    return [str(installed("nats-server")), "-a", "127.0.0.1", "-p", str(port)]


def ngircd_command(port: int, folder: Path) -> list[str]:
    """Its limits are numbers like ours: raised. Names are not looked up: nobody could answer."""
    settings = folder / "ngircd.conf"
    settings.write_text(
        f"[Global]\nName = irc.bench\nInfo = bench\nListen = 127.0.0.1\nPorts = {port}\nMotdPhrase = bench\n"
        "[Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\nPingTimeout = 120\n"
        "[Options]\nDNS = no\nIdent = no\nPAM = no\n"
    )
    return [str(installed("ngircd")), "--nodaemon", "--config", str(settings)]


ROOST = Peer(
    "roost",
    "Roost",
    roost.command,
    lambda folder: Roost(roost.tokens(folder)),
    roost.environment,
    roost.prepare,
    ready_path="/readyz",
)
EVENTS = replace(
    ROOST, name="roost-events", title="Roost, events and POST", dialect=lambda folder: EventStream(roost.tokens(folder))
)
EVENTS_DOWN = replace(
    ROOST, name="roost-events-down", title="Roost, events down", dialect=lambda folder: EventsDown(roost.tokens(folder))
)
OVER_TCP = replace(
    ROOST,
    name="roost-tcp",
    title="Roost, over TCP",
    dialect=lambda folder: Gateway(roost.tokens(folder)),
    apart="GATEWAY_PORT",
)
POSTGRES = replace(
    ROOST, name="roost-postgres", title="Roost on PostgreSQL", beside=postgres, needs=[postgres_program()]
)
ON_NOTIFY = replace(POSTGRES, name="roost-2-notify", title="Roost, two on NOTIFY", processes=2)
ON_REDIS = replace(
    ON_NOTIFY,
    name="roost-2-redis",
    title="Roost, two on Redis",
    beside=postgres_and_redis,
    needs=[*POSTGRES.needs, installed("redis-server")],
)
OTHER_WAYS = (EVENTS, EVENTS_DOWN, OVER_TCP, POSTGRES, ON_NOTIFY, ON_REDIS)
"""In which Roost can be run or spoken to; they are measured where they differ."""
FLOOR = python_peer("epoll", "bare epoll loop (floor)", "epoll_loop.py")
NODE_WS = node_peer("node-ws", "Node ws", "node_ws.js", PlainWebSocket, "ws")
SERVERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        ROOST,
        *OTHER_WAYS,
        FLOOR,
        NODE_WS,
        node_peer("socket-io", "Socket.IO", "socket_io.js", SocketIo, "socket.io"),
        python_peer("websockets", "websockets.broadcast", "websockets_broadcast.py"),
        python_peer("aiohttp", "aiohttp", "aiohttp_loop.py", [INSTALLED / "python/aiohttp"]),
        python_peer("tornado", "Tornado, write_message", "tornado_loop.py"),
        Peer("nats", "nats-server", nats_command, lambda _: Nats(), needs=[installed("nats-server")]),
        Peer(
            "ngircd",
            "ngIRCd",
            ngircd_command,
            lambda _: Irc(),
            lambda *_: {"LD_LIBRARY_PATH": str(DEBIAN / "usr/lib/x86_64-linux-gnu")},
            needs=[installed("ngircd")],
            most_members=1_000,  # each who joins is told to everybody: 10,000 would be 50 million lines
        ),
    )
}

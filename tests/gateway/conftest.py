"""Every test here runs on both event loops: they differ in how they begin and end TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
import uvloop

from app.gateway.server import Gateway
from app.realtime.connection import Connection
from app.server import Server
from tests.support.door import Door, running
from tests.support.gateway import Pair, Program, auth, new_pair

Way = Literal["plain", "tls"]


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return new_pair(tmp_path_factory.mktemp("pair"))


class Gate:
    """A running server's gateway, and programs of ada who come to it."""

    def __init__(self, door: Door, tls: ssl.SSLContext | None) -> None:
        self.door = door
        self.tls = tls

    @property
    def server(self) -> Server:
        return self.door.server

    @property
    def gateway(self) -> Gateway:
        return self.server._gateway

    @property
    def connections(self) -> list[Connection]:
        return list(self.server.application.hub.connections)

    @property
    def port(self) -> int:
        assert self.server.gateway_port
        return self.server.gateway_port

    def program(self) -> Program:
        """One that has not said anything."""
        return Program(self.port, self.tls)

    def known(self) -> bytes:
        """What it says first."""
        return auth(self.door.bearer)


@pytest.fixture(params=["plain", "tls"])
async def gate(request: pytest.FixtureRequest, tmp_path: Path, pair: Pair) -> AsyncIterator[Gate]:
    """With and without TLS."""
    async with open_gate(request.param, tmp_path, pair) as gate:
        yield gate


@pytest.fixture
async def plain(tmp_path: Path, pair: Pair) -> AsyncIterator[Gate]:
    async with open_gate("plain", tmp_path, pair) as gate:
        yield gate


@pytest.fixture
async def secret(tmp_path: Path, pair: Pair) -> AsyncIterator[Gate]:
    async with open_gate("tls", tmp_path, pair) as gate:
        yield gate


@asynccontextmanager
async def open_gate(way: Way, folder: Path, pair: Pair) -> AsyncIterator[Gate]:
    with_tls = way == "tls"
    environ = {"GATEWAY_PORT": "1", **(pair.environment if with_tls else {})}
    async with running(folder, environ) as door:
        yield Gate(door, pair.trusted if with_tls else None)

"""A program that speaks TCP alone, made of nothing from `app`."""

import asyncio
import json
import ssl
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.management.gateway import make_pair
from tests.support.waiting import PATIENCE

Event = dict[str, Any]


class Pair(NamedTuple):
    """The files of a certificate and its key."""

    certificate: Path
    key: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"GATEWAY_CERTIFICATE": str(self.certificate), "GATEWAY_KEY": str(self.key)}

    @property
    def trusted(self) -> ssl.SSLContext:
        """What a client is told that trusts it."""
        return ssl.create_default_context(cafile=self.certificate)


def new_pair(folder: Path, days: int = 365, names: Sequence[str] = ("localhost", "127.0.0.1")) -> Pair:
    pair = Pair(folder / "gateway.crt", folder / "gateway.key")
    make_pair(*pair, list(names), days)
    return pair


def expired_pair(folder: Path) -> Pair:
    """The openssl program makes none."""
    pair = new_pair(folder)
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), serial_number=1)
    today = datetime.now(UTC)
    made = made.not_valid_before(today - timedelta(days=9)).not_valid_after(today - timedelta(days=1))
    pair.certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return pair


def frame(command: Event) -> bytes:
    body = json.dumps(command).encode()
    return struct.pack(">I", len(body)) + body


def auth(token: str) -> bytes:
    return frame({"type": "auth", "token": token})


class Program:
    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._port = port
        self._tls = tls

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(PATIENCE):
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    def say(self, **command: Any) -> None:
        self.send(frame(command))

    async def event(self) -> Event:
        """The next one. Raises IncompleteReadError at the end of the stream."""
        async with asyncio.timeout(PATIENCE):
            (length,) = struct.unpack(">I", await self.reader.readexactly(4))
            event: Event = json.loads(await self.reader.readexactly(length))
        return event

    async def hears(self, kind: str) -> Event:
        """The next event of this kind; others are passed over."""
        while True:
            event = await self.event()
            if event["type"] == kind:
                return event

    async def last_words(self) -> list[Event]:
        """All events up to the end of the stream, which must come after a whole one."""
        heard = []
        try:
            while True:
                heard.append(await self.event())
        except asyncio.IncompleteReadError as end:
            if end.partial:
                raise
            return heard

    async def is_cut_off(self) -> None:
        """Without a word."""
        async with asyncio.timeout(PATIENCE):
            try:
                assert await self.reader.read() == b""
            except (ConnectionResetError, ssl.SSLError):
                return

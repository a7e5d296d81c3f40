"""Sites of the web for what fetches from them: servers of this machine under names that nobody else has."""

import asyncio
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from app.outbound.addresses import Address, is_public
from app.outbound.lookup import Endpoint
from app.outbound.outcomes import Unreachable

PUBLIC = "127.9.9.9"
"""Stands for a public address: `allowed` takes it for one."""

HTML = "text/html; charset=utf-8"

Answer = bytes | Callable[[str], bytes]
"""What is sent before the end of a connection, ready or made of the path."""


def allowed(address: Address) -> bool:
    return address == ip_address(PUBLIC) or is_public(address)


@dataclass
class Site:
    """Answers by path; under "" what it says to all others. Notes what it was asked, and told."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def paths(self) -> list[str]:
        return [request.split(" ")[1] for request in self.requests]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"(?im)^content-length: (\d+)", head)
            self.bodies.append(await reader.readexactly(int(length[1])) if length else b"")
            self.requests.append(head)
            answer = self.answers.get(self.paths[-1], self.answers.get("", b""))
            writer.write(answer(self.paths[-1]) if callable(answer) else answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def open_site(
    answers: Mapping[str, Answer] | None = None, *, everywhere: bool = False, tls: SSLContext | None = None
) -> AsyncIterator[Site]:
    """At the address that stands for a public one, or at every address of this machine."""
    site = Site(dict(answers or {}))
    door = (
        socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        if everywhere
        else socket.create_server((PUBLIC, 0))
    )
    site.port = door.getsockname()[1]
    server = await asyncio.start_server(site.answer, sock=door, ssl=tls)
    async with server:
        yield site


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """One of its own for a host, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    of = ["-nodes", "-days", "2", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *of]
    subprocess.run([*command, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    return made, key


def serving(certificate: Path, key: Path) -> SSLContext:
    """For a site that has this certificate."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Names:
    """Where hosts are, in place of the DNS: `known` names at their addresses, and numbers as the system reads them,
    each at the port that `ports` has for the address, or `other`. Notes what it was asked."""

    def __init__(self, known: Mapping[str, list[str]], ports: Mapping[str, int], other: int = 0) -> None:
        self.known = dict(known)
        self.asked: list[str] = []
        self._ports = ports
        self._other = other

    async def __call__(self, host: str, port: int) -> list[Endpoint]:
        self.asked.append(host)
        return [(address, self._ports.get(str(address), self._other) or port) for address in self._addresses(host)]

    def _addresses(self, host: str) -> list[Address]:
        found = self._look_up(host)
        assert not any(is_public(address) for address in found), f"no test reaches another host, but {host} is one"
        return found

    def _look_up(self, host: str) -> list[Address]:
        if host in self.known:
            return [ip_address(each) for each in self.known[host]]
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except OSError as error:
            raise Unreachable(host) from error
        return [ip_address(place[0]) for *_, place in found]


def page(head: str, status: str = "200 OK", content_type: str = HTML) -> bytes:
    body = f"<!doctype html><html><head>{head}</head><body></body></html>".encode()
    return answer(body, status, content_type)


def answer(body: bytes, status: str = "200 OK", content_type: str = HTML, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return f"HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()

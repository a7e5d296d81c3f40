"""Where a URL leads, read strictly: what two readers could read differently is refused."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urlsplit

import idna

from app.outbound.outcomes import Refused

PORTS = {"http": 80, "https": 443}
LONGEST = 2_000
"""Characters of a URL."""
NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
AS_IT_IS = "/?:@!$&'()*+,;=-._~%[]|"
"""In a path and a query, besides letters and digits."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to ask whom: the host as it is looked up, the port, and the path with the query."""

    url: str
    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """For the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Raises Refused for what is not http or https, another port than theirs, a name or password before the host, and
    a host that is not one."""
    url = url.strip(" \t\r\n").partition("#")[0]
    if len(url) > LONGEST or not url.isprintable() or "\\" in url or " " in url:
        raise Refused("not a URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("not a URL") from error
    if parts.scheme not in PORTS:
        raise Refused("neither http nor https")
    if "@" in parts.netloc:
        raise Refused("a name or a password in the URL")
    if port is None:
        port = PORTS[parts.scheme]
    if port not in PORTS.values():
        raise Refused("another port than that of http or https")
    path = quote(parts.path or "/", AS_IT_IS) + (f"?{quote(parts.query, AS_IT_IS)}" if parts.query else "")
    return Target(url, parts.scheme == "https", host_of(parts.hostname or ""), port, path)


def host_of(written: str) -> str:
    """The host in the letters of the DNS, lower case, or an IPv6 address. Raises Refused."""
    if ":" in written:
        return ipv6_of(written)
    try:
        host = idna.encode(written.removesuffix("."), uts46=True).decode()
    except idna.IDNAError:
        # Names that are older than those rules have underscores; what has nothing but ASCII means itself.
        host = written.removesuffix(".").lower()
    if not host.isascii() or NAME.fullmatch(host) is None:
        raise Refused("no host")
    return host


def ipv6_of(written: str) -> str:
    try:
        address = IPv6Address(written)
    except ValueError as error:
        raise Refused("no host") from error
    if address.scope_id is not None:
        raise Refused("an address on one line of this machine")
    return str(address)

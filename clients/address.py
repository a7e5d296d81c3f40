"""Where a server is."""

import ssl
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlsplit

from clients.failures import BadAddress

Scheme = Literal["http", "https", "tcp", "tcps"]
PORTS = {"http": 80, "https": 443}
EXPECTED = "An address looks like https://chat.example, or tcps://chat.example:6697"


@dataclass(frozen=True, slots=True)
class Address:
    """`tls` is how the server is verified; None for a scheme without TLS."""

    scheme: Scheme
    host: str
    port: int
    tls: ssl.SSLContext | None = None

    @property
    def is_tcp(self) -> bool:
        return self.scheme in {"tcp", "tcps"}

    @property
    def url(self) -> str:
        """In one spelling."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if PORTS.get(self.scheme) == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def address_of(text: str, cafile: str | None = None) -> Address:
    """Raises BadAddress. Without a scheme it is https. `cafile` holds the certificates that are trusted in place of
    those of the system."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError as problem:
        raise BadAddress(f"{EXPECTED}: {problem}.") from problem
    if parts.scheme not in {"http", "https", "tcp", "tcps"} or not parts.hostname:
        raise BadAddress(f"{EXPECTED}.")
    if port is None:
        raise BadAddress(f"{EXPECTED}: the port is missing.")
    if parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadAddress(f"{EXPECTED}: nothing stands behind host and port.")
    tls = ssl.create_default_context(cafile=cafile) if parts.scheme in {"https", "tcps"} else None
    return Address(cast("Scheme", parts.scheme), parts.hostname, port, tls)

"""Opening handshakes, right and wrong, and what RFC 6455 section 4 wants a server to answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tests.support.door import KEY


class HandshakeCase(NamedTuple):
    """Where it is said; what differs from a good handshake, with an empty value for a header left out; the status."""

    section: str
    name: str
    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    start_line: str = "GET /ws HTTP/1.1"


def twice(name: str, first: str, second: str) -> dict[str, str]:
    return {name: f"{first}\r\n{name}: {second}"}


ANOTHER_KEY = "x3JJHMbDL1EzLkh9GBhXDw=="

HANDSHAKES = [
    # 4.2.1, 1: a GET of HTTP/1.1 or higher
    HandshakeCase("4.2.1", "a good one", 101),
    HandshakeCase("4.2.1", "HTTP/1.0", 400, start_line="GET /ws HTTP/1.0"),
    HandshakeCase("4.2.1", "HTTP/0.9", 400, start_line="GET /ws HTTP/0.9"),
    HandshakeCase("4.2.1", "no version of HTTP", 400, start_line="GET /ws"),
    HandshakeCase("4.2.1", "POST", 403, {"Content-Length": "0"}, "POST /ws HTTP/1.1"),
    *(HandshakeCase("4.2.1", method, 405, start_line=f"{method} /ws HTTP/1.1") for method in ("HEAD", "OPTIONS")),
    HandshakeCase("4.2.1", "a query", 101, start_line="GET /ws?x=1 HTTP/1.1"),
    HandshakeCase("4.2.1", "an absolute address", 101, start_line="GET http://127.0.0.1:5000/ws HTTP/1.1"),
    HandshakeCase("4.2.1", "an address of something else", 404, start_line="GET ftp://127.0.0.1/ws HTTP/1.1"),
    # 4.2.1, 2: Host
    HandshakeCase("4.2.1", "no host", 400, {"Host": ""}),
    HandshakeCase("4.2.1", "an empty host", 400, {"Host": " "}),
    HandshakeCase("4.2.1", "two hosts", 400, twice("Host", "127.0.0.1", "evil.example")),
    # 4.2.1, 3: Upgrade
    HandshakeCase("4.2.1", "no upgrade", 400, {"Upgrade": ""}),
    HandshakeCase("4.2.1", "an upgrade to something else", 400, {"Upgrade": "h2c"}),
    HandshakeCase("4.2.1", "an upgrade to something longer", 400, {"Upgrade": "websocket2"}),
    HandshakeCase("4.2.1", "an upgrade in other letters", 101, {"Upgrade": "WebSocket"}),
    HandshakeCase("4.2.1", "an upgrade to one of several", 101, {"Upgrade": "h2c, websocket"}),
    # 4.2.1, 4: Connection
    HandshakeCase("4.2.1", "no connection header", 400, {"Connection": ""}),
    HandshakeCase("4.2.1", "a connection that is kept only", 400, {"Connection": "keep-alive"}),
    HandshakeCase("4.2.1", "a connection header with a longer word", 400, {"Connection": "Upgrade2"}),
    HandshakeCase("4.2.1", "a connection header with several words", 101, {"Connection": "keep-alive, Upgrade"}),
    HandshakeCase("4.2.1", "a connection header in other letters", 101, {"Connection": "UPGRADE"}),
    # 4.2.1, 5 and 4.1, 7: Sec-WebSocket-Key, 16 bytes in base64, once
    HandshakeCase("4.2.1", "no key", 400, {"Sec-WebSocket-Key": ""}),
    HandshakeCase("4.2.1", "an empty key", 400, {"Sec-WebSocket-Key": " "}),
    HandshakeCase("4.2.1", "a key of 15 bytes", 400, {"Sec-WebSocket-Key": "MTIzNDU2Nzg5MDEyMzQ1"}),
    HandshakeCase("4.2.1", "a key of 17 bytes", 400, {"Sec-WebSocket-Key": "MTIzNDU2Nzg5MDEyMzQ1Njc="}),
    HandshakeCase("4.2.1", "a key without its padding", 400, {"Sec-WebSocket-Key": KEY.rstrip("=")}),
    HandshakeCase("4.2.1", "a key with letters that base64 has not", 400, {"Sec-WebSocket-Key": "-_" + KEY[2:]}),
    HandshakeCase("4.2.1", "a key beyond ASCII", 400, {"Sec-WebSocket-Key": "é" * 12}),
    HandshakeCase("4.1", "the same key twice", 400, twice("Sec-WebSocket-Key", KEY, KEY)),
    HandshakeCase("4.1", "two keys", 400, twice("Sec-WebSocket-Key", KEY, ANOTHER_KEY)),
    HandshakeCase("4.2.1", "another good key", 101, {"Sec-WebSocket-Key": ANOTHER_KEY}),
    # 4.2.1, 6, 4.2.2 and 4.4: Sec-WebSocket-Version
    HandshakeCase("4.4", "no version", 426, {"Sec-WebSocket-Version": ""}),
    *(
        HandshakeCase("4.4", f"version {version}", 426, {"Sec-WebSocket-Version": version})
        for version in ("0", "7", "8", "12", "14", "25", "130", "-13", "013", "13.0", "thirteen", "13, 8")
    ),
    HandshakeCase("4.4", "the same version twice", 426, twice("Sec-WebSocket-Version", "13", "13")),
    # 4.2.1: the order of headers and the case of their names mean nothing, and unknown headers are ignored
    HandshakeCase("4.2.1", "a header nobody knows", 101, {"X-Unknown": "1"}),
    HandshakeCase("4.2.1", "a name in other letters", 101, {"Sec-WebSocket-Key": "", "SEC-WEBSOCKET-KEY": KEY}),
    HandshakeCase("4.2.1", "a header that is none", 400, {"Not a header": "1"}),
    # 4.2.2: the origin, who it is, the resource
    HandshakeCase("4.2.2", "a foreign origin", 403, {"Origin": "https://evil.example"}),
    HandshakeCase("4.2.2", "an origin of no site", 403, {"Origin": "null"}),
    HandshakeCase("4.2.2", "no origin", 403, {"Origin": ""}),
    HandshakeCase("4.2.2", "nobody", 401, {"Cookie": ""}),
    HandshakeCase("4.2.2", "a resource that is not there", 404, start_line="GET /ws/nowhere HTTP/1.1"),
    # 4.2.2: nothing is agreed on, above all nothing that was not offered
    HandshakeCase("4.2.2", "subprotocols", 101, {"Sec-WebSocket-Protocol": "chat, superchat"}),
    HandshakeCase("4.2.2", "an extension", 101, {"Sec-WebSocket-Extensions": "permessage-deflate"}),
    HandshakeCase("4.2.2", "an extension nobody knows", 101, {"Sec-WebSocket-Extensions": "x-unknown; a=1"}),
]

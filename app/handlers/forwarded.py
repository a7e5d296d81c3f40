"""What our own proxy says of a request, where there is one: whose it is, and whether it came over https.

Tornado's `xheaders` would do this, and believe a client's X-Real-Ip, X-Scheme and second X-Forwarded-For line.
"""

import ipaddress

from tornado.httputil import HTTPServerRequest


def client_address(request: HTTPServerRequest, *, trust_proxy: bool) -> str:
    """Whose request it is. Behind a proxy that is the last item of the first X-Forwarded-For line, which the proxy has
    appended; whatever stands before it, or in other lines and headers, anybody may have written (SECURITY S52)."""
    if trust_proxy:
        lines = request.headers.get_list("X-Forwarded-For")
        if lines and (address := _parsed(lines[0].rpartition(",")[2])):
            return address
    return request.remote_ip or ""


def came_in_the_open(request: HTTPServerRequest, *, trust_proxy: bool) -> bool:
    """Whether a trusted proxy got it over plain http. A request that came past the proxy says nothing, and is none."""
    proto: str = request.headers.get("X-Forwarded-Proto", "")
    return trust_proxy and proto.rpartition(",")[2].strip().lower() == "http"


def _parsed(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None

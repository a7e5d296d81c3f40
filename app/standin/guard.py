"""Keeps the stand-in on the computer it was started on: it signs anybody in as anybody, so nobody else may reach it."""

from tornado.httputil import HTTPServerRequest, split_host_and_port

from app.errors import SettingsError
from app.settings import Settings
from app.values import is_loopback_host

ADDRESS = "127.0.0.1"


def require_local(settings: Settings) -> None:
    """SettingsError unless a server with these settings may have a stand-in."""
    if settings.dyno or not settings.is_loopback:
        raise SettingsError({"TWITTER_STANDIN": "The stand-in never runs where others can reach it. Remove it."})


def refuses(request: HTTPServerRequest) -> bool:
    """Whether a request did not come straight from this computer. A server with the stand-in on answers it with 403.

    Behind a proxy everybody's address is the proxy's own, often 127.0.0.1; the headers that proxies add give it away.
    """
    return not _names_this_computer(request.host) or any(map(_tells_of_a_proxy, request.headers))


def _names_this_computer(host: str) -> bool:
    name, _ = split_host_and_port(host.lower())
    return is_loopback_host(name)


def _tells_of_a_proxy(header: str) -> bool:
    return header.lower().startswith("x-forwarded-") or header.lower() in ("forwarded", "via")

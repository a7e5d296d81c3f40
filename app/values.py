"""What the text of a setting means. Each parser raises ValueError with a sentence that says what to write instead."""

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

Parser = Callable[[str], Any]

TITLE_LENGTH = 60


def text(value: str) -> str:
    return value


def flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{value!r} is neither on nor off. Write 1 or 0.")


def whole(least: int, most: int) -> Parser:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", value) or not least <= int(value) <= most:
            raise ValueError(f"{value!r} is not a whole number from {least} to {most}.")
        return int(value)

    return parse


count = whole(1, 1_000_000)


def one_of(*choices: str) -> Parser:
    def parse(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(f"{value!r} is not one of: {', '.join(choices)}.")
        return value.lower()

    return parse


def words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def handle(value: str) -> str:
    """With or without its @. X gives out 15 characters at most; there are older ones with more."""
    bare = value.strip().removeprefix("@")
    if not re.fullmatch(r"[A-Za-z0-9_]{1,20}", bare):
        raise ValueError(f"{value!r} is not an X handle: at most 20 letters, digits and underscores, such as jack.")
    return bare


def handles(value: str) -> tuple[str, ...]:
    return tuple(handle(word) for word in words(value))


def title(value: str) -> str:
    if len(value) > TITLE_LENGTH or not value.isprintable():
        raise ValueError(f"A name holds at most {TITLE_LENGTH} characters, and no control characters.")
    return value


def address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError(f"{value!r} is not the address of a network card. Write 127.0.0.1 or 0.0.0.0.") from None


def origin(value: str) -> str:
    """`https://Chat.Example.org/` becomes `https://chat.example.org`: what a browser sends as Origin."""
    parts, host, port = _split_url(value)
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(f"{value!r} has something after the host. Write only scheme, host and port.")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in {None, usual} else f"{parts.scheme}://{host}:{port}"


def provider_origin(value: str) -> str:
    return origin(provider_url(value))


def provider_url(value: str) -> str:
    parts, host, _ = _split_url(value)
    if parts.scheme != "https" and not is_loopback_host(host):
        raise ValueError(f"{value!r} would carry secrets in the open. Write an https:// address.")
    return value


def database(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if scheme in {"postgres", "postgresql"} and separator:
        return f"postgresql://{rest}"
    if not re.fullmatch(r"sqlite:///[^?#]+", value) or rest == "/:memory:":
        # The value is not repeated: it may hold a password.
        raise ValueError("This is no address of a database. Write postgres://… or sqlite:/// and the path of a file.")
    return value


def files(value: str) -> str:
    """The path of a folder, or `s3://key:secret@host/bucket`, where `/folder` and `?region=…` may follow."""
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        whole = parts.hostname and parts.username and parts.password and parts.port != 0 and parts.path.strip("/")
        known = parts.scheme == "s3" and bool(whole)
    except ValueError:
        known = False
    if not known:
        # The value is not repeated: it holds a password.
        raise ValueError("This names no place for files. Write the path of a folder, or s3://key:secret@host/bucket.")
    return value


def with_tls(url: str) -> str:
    """The address of a PostgreSQL server, which insists on TLS unless it says otherwise itself."""
    query = urlsplit(url).query
    if "sslmode" in parse_qs(query):
        return url
    return f"{url}{'&' if query else '?'}sslmode=require"


def redis(value: str) -> str:
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        # The value is not repeated: it may hold a password.
        raise ValueError("This is not the URL of a Redis. Write redis:// or rediss://, host and port.")
    return value


def is_address(host: str) -> bool:
    """Numbers, and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback_host(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def origin_of(address: str) -> str | None:
    """Scheme, host and port as they are written; None for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}"


def _split_url(value: str) -> tuple[SplitResult, str, int | None]:
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ValueError(f"{value!r} is not an address.") from None
    if "@" in parts.netloc:  # the value is not repeated: it holds a password
        raise ValueError("An address here has no user name and no password.")
    if not host.isascii():
        raise ValueError(f"{value!r} is not what browsers send. Write the host in its ASCII form (xn--...).")
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f"{value!r} is not an address like https://chat.example.org.")
    return parts, f"[{host}]" if ":" in host else host, port

"""Addresses that others wrote, on their way to the browser."""

import threading
import webbrowser
from urllib.parse import urljoin, urlsplit

FIRST_PRINTABLE = "!"


def web_address(text: str, server: str) -> str | None:
    """What a browser may be given: a page of the web. A path is one of the `server`; over TCP nobody knows where its
    pages are."""
    try:
        address = urljoin(server + "/", text) if server.startswith("http") else text
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and parts.hostname
    # What a browser is started with is one word.
    return address if is_web and all(each >= FIRST_PRINTABLE for each in address) else None


def open_in_browser(address: str) -> None:
    """Without waiting: some browsers come back only when they are closed."""
    threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True).start()

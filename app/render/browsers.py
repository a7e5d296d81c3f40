"""What a browser says of itself, in the words of whoever uses it."""

import re
from typing import NamedTuple

# Browsers name those they want to be taken for, too: the particular ones come before those.
BROWSERS = {
    r"Edg(?:e|A|iOS)?/": "Edge",
    r"OPR/|OPT/|Opera": "Opera",
    r"YaBrowser/": "Yandex Browser",
    r"SamsungBrowser/": "Samsung Internet",
    r"Vivaldi/": "Vivaldi",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chromium/": "Chromium",
    r"Chrome/|CriOS/": "Chrome",
    r"Version/[\d.]+ .*Safari/": "Safari",
}
SYSTEMS = {
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"CrOS": "ChromeOS",
    r"Windows": "Windows",
    r"Macintosh|Mac OS X": "Mac",
    r"Linux|X11": "Linux",
}
PHONE = re.compile(r"iPhone|Android.*Mobile")


class Browser(NamedTuple):
    """`name` and `system` are empty where nothing is known of them."""

    name: str
    system: str
    is_phone: bool


def browser_of(user_agent: str) -> Browser:
    """The browser that sends this User-Agent. It may say what it likes, so this is for people to read and no more."""
    return Browser(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent), bool(PHONE.search(user_agent)))


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for pattern, name in names.items() if re.search(pattern, user_agent)), "")

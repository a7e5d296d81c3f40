"""The browsers and systems that people have, by the User-Agents they send."""

import pytest

from app.render.browsers import browser_of

MOZILLA = "Mozilla/5.0"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = f"{MOZILLA} (Windows NT 10.0; Win64; x64)"
MAC = f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT}"
PIXEL = f"{MOZILLA} (Linux; Android 10; K) {KHTML}"


@pytest.mark.parametrize(
    ("user_agent", "name", "system", "is_phone"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox", "Linux", False),
        (f"{MOZILLA} (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox", "Android", True),
        (f"{WINDOWS} {KHTML} Chrome/130.0.0.0 Safari/537.36", "Chrome", "Windows", False),
        (f"{WINDOWS} {KHTML} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", "Edge", "Windows", False),
        (f"{WINDOWS} {KHTML} Chrome/128.0.0.0 Safari/537.36 OPR/114.0.0.0", "Opera", "Windows", False),
        (f"{WINDOWS} {KHTML} Chrome/126.0.0.0 YaBrowser/24.7.0.0 Safari/537.36", "Yandex Browser", "Windows", False),
        (f"{MAC} {WEBKIT} Version/17.6 Safari/605.1.15", "Safari", "Mac", False),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari", "iPhone", True),
        (f"{IPHONE} CriOS/130.0.6723.37 Mobile/15E148 Safari/604.1", "Chrome", "iPhone", True),
        (f"{IPHONE} FxiOS/131.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iPhone", True),
        (f"{MOZILLA} (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Safari/604.1", "Safari", "iPad", False),
        (f"{PIXEL} Chrome/130.0.0.0 Mobile Safari/537.36", "Chrome", "Android", True),
        (f"{PIXEL} Chrome/130.0.0.0 Safari/537.36", "Chrome", "Android", False),
        (f"{PIXEL} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android", True),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {KHTML} Chrome/130.0.0.0 Safari/537.36", "Chrome", "ChromeOS", False),
        (
            f"{MOZILLA} (X11; Linux x86_64) {KHTML} Ubuntu Chromium/130.0 Chrome/130.0 Safari/537.36",
            "Chromium",
            "Linux",
            False,
        ),
        ("curl/8.5.0", "", "", False),
        ("", "", "", False),
        ("<script>alert(1)</script>", "", "", False),
    ],
)
def test_a_browser_is_called_what_its_people_call_it(user_agent: str, name: str, system: str, is_phone: bool) -> None:
    assert browser_of(user_agent) == (name, system, is_phone)

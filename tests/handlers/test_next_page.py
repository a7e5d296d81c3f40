from urllib.parse import urljoin, urlsplit

import pytest

from app.handlers.next_page import HOME, safe_next

GOOD = ["/", "/chat", "/chat/general/1234", "/chat/general?around=12&new=1", "/chat/caf%C3%A9"]

BAD = [
    "",
    "chat",
    "?next=/chat",
    "#top",
    ".",
    "..",
    "http://evil.example",
    "https://evil.example/chat",
    "HTTPS://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/\\/evil.example",
    "/\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    " /chat",
    "/chat ",
    "/chat\n",
    "/chat\r\nLocation: https://evil.example",
    "/chat%0d%0aSet-Cookie:a=b",
    "/\x00/evil.example",
    "/%00",
    "/%2f/evil.example",
    "/%2Fevil.example",
    "/%252fevil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%255cevil.example",
    "/%09/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/chat/../../evil",
    "/%2e%2e/evil",
    "/chat//evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "/@evil.example",
    "/\u2215evil.example",
    "\uff0f\uff0fevil.example",
]


def test_there_are_54_bad_values_and_5_good_ones() -> None:
    assert (len(set(BAD)), len(set(GOOD))) == (54, 5)


@pytest.mark.parametrize("value", GOOD)
def test_a_path_of_ours_is_kept(value: str) -> None:
    assert safe_next(value) == value


@pytest.mark.parametrize("value", BAD)
def test_anything_else_becomes_the_chat(value: str) -> None:
    assert safe_next(value) == HOME


@pytest.mark.parametrize("value", GOOD)
def test_a_kept_path_stays_on_this_site(value: str) -> None:
    assert urlsplit(urljoin("https://roost.example/login", value)).netloc == "roost.example"


@pytest.mark.parametrize("value", ["/login", "/login/", "/login?next=/chat", "/%6cogin", "/logout", "/" + "a" * 500])
def test_a_path_that_leads_nowhere_becomes_the_chat(value: str) -> None:
    assert safe_next(value) == HOME

"""Where links may lead, and which of them say something else."""

import pytest

from app.render.links import first_link, is_link, misleads
from app.render.text import render_text

OWN = "https://roost.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "HTTP://example.org/a?b#c",
        "https://ana:secret@example.org:8000/",
        "http://[::1]/",
        "https://exämple.org/ä",
        "mailto:ana@example.org",
    ],
)
def test_people_may_be_led_to_other_pages_and_mailboxes(url: str) -> None:
    assert is_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "/rules",
        "//example.org",
        "javascript:alert(1)",
        " https://example.org",
        "https://example.org/a b",
        "https:example.org",
        "https:///example.org",
        "https:\\\\example.org",
        "https://\\example.org",
        "https://",
        "mailto:",
        "java\tscript:alert(1)",
        "https://example.org/\u202ecod.exe",
        "ftp://example.org",
    ],
)
def test_nobody_is_led_anywhere_else(url: str) -> None:
    assert not is_link(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a", "example.org"),
        ("https://www.example.org/", "Example.ORG/b"),
        ("https://example.org/", "http://www.example.org"),
        ("https://example.org/", "the tides, version 1.5"),
        ("mailto:ana@example.org?subject=x", "Ana@example.org"),
        ("http://192.168.0.1:80/", "192.168.0.1"),
        ("http://intranet/", "http://intranet/wiki"),
    ],
)
def test_a_text_may_name_where_its_link_leads(url: str, shown: str) -> None:
    assert not misleads(url, shown)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://evil.example/", "https://bank.example/"),
        ("https://evil.example/bank.example", "bank.example"),
        ("https://bank.example@evil.example/", "bank.example"),
        ("https://evil.example\\@bank.example/", "bank.example"),
        ("https://bank.example.evil.example/", "bank.example"),
        ("https://evil.example/", "log in at bank.example, now"),
        ("https://evil.example/", "bank\u2024example"),
        ("https://evil.example/", "ba\u200bnk.exam\u00adple"),
        ("https://evil.example/", "http://intranet/"),
        ("https://evil.example/", "10.0.0.1"),
        ("mailto:bo@example.org", "ana@example.org"),
        ("https://example.org/", "ana@example.org"),
        ("https://example.org/", "example.org, bank.example"),
        ("https://example.org/", "words " * 60),
    ],
)
def test_a_text_that_names_another_address_misleads(url: str, shown: str) -> None:
    assert misleads(url, shown)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see http://a.example/?b=1&c=2 and http://d.example", "http://a.example/?b=1&c=2"),
        ("[words](https://a.example/) http://b.example", "https://a.example/"),
        (f"{OWN}/chat mailto:a@b.example a@b.example https://c.example", "https://c.example"),
        ("HTTPS://A.EXAMPLE/", "HTTPS://A.EXAMPLE/"),
        ("`http://a.example`", None),
        ("nothing", None),
        (f"{OWN}/chat/general/1", None),
    ],
)
def test_the_first_link_that_leads_elsewhere_on_the_web_is_found(text: str, url: str | None) -> None:
    assert first_link(render_text(text, OWN), OWN) == url

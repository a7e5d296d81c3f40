"""Where a URL leads. What has to be refused is in ssrf.json."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from app.outbound.outcomes import Refused
from app.outbound.targets import LONGEST, PORTS, Target, target_of


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://example.org", "example.org", 80, "/"),
        ("https://EXAMPLE.org.:443/a?b=c&d#e", "example.org", 443, "/a?b=c&d"),
        ("http://example.org:443/", "example.org", 443, "/"),
        ("http://example.org/%2e%2e/a%20b|c", "example.org", 80, "/%2e%2e/a%20b|c"),
        ("http://bücher.example/ä?ö", "xn--bcher-kva.example", 80, "/%C3%A4?%C3%B6"),
        ("http://straße.example/", "xn--strae-oqa.example", 80, "/"),
        ("http://under_score.example/", "under_score.example", 80, "/"),
        ("http://[2606:4700::1111]/", "2606:4700::1111", 80, "/"),
        (" http://example.org/\n", "example.org", 80, "/"),
    ],
)
def test_a_url_is_read_as_browsers_read_it(url: str, host: str, port: int, path: str) -> None:
    target = target_of(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        (Target("", False, "a.example", 80, "/"), "a.example"),
        (Target("", True, "a.example", 443, "/"), "a.example"),
        (Target("", True, "a.example", 80, "/"), "a.example:80"),
        (Target("", False, "2606::1", 443, "/"), "[2606::1]:443"),
    ],
)
def test_the_host_is_named_with_its_port_where_that_is_not_the_usual_one(target: Target, authority: str) -> None:
    assert target.authority == authority


@pytest.mark.parametrize("path", ["a" * LONGEST, "a\r\nHost: b", "\u202e", "\ud800"])
def test_what_is_too_long_or_cannot_be_written_is_refused(path: str) -> None:
    with pytest.raises(Refused):
        target_of(f"http://example.org/{path}")


SCHEMES = st.sampled_from(["http://", "https://", "HTTP://", "http:/", "//"])
HOSTS = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[fe80::1%25eth0]",
    "localhost",
    "a.example",
]
MARKS = ["xn--", "@", ":", ":80", ":443", "//", "..", "%", "%2f", "%00", *"/?#-_", "\u3002", "\uff10", "\u2100"]
SEEN = st.characters(exclude_categories=["C", "Z"], exclude_characters="[]\\")
PARTS = st.lists(st.sampled_from(MARKS) | st.text(SEEN, max_size=4), max_size=6).map("".join)
PATHS = st.text(SEEN, max_size=8).map(lambda path: f"/{path}")


@given(SCHEMES, st.sampled_from(HOSTS) | st.text(SEEN), PATHS | PARTS)
def test_any_url_is_refused_or_asked_for_in_a_way_that_others_read_alike(scheme: str, host: str, rest: str) -> None:
    try:
        target = target_of(scheme + host + rest)
    except Refused:
        return
    url = f"{'https' if target.is_secure else 'http'}://{target.authority}{target.path}"
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    again = target_of(url)
    assert (again.host, again.port, again.path) == (target.host, target.port, target.path)
    other = parse_url(url)
    assert other.scheme in PORTS
    assert ((other.host or "").strip("[]"), other.port or PORTS[other.scheme]) == (target.host, target.port)

"""Where a URL leads. What has to be refused is in ssrf.json."""

import pytest

from app.outbound.outcomes import Refused
from app.outbound.targets import LONGEST, Target, target_of


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

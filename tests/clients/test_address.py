import pytest

from clients.address import address_of
from clients.failures import BadAddress


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("chat.example", "https://chat.example"),
        ("https://Chat.Example:443/", "https://chat.example"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("tcps://chat.example:6697", "tcps://chat.example:6697"),
    ],
)
def test_an_address_has_one_spelling(text: str, url: str) -> None:
    assert address_of(text).url == url
    assert (address_of(text).tls is not None) == url.startswith(("https", "tcps"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://chat.example",
        "tcp://chat.example",
        "https://",
        "https://a:b@c.example",
        "https://a.example/chat",
        "https://a:99999",
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        address_of(text)

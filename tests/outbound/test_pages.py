"""What a page says of itself, as a card."""

import time

import pytest

from app.models import Card
from app.outbound.fetcher import Fetched
from app.outbound.outcomes import Nothing
from app.outbound.pages import TEXT, TITLE, card_of

URL = "http://site.test/page"


def found(head: str | bytes, charset: str = "") -> Fetched:
    return Fetched(URL, "text/html", charset, head.encode() if isinstance(head, str) else head)


def card(head: str | bytes, charset: str = "") -> Card:
    return card_of(found(head, charset), URL)


def test_what_is_meant_for_cards_comes_before_the_rest() -> None:
    head = """<TITLE>Tides · Example</TITLE><meta name=description content="plain">
    <meta property="og:title" content="Harmonic constants, explained">
    <meta name="twitter:title" content="no"><META PROPERTY="og:description" CONTENT="Why two tides &amp; a moon">"""
    assert card(head) == Card(URL, "link", "site.test", "Harmonic constants, explained", "Why two tides & a moon")


def test_a_title_and_a_description_will_do() -> None:
    head = '<title>\n One &lt;b&gt;two\t</title><meta name="Description" content=" three\n four ">'
    assert card(head) == Card(URL, site="site.test", title="One <b>two", text="three four")
    assert card('<meta name="twitter:title" content="five">').title == "five"


@pytest.mark.parametrize("head", ["", "<title> </title>", "<title>\u200b\u202e</title>", "<p>text</p>", "\0"])
def test_without_a_title_there_is_no_card(head: str) -> None:
    with pytest.raises(Nothing):
        card(head)


def test_the_first_one_holds_and_nothing_after_the_head() -> None:
    head = (
        "<title>one</title><title>two</title><meta property=og:title content=three><meta property=og:title content=4>"
    )
    assert card(head).title == "three"
    assert card("<title>one</title><body><meta property=og:title content=two><svg><title>three</title>").title == "one"


def test_the_site_is_the_host_where_the_page_was_whatever_it_calls_itself() -> None:
    head = "<title>x</title><meta property=og:site_name content='Your bank'>"
    where = Fetched("https://www.bücher.example/a", "text/html", "", head.encode())
    assert card_of(where, "http://short.test/1") == Card("http://short.test/1", "link", "xn--bcher-kva.example", "x")


def test_each_is_short() -> None:
    head = f'<title>{"t" * 5_000}</title><meta name=description content="{"d" * 5_000}">'
    made = card(head)
    assert (len(made.title), len(made.text)) == (TITLE, TEXT)
    assert made.title.endswith("t…")


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Wörter</title>".encode(), ""),
        ("<title>Wörter</title>".encode("latin-1"), "iso-8859-1"),
        ('<meta charset="windows-1252"><title>Wörter</title>'.encode("cp1252"), ""),
        (
            '<meta http-equiv=Content-Type content="text/html; charset=latin1"><title>Wörter</title>'.encode("latin-1"),
            "",
        ),
        ("<title>Wörter</title>".encode("utf-16"), "utf-16"),
        ("<title>Wörter</title>".encode("utf-8-sig"), "latin-1"),
        ("<title>Wörter</title>".encode(), "no-such-charset"),
        ("<title>Wörter</title>".encode(), "base64"),
        ("<title>Wörter</title>".encode(), "idna"),
        ("<title>Wörter</title>".encode(), "zip\0"),
    ],
)
def test_letters_are_read_as_the_page_means_them(body: bytes, charset: str) -> None:
    assert card(body, charset).title == "Wörter"


def test_half_a_character_at_the_end_does_no_harm() -> None:
    assert card("<title>x</title>ö".encode()[:-1]).title == "x"


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<!--", "<!", "</", "<title>", "<meta content=a ", '<a b="', "&", "&amp", "<a/a/", "<script>", "<?"],
)
def test_no_page_takes_long(piece: str) -> None:
    begun = time.process_time()
    try:
        card(f"<title>x</title>{piece * (512 * 1024 // len(piece))}")
    except Nothing:
        pytest.fail("the title was there")
    assert time.process_time() - begun < 3

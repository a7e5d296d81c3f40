"""Message text as HTML: nothing that a text could want besides what is allowed, and at what cost."""

import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.emoji import with_emoji
from app.render.markdown import has_markup
from app.render.text import SHORT, render_text, takes_long
from tests.render.attacks import every_attack, packed
from tests.render.reading import HERE, Reading, is_allowed, read_cases

REL = "noopener noreferrer nofollow ugc"


def render(text: str) -> str:
    return render_text(text, HERE)


def is_safe(text: str) -> None:
    """Nothing but what is allowed, and of a text without markup every character, an emoji for its name at most."""
    html = render(text)
    is_allowed(html)
    if not has_markup(text):
        assert by_name(Reading(html).text) == by_name(with_emoji(text))


def by_name(text: str) -> str:
    """What stands before a link may be taken to stand alone."""
    return text.replace("🎉", ":tada:")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("hello", "hello"),
        ("one\ntwo\n\nthree", "one<br>two<br><br>three"),
        ("<b>&amp;\"'", "&lt;b&gt;&amp;amp;&quot;&#x27;"),
        ("  two  spaces ", "  two  spaces "),
        ("3 < 4 && 5 > 4", "3 &lt; 4 &amp;&amp; 5 &gt; 4"),
    ],
)
def test_plain_text_is_escaped_and_keeps_its_lines(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see http://example.org/a?b=1&c=2#d now", ["http://example.org/a?b=1&c=2#d"]),
        ("https://example.org.", ["https://example.org"]),
        ("(https://example.org/x)", ["https://example.org/x"]),
        ("https://en.wikipedia.org/wiki/Tide_(sea)", ["https://en.wikipedia.org/wiki/Tide_(sea)"]),
        ("HTTPS://EXAMPLE.ORG/", ["https://EXAMPLE.ORG/"]),
        ("example.com and www.example.org", ["http://example.com", "http://www.example.org"]),
        ("write to ana@example.org, please", ["mailto:ana@example.org"]),
        ("mailto:ana@example.org", ["mailto:ana@example.org"]),
        ("http://localhost:5000/chat", ["http://localhost:5000/chat"]),
        ("http://192.168.1.1/x", ["http://192.168.1.1/x"]),
        ("one http://a.org\ntwo http://b.org", ["http://a.org", "http://b.org"]),
        ("c'est https://exämple.org/ä", ["https://exämple.org/ä"]),
        ("1.2.3.4 and version 1.5 and file.txt and e.g. this", []),
        ("ftp://example.org //example.org javascript:alert(1)", []),
        ("time 12:30, ratio 3:4, std::vector", []),
    ],
)
def test_links_are_what_a_person_would_call_one(text: str, links: list[str]) -> None:
    found = [link.lower() for link in Reading(render(text)).links]
    assert found == [link.lower() for link in links]
    is_safe(text)


def test_a_word_of_two_thousand_characters_may_be_a_link_and_a_longer_one_is_not() -> None:
    long = "https://example.org/".ljust(2_000, "a")
    assert Reading(render(f"http://a.org {long} http://b.org")).links == ["http://a.org", long, "http://b.org"]
    assert Reading(render(f"http://a.org {long}a\nhttp://b.org")).links == ["http://a.org", "http://b.org"]
    is_safe(f"{long}<b>\n{long}")


def test_a_link_shows_what_was_written_and_opens_elsewhere_without_a_trace() -> None:
    assert render("https://example.org/?a=1&b=2") == (
        f'<a href="https://example.org/?a=1&amp;b=2" rel="{REL}" target="_blank">https://example.org/?a=1&amp;b=2</a>'
    )


@pytest.mark.parametrize(
    ("url", "own"),
    [
        (HERE, True),
        (f"{HERE}/chat/general/7", True),
        (f"{HERE}.evil.example", False),
        (f"{HERE}@evil.example/", False),
        (f"{HERE}:444/", False),
        ("http://chat.example.org/", False),
        ("https://evil.example/https://chat.example.org/", False),
    ],
)
def test_a_link_to_our_own_pages_opens_in_place_and_no_other(url: str, own: bool) -> None:
    (link,) = [attributes for tag, attributes in Reading(render(url)).tags if tag == "a"]
    assert ("target" not in link) == own


HOSTILE = read_cases("xss.json")


AROUND = [
    ("see ", " now"),
    ("http://example.org/", ""),
    ("", "@example.org"),
    ("http://", ".org/"),
    ("*", "*"),
    ("> - ", "\n*x*"),
    ("[x](", ")"),
    ("[x](https://example.org/", ")"),
    ("[", "](https://example.org)"),
    ("```\n", "\n```"),
    ("```", "\n```"),
    ("`", "` *x*"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_a_text(text: str) -> None:
    is_safe(text)
    for before, after in AROUND:
        is_safe(f"{before}{text}{after}")


def test_no_element_with_an_event_attribute_gets_through() -> None:
    texts = list(packed(every_attack(), 3_900))
    assert len(texts) > 300
    for text in texts:
        is_safe(text)


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\u2066", "\u00ad", "\ufeff", "\x7f", "\u0085"])
def test_an_address_with_unseen_characters_is_no_link(character: str) -> None:
    assert not any(character in link for link in Reading(render(f"http://example.org/a{character}b")).links)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=300))
def test_any_text_is_safe(text: str) -> None:
    is_safe(text)


SCHEMES = ["http://", "https://", "mailto:", "javascript:", "www.", "example", ".org", "&quot;", "&#34;"]
MARKUP = ["](", "![", "**", "~~", "```", "\n> ", "\n- ", "\n1. ", "<b>", "</", ":tada:"]
pieces = st.sampled_from([*SCHEMES, *MARKUP, *".@:/?&#[]()<>\"'`*_\\\u202e\u200bä%-_1; \n"])


@given(st.lists(pieces, max_size=40).map("".join))
def test_any_text_made_of_pieces_of_links_is_safe(text: str) -> None:
    is_safe(text)


@given(st.text(st.sampled_from("<&\"'abc \n"), max_size=100))
def test_a_text_can_be_read_back_from_its_html(text: str) -> None:
    assert unescape(render(text).replace("<br>", "\n")) == text


def test_what_takes_long_is_known_beforehand() -> None:
    assert not takes_long("a word " * 500)
    assert not takes_long("**short**")
    assert takes_long("**long** ".ljust(SHORT + 1, "a"))
    assert takes_long("```python\nx\n```")
    assert takes_long("~~~\nx\n~~~")


# Cost (SECURITY S31), in ratios, since machines differ.

PATHOLOGICAL = {
    "schemes": "http://",
    "dots": "a.",
    "ats": "a@",
    "pluses": "a+",
    "hosts": "www.a",
    "brackets": "http://a.b/[({",
    "quotes": "http://a.org/\"'",
    "colons": ":/",
    "mails": "a.b@",
    "mailtos": "mailto:",
    "links": "http://a.org ",
    "umlauts": "ä.com ",
    "dashes": "a-",
    "users": "http://a:b@",
    "queries": "http://a.org/?a&b=",
    "percents": "http://a.org/%",
    "commas": "http://a.org,",
    "spaces": " \n",
    "controls": "http://a.org/\u202e",
    "ideographs": "。com",
    "v6": "http://[::1",
}


def seconds(text: str, times: int = 5) -> float:
    """Processor time of the quickest of several."""
    taken = []
    for _ in range(times):
        before = time.process_time_ns()
        render(text)
        taken.append(time.process_time_ns() - before)
    return min(taken) / 1e9


ORDINARY = "An ordinary message of somebody who writes about the tides at http://example.org/tides and in other words. "


@pytest.mark.parametrize("unit", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
@pytest.mark.parametrize("end", ["", "@a.com", ".com", " "], ids=["", "mail", "host", "space"])
def test_no_text_costs_much_more_than_an_ordinary_one_of_its_length(unit: str, end: str) -> None:
    words = [(unit * length)[: length - len(end)] + end for length in (2_000, 1_999)]
    text = " ".join(words)
    assert len(text) == 4_000
    assert seconds(text) < 30 * seconds((ORDINARY * 40)[:4_000])


FORMATTED = "An *ordinary* message of **somebody** who writes `about` the [tides](http://example.org/tides) in words.\n"


@pytest.mark.parametrize("unit", (cases := read_cases("pathological.json")).values(), ids=cases)
def test_no_markup_costs_much_more_than_ordinary_markup_of_its_length(unit: str) -> None:
    ordinary = seconds((FORMATTED * 40)[:4_000])
    for end in ("", "*", "`", "](http://a.b)", "\n- a"):
        text = (unit * 4_000)[: 4_000 - len(end)] + end
        assert seconds(text, times=1) < 20 * ordinary or seconds(text) < 20 * ordinary


def test_no_text_is_drawn_deep() -> None:
    for text in (
        ">" * 4_000,
        "> " * 2_000 + "a",
        "- " * 2_000 + "a",
        "1. > " * 800 + "a",
        "*a **b " * 500,
        "[" * 4_000,
    ):
        assert Reading(render(text)).deepest <= 30

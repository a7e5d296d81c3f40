"""Message text as HTML: links and line breaks, and nothing that a text could want besides."""

import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.text import render_text

HERE = "https://chat.example.org"
REL = "noopener noreferrer nofollow ugc"


def render(text: str) -> str:
    return render_text(text, HERE)


class Reading(HTMLParser):
    """What a browser sees: tags with attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others += 1

    def handle_decl(self, decl: str) -> None:
        self.others += 1

    def handle_pi(self, data: str) -> None:
        self.others += 1

    def unknown_decl(self, data: str) -> None:
        self.others += 1

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


def is_safe(text: str) -> None:
    """Only br and our kind of a; the text is as it was; only the three schemes."""
    seen = Reading(render(text))
    assert seen.text == text
    assert seen.others == 0
    for tag, attributes in seen.tags:
        if tag == "br":
            assert attributes == {}
            continue
        assert tag == "a"
        assert set(attributes) <= {"href", "rel", "target"}
        assert attributes["rel"] == REL
        href = attributes["href"]
        assert href
        assert href.lower().startswith(("http://", "https://", "mailto:"))
        assert href.isprintable()
        assert attributes.get("target") == (None if href == HERE or href.startswith(f"{HERE}/") else "_blank")


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


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<ScRiPt\x0b>alert(1)</sCrIpT>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</a><script>alert(1)</script>",
    "<!--><script>alert(1)</script>",
    "<![CDATA[<script>]]>",
    "<?php echo 1 ?>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><input>",
    "<template><script>alert(1)</script></template>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "javascript://http://example.org/%0aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "view-source:http://example.org",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    'http://example.org/"onmouseover=alert(1)//',
    "http://example.org/'onmouseover=alert(1)//",
    'http://example.org/"><script>alert(1)</script>',
    "http://example.org/<script>alert(1)</script>",
    "http://example.org/`onmouseover=alert(1)`",
    "http://example.org/ onmouseover=alert(1)",
    "http://example.org/\nonmouseover=alert(1)",
    "http://example.org/&quot;onmouseover=alert(1)",
    "http://example.org/&#34;onmouseover=alert(1)",
    'http://"onmouseover=alert(1).example.org',
    "http://javascript:alert(1)@example.org",
    "http://example.org\u202egro.live",
    "http://example.org/\u202ecod.exe",
    "http://exam\u200bple.org/",
    "http://example.org/\u2066x\u2069",
    "http://example.org/\x00x",
    "http://[::1",
    "http://[::1]:99999/",
    "http://[<script>]",
    "http://]example.org[",
    "http://example.org:99999999999/",
    "http://\ud7ff.org",
    "http://xn--\u0430.org",
    "http://%00.example.org/%",
    "http://a:b:c@d:e:f/",
    "//evil.example/x",
    "///evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "http:// example.org",
    'mailto:ana@example.org?subject=<script>&body="x"',
    'mailto:"><script>alert(1)</script>@example.org',
    'ana@"><script>.org',
    '"<img src=x onerror=alert(1)>"@example.org',
    'www."onmouseover=alert(1).org',
    "http://example.org/\U000e0041",
    "\u2028http://example.org\u2029",
    "http://example.org/\u0000\u0007\u001b[31m",
    "&copy; &nbsp; &bogus; &#0; &#xD800;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{7*7}} ${7*7} {% raw %} <%= 7 %>",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_a_text(text: str) -> None:
    is_safe(text)
    for around in ("see {} now", "http://example.org/{}", "{}@example.org", "http://{}.org/", "({})", "{0}\n{0}"):
        is_safe(around.format(text))


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\u2066", "\u00ad", "\ufeff", "\x7f", "\u0085"])
def test_an_address_with_unseen_characters_is_no_link(character: str) -> None:
    assert not any(character in link for link in Reading(render(f"http://example.org/a{character}b")).links)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=300))
def test_any_text_is_safe(text: str) -> None:
    is_safe(text)


SCHEMES = ["http://", "https://", "mailto:", "javascript:", "www.", "example", ".org", "&quot;", "&#34;"]
pieces = st.sampled_from([*SCHEMES, *".@:/?&#[]()<>\"'`\\\u202e\u200bä%-_1; \n"])


@given(st.lists(pieces, max_size=40).map("".join))
def test_any_text_made_of_pieces_of_links_is_safe(text: str) -> None:
    is_safe(text)


@given(st.text(st.sampled_from("<>&\"'abc \n"), max_size=100))
def test_a_text_can_be_read_back_from_its_html(text: str) -> None:
    assert unescape(render(text).replace("<br>", "\n")) == text


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


def seconds(text: str) -> float:
    """Processor time of the quickest of five."""
    times = []
    for _ in range(5):
        before = time.process_time_ns()
        render(text)
        times.append(time.process_time_ns() - before)
    return min(times) / 1e9


ORDINARY = "An ordinary message of somebody who writes about the tides at http://example.org/tides and in other words. "


@pytest.mark.parametrize("unit", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
@pytest.mark.parametrize("end", ["", "@a.com", ".com", " "], ids=["", "mail", "host", "space"])
def test_no_text_costs_much_more_than_an_ordinary_one_of_its_length(unit: str, end: str) -> None:
    render(ORDINARY)
    words = [(unit * length)[: length - len(end)] + end for length in (2_000, 1_999)]
    text = " ".join(words)
    assert len(text) == 4_000
    assert seconds(text) < 30 * seconds((ORDINARY * 40)[:4_000])

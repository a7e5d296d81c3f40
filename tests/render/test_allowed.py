"""The second wall, tried without the first."""

import pytest

from app.render.allowed import cleaned
from app.render.markdown import html_of
from tests.render.reading import HERE, Reading, is_allowed, read_cases

HOSTILE = read_cases("xss.json")


@pytest.mark.parametrize("html", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_comes_through_the_first_wall_is_stopped(html: str) -> None:
    for tag, attributes in Reading(cleaned(f"<b>{html}</b>")).tags:
        assert tag in {"a", "br", "blockquote", "code", "del", "em", "li", "ol", "pre", "span", "strong", "ul"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert (attributes.get("href") or "https:").startswith(("http:", "https:", "mailto:"))


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<a href="javascript:x">a</a>', "<a>a</a>"),
        ('<a href="/rules">a</a>', "<a>a</a>"),
        ('<a href="https://a.org" rel="opener" target="_top">a</a>', '<a href="https://a.org">a</a>'),
        ('<a class="mention btn" data-person="1" data-x>a</a>', '<a class="mention" data-person="1">a</a>'),
        ('<span class="k sr">a</span><span class="btn">b</span>', '<span class="k">a</span><span class="">b</span>'),
        ('<pre data-language="x" data-action="send" id="message"><code class="k">a</code></pre>',
         '<pre data-language="x"><code>a</code></pre>'),
        ("<p>a</p><img src=x><script>b</script>", "a"),
    ],
)  # fmt: skip
def test_only_what_is_listed_is_kept(html: str, kept: str) -> None:
    assert cleaned(html) == kept


def test_of_our_own_nothing_is_taken_away() -> None:
    for case in read_cases("conformance.json"):
        ours = html_of(case["text"], HERE)
        is_allowed(ours)
        assert Reading(cleaned(ours)).tags == Reading(ours).tags
        assert Reading(cleaned(ours)).text == Reading(ours).text

"""Sentences of ours in messages."""

from app.render.notices import marked, translated
from tests.render.reading import is_allowed

SENTENCE = "Switched off: the server’s key has changed, & <b>."


def upper(sentence: str) -> str:
    return f"<{sentence.upper()}>"


def test_a_sentence_of_ours_is_marked_and_each_reader_has_it_in_their_language() -> None:
    html = marked("@ana: Switched off: the server’s key has changed, &amp; &lt;b&gt;. Good night.", (SENTENCE,))
    is_allowed(html)
    assert translated(html, str) == html
    assert translated(html, upper).startswith(
        '@ana: <span class="said">&lt;SWITCHED OFF: THE SERVER’S KEY HAS CHANGED, &amp; '
    )
    assert translated(html, upper).endswith("&lt;B&gt;.&gt;</span> Good night.")


def test_what_people_wrote_is_left_as_it_is() -> None:
    html = "&lt;span class=&quot;said&quot;&gt;hello&lt;/span&gt; <strong>hello</strong>"
    assert translated(html, upper) == html

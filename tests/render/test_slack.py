"""What was written for Slack, as we write it."""

import re

import pytest

from app.render.slack import markdown_of
from app.render.text import render_text

ORIGIN = "https://roost.test"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("plain, *strong* and _slanted_", "plain, *strong* and _slanted_"),
        ("<https://site.test/a|the build> passed", "[the build](https://site.test/a) passed"),
        ("see <https://site.test/a>", "see https://site.test/a"),
        ("<https://site.test/a|https://site.test/a>", "https://site.test/a"),
        ("<https://site.test/a|>", "https://site.test/a"),
        ("<https://site.test/a_(b)|it [sic]>", r"[it \[sic\]](https://site.test/a_%28b%29)"),
        ("<mailto:ada@site.test|write>", "[write](mailto:ada@site.test)"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<!here> <!channel> <!everyone> <!date^1^{date}|in May> <!subteam^S1>", "@here @all @all in May subteam^S1"),
        ("<@U024BE7LH> <@U1|ada> <#C024BE7LR|general>", "@U024BE7LH @ada #general"),
        ("1 < 2 > 1\n<\n>", "1 < 2 > 1\n<\n>"),
    ],
)
def test_links_names_and_entities_are_ours_and_all_else_stays(sent: str, kept: str) -> None:
    assert markdown_of(sent) == kept


@pytest.mark.parametrize("sent", ["<javascript:alert(1)|x>", "<https://bad.test|https://good.test>", "<<b>|<script>>"])
def test_it_is_no_way_around_the_rules_of_messages(sent: str) -> None:
    html = render_text(markdown_of(sent), ORIGIN)
    assert "javascript:" not in html or "<a" not in html
    assert '">https://good.test</a>' not in html
    assert "<script" not in html


@pytest.mark.parametrize("name", ["C:\\", r"a\](https://bad.test)", r"a\\](https://bad.test)", r"\[b"])
def test_no_name_leads_elsewhere(name: str) -> None:
    html = render_text(markdown_of(f"<https://site.test/|{name}>"), ORIGIN)
    assert re.findall('href="([^"]+)"', html) == ["https://site.test/"]
    assert name in html

"""docs/formatting.md and docs/protocol.md say what the renderer does."""

import re
from collections import Counter
from pathlib import Path

from app.render.allowed import ATTRIBUTES, CLASSES, TAGS, VALUES
from app.render.code import LONGEST, MOST_LINES
from app.render.text import SHORT
from tests.render.reading import read_cases

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "formatting.md").read_text()


def test_the_cases_are_counted_as_they_are() -> None:
    cases = read_cases("conformance.json")
    counted = Counter((case["source"].partition(",")[0], "differs" in case) for case in cases)
    told = re.findall(r"^\| (CommonMark 0.31.2|GFM 0.29|ours) \| (\d+) \|", PAGE, re.MULTILINE)
    assert told == [
        ("CommonMark 0.31.2", str(counted["CommonMark 0.31.2", False])),
        ("CommonMark 0.31.2", str(counted["CommonMark 0.31.2", True])),
        ("GFM 0.29", str(counted["GFM 0.29", False])),
        ("ours", str(counted["ours", False])),
    ]
    assert f"has {len(cases)} cases" in PAGE


def test_the_bounds_are_those_of_the_code() -> None:
    assert f"up to {LONGEST:,} characters\n   and {MOST_LINES} lines" in PAGE
    assert f"over {SHORT:,} characters" in PAGE


def test_the_protocol_lists_what_the_html_may_hold_and_nothing_else() -> None:
    (told,) = re.findall(
        r"The HTML holds text.*?There are no paragraphs", (DOCS / "protocol.md").read_text(), re.DOTALL
    )
    named = re.findall(r"`([^`]+)`", told)
    assert {each[1:-1] for each in named if each.startswith("<")} == TAGS
    others = {name for names in (*ATTRIBUTES.values(), *VALUES.values(), *CLASSES.values()) for name in names}
    values = {value for each in VALUES.values() for allowed in each.values() for value in allowed}
    assert {each for each in named if not each.startswith("<")} == others | values | {
        "class",
        "http",
        "https",
        "mailto",
    }

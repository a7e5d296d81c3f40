"""Blocks of code: the parts named, nothing lost, at a bounded cost."""

import subprocess
import sys
import time

import pytest

from app.render.code import LANGUAGES, LONGEST, MOST_LINES, code_block
from app.render.text import render_text
from tests.render.reading import HERE, Reading, is_allowed

CODE = """def f(x):  # no
\treturn "a" + x * 0x1f

class A<B> { if (x) { /* c */ } }
<b c="d">&amp;</b>
- e: {f}
\\"\'`${g}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_colours_leave_the_code_as_it_was_typed(language: str) -> None:
    html = code_block(CODE, language)
    is_allowed(html)
    assert Reading(html).text == CODE
    assert Reading(html).tags[0] == ("pre", {"data-language": language})
    assert "<span" in html


def test_a_language_that_is_not_known_is_shown_and_its_code_has_no_colours() -> None:
    assert code_block("if x: 1", "klingon") == '<pre data-language="klingon"><code>if x: 1</code></pre>'
    assert code_block("if x: 1", "") == "<pre><code>if x: 1</code></pre>"


@pytest.mark.parametrize("code", ["x = 1 # a\n" * (LONGEST // 10 + 1), "1\n" * (MOST_LINES + 1)])
def test_long_code_has_no_colours(code: str) -> None:
    assert "<span" not in render_text(f"```python\n{code}```", HERE)
    assert "<span" in render_text(f"```python\n{code[:100]}\n```", HERE)


def test_several_blocks_share_the_bound() -> None:
    block = "```python\n" + "x = 1 # a\n" * 90 + "```\n"
    assert len(block) * 2 > LONGEST > len(block)
    html = render_text(block + block, HERE)
    assert html.count("<pre") == 2
    assert "<span" not in html.rpartition("<pre")[2]


def test_the_colours_are_loaded_by_the_first_code_and_not_by_the_server() -> None:
    code = "import sys; from app.render.text import render_text as r; r('**a**', ''); print('pygments' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


MEAN = [
    "a",
    "(",
    "{",
    "[",
    "<",
    '"',
    "'",
    "`",
    "/*",
    "//",
    "#",
    "\\",
    '\\"',
    "${",
    "@",
    "=",
    "<a",
    "&",
    "&a",
    " ",
    "\n",
]
MEAN += [
    "0",
    "a.",
    "a:",
    "::",
    "%",
    "!",
    "-",
    "*",
    "'''",
    "a b ",
    "if ",
    "{{",
    "<?",
    "<<A\n",
    "a(",
    "a_",
    "  a\n",
    "!!",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_costs_much_more_than_ordinary_code(language: str) -> None:
    """A language that is added to the list is measured here; some take seconds for such texts."""
    ordinary = seconds('def f(x):\n    return "a" + x  # b\n' * 40, "python")
    for unit in MEAN:
        text = "\n".join((unit * LONGEST)[:LONGEST].split("\n")[:MOST_LINES])
        assert min(seconds(text, language) for _ in range(2)) < 20 * ordinary


def seconds(code: str, language: str) -> float:
    code_block(code[:10], language)
    before = time.process_time_ns()
    code_block(code, language)
    return (time.process_time_ns() - before) / 1e9

"""Code with its parts named by classes. Only for a language that was named: guessing costs half a second."""

import threading
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST, MOST_LINES = 1_600, 100
"""Characters and lines of all the code in a message. What comes behind is shown as it is: some patterns cost the square
of a length."""
LANGUAGES = """
    bash c c++ cpp cs csharp css diff docker dockerfile elixir erlang go golang graphql haskell hs html ini java
    javascript js json jsx kotlin lua make makefile nginx perl php pl ps1 powershell py python r rb rs ruby rust scala
    sh shell sql swift toml ts tsx typescript xml yaml yml zig
""".split()  # noqa: SIM905  a line each would be sixty
"""Those whose cost was measured; some of the others take seconds for a text that is made for it."""
LEXING = threading.Lock()
CLASSES = {
    "Keyword": "k",
    "Word": "k",
    "Tag": "k",
    "String": "s",
    "Inserted": "s",
    "Function": "f",
    "Class": "f",
    "Attribute": "f",
    "Number": "n",
    "Deleted": "n",
    "Comment": "c",
}


def code_block(code: str, language: str, *, coloured: bool = True) -> str:
    """HTML of a block of code, with its language as somebody named it."""
    named = f' data-language="{escape(language)}"' if language else ""
    inside = highlighted(code, language.lower()) if coloured else escape(code)
    return f"<pre{named}><code>{inside}</code></pre>"


def highlighted(code: str, language: str) -> str:
    if language not in LANGUAGES:
        return escape(code)
    # Two threads that load a language at once would spoil it for good. The event loop renders no code and never waits.
    with LEXING:
        runs = [
            (name, "".join(text for _, text in run))
            for name, run in groupby(parts(code, language), lambda part: part[0])
        ]
    return "".join(span(name, text) for name, text in runs)


def parts(code: str, language: str) -> Iterator[tuple[str, str]]:
    """The code in pieces, each with its class."""
    # A comment is one up to the end of its line, which the last line has to have, too.
    for start, token, text in lexer(language).get_tokens_unprocessed(f"{code}\n"):
        yield class_of(token), text[: len(code) - start]


@cache
def class_of(token: "_TokenType") -> str:
    """The nearest of our few classes; empty when it has none."""
    return next((CLASSES[part] for part in reversed(token) if part in CLASSES), "")


def span(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name and text else escape(text)


@cache
def lexer(language: str) -> "Lexer":
    # Not at the start: loading it takes longer than all the rest, and many communities never write code.
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415

    # People quote a few lines of PHP, without the <?php of a file; the others have no such option.
    return get_lexer_by_name(language, startinline=True)

"""Nothing that people are shown goes around the catalogues: a parse of all templates, scripts and raised errors."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.jslexer import Token, tokenize
from jinja2 import Environment, nodes

from app.errors import RoostError
from words.catalogues import FOR_OPERATORS, ROOT, extract

TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if not path.relative_to(ROOT).as_posix().startswith(FOR_OPERATORS)
]
SERVER = [
    path
    for path in sorted((ROOT / "app").rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(FOR_OPERATORS)
]
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)

NAMES = {"Roost", "X"}
"""Called the same in every language."""
KEYS = {"Alt", "Ctrl", "Enter", "Esc", "Shift", "Tab"}
NO_PROSE = {"code", "kbd", "script", "style"}
SHOWN_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "placeholder",
    "title",
}
TRANSLATED = {"_", "gettext", "ngettext"}

WORD = re.compile(r"(?<!#)\b[A-Za-z]{2,}")
"""No colour."""
SENTENCE = re.compile(r"^[A-Z][a-z’']+([ .,…?:]|$)|[a-z,;’] [a-z]{2,}[^-=\w]")
"""A string literal that is meant for people: it begins as a sentence does, or goes on as one."""
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"


# Templates


class Prose(HTMLParser):
    """Collects what a browser would show of a page: its text, and the attributes that are shown or spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value and is_prose(value)]
        if tag in NO_PROSE:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[-1]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open and is_prose(data):
            self.found.append(data.strip())


def is_prose(text: str) -> bool:
    return any(word not in NAMES for word in WORD.findall(text))


def bare_words(source: str) -> list[str]:
    """The words of a template's own markup that no catalogue gives."""
    prose = Prose()
    prose.feed(without_jinja(source))
    prose.close()
    return prose.found


def without_jinja(source: str) -> str:
    """The markup with a sign where a value or a translated text is put in."""
    return "".join(HOLE if kind == "variable_end" else text for kind, text in outside_of_trans(source))


def outside_of_trans(source: str) -> Iterator[tuple[str, str]]:
    """The markup between Jinja's braces, and where those of a value end."""
    within, block = False, None
    for _, kind, value in ENVIRONMENT.lex(source):
        if kind == "block_begin":
            block = ""
        elif block == "" and kind == "name":
            block = value
            within = {"trans": True, "endtrans": False}.get(value, within)
        elif not within and kind in {"data", "variable_end"}:
            yield kind, value


def literal_words(source: str) -> list[str]:
    """The strings inside a template's braces that are meant for people and are not handed to the catalogue."""
    tree = ENVIRONMENT.parse(source)
    translated = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATED
        for argument in call.args
    }
    return [
        each.value
        for each in tree.find_all(nodes.Const)
        if isinstance(each.value, str) and SENTENCE.search(each.value) and id(each) not in translated
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    assert bare_words(path.read_text()) == []
    assert literal_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Say hello</p>", ["Say hello"]),
        ('<p>{{ _("Say hello") }}</p>', []),
        ("<p>{% trans %}Say <b>hello</b>{% endtrans %}</p>", []),
        ("<p>{% trans %}Say{% endtrans %} hello</p>", ["hello"]),
        ("<p>{{ count }} members</p>", [f"{HOLE} members"]),
        ('<a title="Back to rooms" class="tool wide"></a>', ["Back to rooms"]),
        ("<a title=\"{{ _('Back to rooms') }}\"></a>", []),
        ('<input placeholder="Message #{{ room }}">', [f"Message #{HOLE}"]),
        ('<kbd>Enter</kbd><b>Roost</b> · {# says nothing #}{% include "partials/_art.html" %}', []),
    ],
)
def test_bare_words_are_found(markup: str, words: list[str]) -> None:
    assert bare_words(markup) == words


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('{{ "Try again" if failed }}', ["Try again"]),
        ('{% set title = "Welcome" %}', ["Welcome"]),
        ('{{ _("Try again") if failed else ngettext("One bird", "Many birds", 2) }}', []),
        ('<p class="{{ "note note--warn" if failed }}">', []),
    ],
)
def test_words_among_a_templates_expressions_are_found(markup: str, words: list[str]) -> None:
    assert literal_words(markup) == words


# Scripts

SAID_BY = {"t", "n"}
FOR_PROGRAMMERS = {"Error", "TypeError", "RangeError"}
SHOWN_BY = {"write", "toast"}
SHOWN_AS = {"textContent", "title", "placeholder", "ariaLabel", "innerText", "alt"}
NOT_FOR_PEOPLE = re.compile(
    r"^(Content-Type|X-Xsrftoken|(?:(?:Alt|Ctrl|Shift)\+)*(?:Alt|Ctrl|Cmd|Option|Shift|Enter|Escape|Tab|End|Home|Space|Delete|Backspace|Arrow\w+|Page\w+|F\d+))$"
)


def said_around(source: str) -> list[str]:
    """The string literals of a script that look meant for people, or are shown to them, and go around t and n."""
    tokens = [token for token in tokenize(source, jsx=False) if token.type not in {"linecomment", "multilinecomment"}]
    return [
        token.value
        for index, token in enumerate(tokens)
        if token.type in {"string", "template_string"}
        and caller(tokens, index) not in SAID_BY | FOR_PROGRAMMERS
        and (is_sentence(token) or (is_shown(tokens, index) and is_prose(text_of(token))))
    ]


def is_sentence(token: Token) -> bool:
    text = text_of(token)
    return SENTENCE.search(text) is not None and NOT_FOR_PEOPLE.match(text) is None


def is_shown(tokens: list[Token], index: int) -> bool:
    """Whether it is handed to what shows texts, or set as a property that is shown."""
    *_, target, sign = ["", "", *(token.value.rpartition(".")[2] for token in tokens[:index])]
    return caller(tokens, index) in SHOWN_BY or (target in SHOWN_AS and sign == "=")


def caller(tokens: list[Token], index: int) -> str:
    """The name of the function that the token is an argument of, or nothing."""
    depth = 0
    for at in range(index - 1, 0, -1):
        value = tokens[at].value
        if tokens[at].type == "operator":
            depth += (value in ")]}") - (value in "([{")
        if depth < 0:
            return tokens[at - 1].value if value == "(" else ""
    return ""


def text_of(token: Token) -> str:
    """Without its quotes; the values put into a template are holes."""
    return re.sub(r"\$\{[^}]*\}", HOLE, token.value[1:-1])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_words_of_its_own(path: Path) -> None:
    assert said_around(path.read_text()) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('const label = "Jump to latest";', ['"Jump to latest"']),
        ('const label = t("Jump to latest");', []),
        ('n("{count} new", "{count} new ones", count)', []),
        ("const label = `${count} people are typing`;", ["`${count} people are typing`"]),
        ('write(part(this, "count"), `${count} new`);', ["`${count} new`"]),
        ('element.title = "sent";', ['"sent"']),
        ('element.classList.add("msg msg--me"); app.on("changed", () => 1);', []),
        ('if (event.key === "Enter") throw new Error("there is no such room");', []),
    ],
)
def test_words_of_a_script_are_found(script: str, words: list[str]) -> None:
    assert said_around(script) == words


# Errors

FROM_A_SHELL = {"app/chat/imports.py"}
"""What only a command of manage.py calls."""


def sentences_put_together(source: str) -> list[str]:
    """Sentences of errors that are made where they are raised, so that no catalogue knows them."""
    return [
        ast.unparse(call.args[0])
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"BadRequest", "BadCommand", "said"}
        and not isinstance(call.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("path", SERVER, ids=lambda path: path.relative_to(ROOT / "app").as_posix())
def test_an_error_is_raised_with_a_sentence_that_a_catalogue_can_hold(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in FROM_A_SHELL:
        assert sentences_put_together(path.read_text()) == []


def test_a_sentence_that_is_put_together_is_found() -> None:
    assert sentences_put_together('raise BadRequest(f"At most {limit}.")') == ["f'At most {limit}.'"]
    assert sentences_put_together('raise BadRequest("At most {limit}.", limit=limit)') == []


def test_every_kind_of_error_has_its_sentence_in_the_catalogues() -> None:
    texts = extract()
    assert [kind for kind in every(RoostError) if kind.sentence not in texts] == []


def every(base: type[RoostError]) -> list[type[RoostError]]:
    return [base, *(found for below in base.__subclasses__() for found in every(below))]

"""The catalogues in the repository are whole, and what the code says and the server reads."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.handlers.languages import NAMES, SOURCE
from words.catalogues import FOLDERS, ROOT, compiled, extract, for_scripts, read, untranslated, written

SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
PAGE_WORDS = 12 * 1024
"""Bytes, compressed, that a page in another language may cost more."""
BIRDS = ("{count} bird", "{count} birds")

folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return extract()


def test_each_language_has_a_catalogue_but_the_one_the_code_is_written_in() -> None:
    assert {folder.parent.name for folder in FOLDERS} == NAMES.keys() - {SOURCE}


@folders
def test_a_catalogue_holds_the_texts_that_the_code_has_and_no_others(folder: Path, texts: Catalog) -> None:
    """`make words` brings them together again."""
    there = read(folder)
    fresh = read(folder)
    fresh.update(texts, no_fuzzy_matching=True)
    assert fresh.obsolete == {}
    assert [message.id for message in fresh if message.id and message.id not in there] == []
    assert written(fresh) == (folder / "roost.po").read_bytes()


@folders
def test_every_text_is_translated(folder: Path) -> None:
    assert list(untranslated(read(folder))) == []


@folders
def test_what_the_server_reads_is_made_from_what_people_edit(folder: Path) -> None:
    assert compiled(read(folder)) == (folder / "roost.mo").read_bytes()
    assert for_scripts(read(folder)) == (folder / "roost.json").read_bytes()


@folders
def test_a_page_carries_only_what_its_scripts_may_say(folder: Path) -> None:
    sent = (folder / "roost.json").read_text()
    assert "Today" in sent
    assert "That was too fast. Try again in {seconds} s." in sent
    assert "Find your perch" not in sent
    assert len(gzip.compress(sent.encode())) < PAGE_WORDS


def test_texts_are_found_in_templates_scripts_and_errors(texts: Catalog) -> None:
    for text, place in {
        "Find your perch": "templates/welcome.html",
        "{one} is typing": "static/js/elements/roost-typing.js",
        "You may not do this.": "app/errors.py",
        "A command holds at most {limit} bytes.": "app/handlers/commands.py",
    }.items():
        assert place in [path for path, _ in texts[text].locations]
    assert texts["{count} member"].id == ("{count} member", "{count} members")


def test_no_text_of_a_script_is_overlooked(texts: Catalog) -> None:
    """Babel's reader of JavaScript loses its way in what it does not know; a plain search finds such a text."""
    said = [found for path in SCRIPTS for found in re.findall(r'\b[tn]\(\s*"((?:[^"\\]|\\.)+)"', path.read_text())]
    assert len(said) > 10
    assert [text for text in said if text not in texts] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sign out", ""),
        ("Message #{room}", "Сообщение"),
        ("Message #{room}", "Сообщение в #{rom}"),
        ("Back to %(place)s", "Назад"),
        (BIRDS, ("{count} птица", "{count} птицы", "")),
        (BIRDS, ("{count} птица", "{count} птицы")),
        (BIRDS, ("{count} птица", "{count} птицы", "{counts} птиц")),
    ],
)
def test_what_a_translation_lacks_is_found(text: str | tuple[str, str], words: str | tuple[str, ...]) -> None:
    russian = Catalog("ru")
    russian.add(text, words)
    assert list(untranslated(russian)) == [text if isinstance(text, str) else text[0]]


def test_a_guess_that_nobody_looked_at_is_no_translation() -> None:
    russian = Catalog("ru")
    russian.add("Sign out", "Выйти", flags=["fuzzy"])
    assert list(untranslated(russian)) == ["Sign out"]


def test_what_is_whole_is_not_complained_of() -> None:
    russian = Catalog("ru")
    russian.add("Message #{room}", "Сообщение в #{room}")
    russian.add(BIRDS, ("Одна птица", "{count} птицы", "{count} птиц"))
    assert list(untranslated(russian)) == []

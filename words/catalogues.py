"""Texts out of the code, catalogues for people (.po) out of those, and from these what the server reads."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = sorted((ROOT / "locale").glob("*/LC_MESSAGES"))
SOURCES = {
    "templates/**/*.html": "jinja2.ext:babel_extract",
    "static/js/**/*.js": "javascript",
    "app/**/*.py": "python",
}
KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2),  # in templates
    "t": None, "n": (1, 2),  # in the page's scripts
    "said": None, "BadRequest": None, "BadCommand": None,  # in Python: errors and other sentences
}  # fmt: skip
FOR_OPERATORS = ("templates/set_up.html", "templates/standin.html", "app/management/", "app/storage/", "app/checks/")
"""Read by those who run a server, in English."""
ON_PAGES_ALONE = tuple(
    f"app/chat/{name}.py" for name in ("allow_list", "departure", "device_codes", "invites", "undoing", "webhooks")
)
"""Their refusals are answers to plain forms, which the server translates: no script ever says them."""
PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


def extract() -> Catalog:
    """Every text in the code that people are shown, with the files it stands in."""
    texts = Catalog(project="Roost", charset="utf-8", fuzzy=False)
    for path, method in _sources():
        options = {"trimmed": "true", "newstyle_gettext": "false", "jsx": ""}
        for _, text, comments, context in extract_from_file(method, path, KEYWORDS, ["Words:"], options):
            texts.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)], auto_comments=comments, context=context)
    return texts


def read(folder: Path) -> Catalog:
    """The catalogue that people edit."""
    file = folder / "roost.po"
    return (
        read_po(io.BytesIO(file.read_bytes()), locale=folder.parent.name)
        if file.exists()
        else Catalog(folder.parent.name)
    )


def update(folder: Path, texts: Catalog) -> None:
    """Write `texts` into the folder's .po, keeping what is translated; a text that the code has no more goes."""
    catalogue = read(folder)
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    (folder / "roost.po").write_bytes(written(catalogue))


def written(catalogue: Catalog) -> bytes:
    """As a .po file, without what would differ from run to run."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.format(plurals=catalogue.plural_forms).encode() + buffer.getvalue()


HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""


def compile_all(folder: Path) -> None:
    """What the server reads: the .mo for pages, the .json for their scripts."""
    catalogue = read(folder)
    (folder / "roost.mo").write_bytes(compiled(catalogue))
    (folder / "roost.json").write_bytes(for_scripts(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    # Babel notes the present moment, and the same texts would be another file.
    catalogue.creation_date = datetime.fromtimestamp(0, UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def for_scripts(catalogue: Catalog) -> bytes:
    """The texts that scripts say or hear from the server, by their English: a text, or its plural forms in order."""
    texts = {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in catalogue
        if message.id and message.string and any(_is_said_by_scripts(path) for path, _ in message.locations)
    }
    return msgspec.json.format(msgspec.json.encode(texts), indent=1) + b"\n"


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """The texts that lack words, a plural form or a placeholder, and those that nobody has looked at."""
    for message in catalogue:
        if message.id and (message.fuzzy or not _is_whole(message, catalogue.num_plurals)):
            yield _forms(message.id)[0]


def _sources() -> Iterator[tuple[Path, str]]:
    for pattern, method in SOURCES.items():
        for path in sorted(ROOT.glob(pattern)):
            if not path.relative_to(ROOT).as_posix().startswith(FOR_OPERATORS):
                yield path, method


def _is_said_by_scripts(path: str) -> bool:
    """The server's errors reach scripts over the wire in English."""
    return path.startswith(("static/js/", "app/")) and not path.startswith(("app/handlers/", *ON_PAGES_ALONE))


def _is_whole(message: Message, plurals: int) -> bool:
    forms, words = _forms(message.id), _forms(message.string)
    many = len(forms) > 1
    return (
        len(words) == (plurals if many else 1)
        and all(words)
        and all(_places(word) <= _places(forms[-1]) for word in words)
        and all(_places(word) | ({"count"} if many else set()) >= _places(forms[-1]) for word in words)
    )


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _places(text: str) -> set[str]:
    return {one or other for one, other in PLACE.findall(text)}

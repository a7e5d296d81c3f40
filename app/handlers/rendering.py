"""Jinja2 for Roost's pages: the environment, its few globals and its filters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.chat.events import avatar_address
from app.handlers.languages import NAMES, Words
from app.models import Card, Preferences
from app.render import names
from app.render.mentions import Named
from app.render.sizes import fitted, size_in_words

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class AssetUrls(Protocol):
    """Where the built files are found; `app.assets.Assets` is one."""

    @property
    def stylesheet(self) -> str: ...
    @property
    def import_map(self) -> str: ...
    def modules(self, entry: str, *later: str) -> list[str]: ...
    def url(self, path: str) -> str: ...
    def integrity(self, path: str) -> str: ...


class PageSettings(Protocol):
    @property
    def community_name(self) -> str: ...
    @property
    def debug(self) -> bool: ...
    @property
    def link_cards(self) -> bool: ...


class Person(Named, Protocol):
    @property
    def avatar(self) -> str | None: ...


class Message(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def day(self) -> str | None: ...
    @property
    def mine(self) -> bool: ...


@dataclass
class Day:
    """One calendar day of the log: `key` is YYYY-MM-DD, `label` what a reader calls it."""

    key: str
    label: str
    messages: list[Message] = field(default_factory=list)


def make_pages(assets: AssetUrls, settings: PageSettings, languages: dict[str, Words]) -> dict[str, Environment]:
    """An environment for each language, by its code."""
    return {code: make_environment(assets, settings, words) for code, words in languages.items()}


def make_environment(assets: AssetUrls, settings: PageSettings, words: Words) -> Environment:
    """The environment all pages in one language are rendered with: autoescape on, and a missing name is an error.

    Every template may use `community_name`, `link_cards`, `asset(path)`, `integrity(path)`, `stylesheet()`,
    `import_map()`, `module_urls(entry, *later)`, `json_script(value)`, `language`, `languages`, `direction`,
    `page_words()` and `preferences`, the defaults of those who are not signed in, without being given them, and say its
    texts by `_("…")`, `ngettext("…", "…", count)` and {% trans %} (CONTRIBUTING.md, "Languages"). A macro that is
    imported sees the environment's names alone, which is why each language has its own.
    """
    script = page_words(words)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.debug,
    )
    environment.globals.update(
        community_name=settings.community_name,
        link_cards=settings.link_cards,
        asset=assets.url,
        integrity=assets.integrity,
        stylesheet=lambda: assets.stylesheet,
        import_map=lambda: Markup(assets.import_map),  # noqa: S704  must be byte for byte what the policy's hash covers
        module_urls=assets.modules,
        json_script=json_script,
        preferences=Preferences(),
        languages=NAMES,
        language=words.language,
        direction=words.direction,
        page_words=lambda: script,
        _=words.text,
        gettext=words.text,
        ngettext=words.number,
        blank_message=_blank_message(),
        blank_card=Card(url="", title=""),
        blank_files={kind: _blank_file(kind) for kind in ("image", "video", "audio", "file")},
        blank_quote=_blank_quote(),
        blank_busy=_blank_busy(),
        blank_listed=_blank_listed(),
        blank_row=_blank_row(),
        blank_talk=_blank_talk(),
        blank_found_message=_blank_found_message(),
        blank_found=SimpleNamespace(rows=[], last=True),
        blank_hit=_blank_hit(),
        blank_search=SimpleNamespace(
            text="", rows=[], chips=[], filters=(), told="", before=None, problem="", is_none=False
        ),
        blank_replies=SimpleNamespace(people=[], count=0, at=None, at_label=""),
        blank_thread=_blank_thread(),
        blank_threads=SimpleNamespace(rows=[], last=True),
        blank_digest=SimpleNamespace(is_known=False, rooms=[], count=0, here=[], more=0),
        blank_day=Day(key="", label=""),
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(
        avatar_address=avatar_address,
        by_day=by_day,
        clock_time=clock_time,
        file_size=partial(file_size, words),
        first_new=first_new,
        fitted=lambda file: fitted(file.thumb_width, file.thumb_height),
        initials=initials,
        iso=iso,
        tint=tint,
    )
    return environment


def _blank_hit() -> SimpleNamespace:
    author = SimpleNamespace(id=0, handle="", name="", avatar=None)
    where = {"key": "", "icon": "hash", "room_name": "", "path": "", "at": None, "at_label": ""}
    return SimpleNamespace(author=author, kind="msg", html="", before=None, after=None, **where)


def _blank_message() -> SimpleNamespace:
    """What the partial is rendered with to become the page's <template>."""
    author = SimpleNamespace(id=0, handle="", name="", avatar=None)
    flags = {"grouped": False, "mine": False, "folded": False, "gone": None, "for_me": False}
    more: dict[str, Any] = {"edited": None, "edited_label": "", "card": None, "pinned_by": None, "quote": None}
    empty: dict[str, Any] = {
        "number": "",
        "at": None,
        "at_ms": "",
        "html": "",
        "kind": "msg",
        "day": None,
        "reactions": [],
        "thread": None,
        "files": [],
    }
    return SimpleNamespace(author=author, **empty, **flags, **more)


def _blank_file(kind: str) -> SimpleNamespace:
    return SimpleNamespace(id="", url="", name="", size=0, kind=kind, thumb="", thumb_width=0, thumb_height=0, alt="")


def _blank_row() -> dict[str, Any]:
    room = SimpleNamespace(id="", slug="", name="", kind="public")
    flags = {"favourite": False, "muted": False, "is_new": False}
    return {"room": room, "talk": None, "count": 0, "for_me": 0, **flags}


def _blank_busy() -> SimpleNamespace:
    room = SimpleNamespace(id="", slug="", name="", kind="public")
    author = SimpleNamespace(name="")
    return SimpleNamespace(
        room=room, talk=None, author=author, text="", kind="msg", folded=False, at=None, at_label="", unread=""
    )


def _blank_talk() -> dict[str, Any]:
    face = SimpleNamespace(id=0, handle="", name="", avatar=None)
    room = SimpleNamespace(id="", slug="", kind="direct")
    return _blank_row() | {"room": room, "talk": SimpleNamespace(title="", face=face, is_here=False, is_idle=False)}


def _blank_found_message() -> SimpleNamespace:
    room = SimpleNamespace(id="", slug="", name="", kind="public")
    author = SimpleNamespace(id=0, handle="", name="", avatar=None)
    empty = {"id": "", "number": "", "html": "", "quote": None, "is_new": False, "at": None, "at_label": ""}
    empty |= {"room_id": "", "root": None, "kind": "msg"}
    return SimpleNamespace(room=room, talk=None, author=author, **empty)


def _blank_quote() -> SimpleNamespace:
    return SimpleNamespace(number="", author=SimpleNamespace(id=0, handle="", name="", avatar=None), line="")


def _blank_thread() -> SimpleNamespace:
    return SimpleNamespace(**vars(_blank_found_message()) | {"gone": False, "unread": 0, "count": 0})


def _blank_listed() -> SimpleNamespace:
    room = SimpleNamespace(id="", slug="", name="", topic="", kind="public", members=0, archived_at=None)
    return SimpleNamespace(room=room, joined=False, at=None, at_label="")


def json_script(value: Any, element_id: str = "boot") -> Markup:
    """A <script type="application/json"> that holds `value` for the page's script.

    `<`, `>` and `&` become \\u escapes, so no string in it can end the element or open a comment
    (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
    """
    text = msgspec.json.encode(value).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup('<script type="application/json" id="{}">{}</script>').format(element_id, Markup(text))  # noqa: S704


def page_words(words: Words) -> Markup:
    """The texts that the page's script says; nothing where they are English."""
    texts = words.for_page()
    return json_script(texts, "words") if texts else Markup()


def by_day(messages: Iterable[Message]) -> list[Day]:
    """Messages in days; a new one begins at each message whose `day` is not None."""
    days: list[Day] = []
    for message in messages:
        if message.day is not None or not days:
            days.append(Day(key=message.at.date().isoformat(), label=message.day or message.at.date().isoformat()))
        days[-1].messages.append(message)
    return days


def first_new(messages: Iterable[Message], read_number: int) -> int | None:
    """The number of the first message past the read mark that somebody else wrote, or None."""
    return next((message.number for message in messages if message.number > read_number and not message.mine), None)


def initials(person: Person) -> str:
    return names.initials(person.name, person.handle)


def tint(person: Person) -> str:
    """The class that colours a person's egg."""
    return f"tint-{names.tint(person.id)}"


def iso(moment: datetime | None) -> str:
    """`moment` as a machine reads it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def file_size(words: Words, size: int) -> str:
    text, number = size_in_words(size)
    return words.text(text, size=number)


def clock_time(moment: datetime | None) -> str:
    """HH:MM in UTC; the page's script turns it to the reader's own clock."""
    return moment.astimezone(UTC).strftime("%H:%M") if moment else ""

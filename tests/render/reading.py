"""What a browser sees in the HTML of a message."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from app.render.allowed import ATTRIBUTES, CLASSES, TAGS, VALUES

HERE = "https://chat.example.org"
EMPTY = {"br"}


def read_cases(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


class Reading(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others = 0
        self.open: list[str] = []
        self.deepest = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self.text += "\n"
        if tag not in EMPTY:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others += 1

    def handle_decl(self, decl: str) -> None:
        self.others += 1

    def handle_pi(self, data: str) -> None:
        self.others += 1

    def unknown_decl(self, data: str) -> None:
        self.others += 1

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


def is_allowed(html: str) -> None:
    """Nothing but the allow-list, well nested; links of the three schemes, marked as ours are."""
    seen = Reading(html)
    assert seen.others == 0
    assert seen.open == []
    for tag, attributes in seen.tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | set(VALUES.get(tag, ())) | (
            {"class"} & {*has_class(tag)}
        )
        assert attributes.get("class") in {None, *CLASSES.get(tag, ())}
        if tag == "a":
            is_allowed_link(attributes)


def has_class(tag: str) -> list[str]:
    return ["class"] if tag in CLASSES else []


def is_allowed_link(attributes: dict[str, str | None]) -> None:
    href = attributes["href"]
    assert href
    assert href.lower().startswith(("http://", "https://", "mailto:"))
    assert href.isprintable()
    assert " " not in href
    assert attributes["rel"] == "noopener noreferrer nofollow ugc"
    assert attributes.get("target") == (None if href == HERE or href.startswith(f"{HERE}/") else "_blank")

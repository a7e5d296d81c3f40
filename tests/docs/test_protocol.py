"""docs/protocol.md names every command, every event, every field and every error code, and no others."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from app.errors import RoostError, SettingsError, SignInFailed
from app.models import Preferences
from app.protocol.close_codes import CloseCode, should_come_back
from app.protocol.commands import AnyCommand
from app.protocol.events import AnyEvent, Draft, Listing, Message, Person, Problem, Room
from app.protocol.fields import DRAFT_LIMIT, DRAFTS_LIMIT, FRAME_LIMIT, PAGE_LIMIT, TEXT_LIMIT
from app.protocol.public import MessageGone, MessageShown, ReadingEnded, TooMuchMissed
from tests.support.frame_cases import CASES
from tests.support.handshake_cases import HANDSHAKES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text()
NOT_ON_THE_WIRE = (SettingsError, SignInFailed)


@cache
def sections(part: str) -> dict[str, list[str]]:
    """The text below each `### ` heading of a `## ` part, by the name in the heading."""
    body = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (chosen,) = [each for each in body if each.startswith(f"{part}\n")]
    found = re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", chosen, re.MULTILINE | re.DOTALL)
    return {name: [text for other, text in found if other == name] for name, _ in found}


def tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


def fields(kind: type[msgspec.Struct]) -> set[str]:
    return set(kind.__struct_fields__)


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


@pytest.mark.parametrize(("part", "union"), [("Commands", AnyCommand), ("Events", AnyEvent)])
def test_each_has_one_heading_and_there_are_no_others(part: str, union: object) -> None:
    found = sections(part)
    assert set(found) == {tag(kind) for kind in get_args(union)}
    assert all(len(texts) == 1 for texts in found.values())


@pytest.mark.parametrize("kind", get_args(AnyCommand), ids=tag)
def test_a_section_names_the_fields_of_its_command(kind: type[msgspec.Struct]) -> None:
    (text,) = sections("Commands")[tag(kind)]
    assert fields(kind) - {"ref"} <= named(text)


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=tag)
def test_a_section_names_the_fields_of_its_event(kind: type[msgspec.Struct]) -> None:
    (text,) = sections("Events")[tag(kind)]
    assert fields(kind) <= named(text)


@pytest.mark.parametrize("kind", [MessageShown, MessageGone, TooMuchMissed, ReadingEnded], ids=tag)
def test_what_readers_without_an_account_are_told_is_named_field_by_field(kind: type[msgspec.Struct]) -> None:
    (text,) = re.findall(rf"^- \*\*`{tag(kind)}`\*\*: (.*?)(?=^- |^$)", PAGE, re.MULTILINE | re.DOTALL)
    assert fields(kind) <= named(text)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("person", Person),
        ("message", Message),
        ("draft", Draft),
        ("preferences", Preferences),
        ("room", Room),
        ("listing", Listing),
    ],
)
def test_the_shapes_inside_events_are_named_field_by_field(shape: str, kind: type[msgspec.Struct]) -> None:
    (text,) = re.findall(rf"^- \*\*{shape}\*\*: (.*?)(?=^- |^$)", PAGE, re.MULTILINE | re.DOTALL)
    assert fields(kind) <= named(text)


def test_the_error_table_names_the_fields_and_every_code() -> None:
    (text,) = sections("Events")["error"]
    assert fields(Problem) <= named(text)
    assert {error.code for error in every(RoostError) if not issubclass(error, NOT_ON_THE_WIRE)} <= named(text)


def every(base: type[RoostError]) -> list[type[RoostError]]:
    return [base, *(found for below in base.__subclasses__() for found in every(below))]


def test_the_numbers_are_those_of_the_code() -> None:
    for number in (TEXT_LIMIT, DRAFT_LIMIT, DRAFTS_LIMIT, FRAME_LIMIT, PAGE_LIMIT):
        assert f"{number:,}" in PAGE


def test_our_close_codes_are_told_with_whether_to_come_back() -> None:
    rows = re.findall(r"^\| ([0-9, ]+) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    told = {int(code): answer for codes, _, answer in rows for code in codes.split(", ")}
    for code in CloseCode:
        assert code in told, f"{code!r} is missing"
        expected = "yes" if should_come_back(code) else "no"
        assert expected in told[code], f"{code!r}: {told[code]}"


def test_it_counts_the_cases_of_every_part_of_rfc_6455() -> None:
    cited = [case.section for case in HANDSHAKES] + [case.section for case in CASES]
    sections = Counter(section.partition(".")[0] for section in cited)
    said = re.findall(r"(\d+)\s+of\s+section\s+(\d)", PAGE)
    assert {section: int(count) for count, section in said} == sections
    assert sections.keys() == {"4", "5", "7", "8"}

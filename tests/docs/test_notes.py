"""docs/notes.md explains every number that comments cite, and comments cite nothing that is not in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTES = ROOT / "docs" / "notes.md"
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
FOLDERS = ("app", "clients", "tests", "static", "docs")
LISTING = ROOT / "docs" / "security.md"
"""Has a row for every S, whether anything cites it or not."""
KINDS = {".py", ".js", ".mjs", ".css", ".md"}
EXPLAINED = re.findall(r"^- \*\*([SXHP]\d+)\*\* .", NOTES.read_text(), re.MULTILINE)
# Whole documents, or places in them, that only their authors can look up.
ELSEWHERE = re.compile(r"\b(?:SECURITY|SIGNIN|HOSTING|PERFORMANCE|ARCHITECTURE|DESIGN|FEATURES)\b(?!\.md| [SXHP]\d)")


def texts() -> Iterator[str]:
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in KINDS and path not in (NOTES, LISTING, Path(__file__)):
                yield path.read_text()


def cited(letters: str) -> list[str]:
    """The numbers with these letters, in their order: S1, S2, X4."""
    found = {
        (letter, int(number))
        for text in texts()
        for letter, number in re.findall(rf"(?<!%)\b([{letters}])(\d{{1,2}})\b", text)
    }
    return [f"{letter}{number}" for letter, number in sorted(found)]


def test_each_number_that_is_cited_has_its_line_and_each_line_is_cited() -> None:
    assert sorted(EXPLAINED) == sorted(cited("SXHP"))


@pytest.mark.parametrize("promise", cited("D"))
def test_each_promise_that_is_cited_is_in_the_protocol(promise: str) -> None:
    assert f"- **{promise}. " in PROTOCOL


@pytest.mark.parametrize("fault", cited("F"))
def test_each_fault_that_is_cited_has_its_file(fault: str) -> None:
    assert list((ROOT / "tests" / "faults").glob(f"test_f{int(fault[1:]):02}_*.py"))


def test_nothing_is_cited_that_is_not_in_the_repository() -> None:
    assert [found for text in texts() for found in ELSEWHERE.findall(text)] == []

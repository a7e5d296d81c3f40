"""The page's script, as far as it runs without a browser: its own tests, and what it shares with the server."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from app.assets import Assets
from app.chat.access import shut_by
from app.chat.rights import can, may_call, outranks
from app.chat.room_names import room_name, slug_of
from app.handlers.languages import every_language
from app.models import Membership, Role, Room, RoomRole, User, Visitor
from app.protocol.close_codes import CloseCode, should_come_back
from app.render.sizes import size_in_words
from app.storage.name_words import fold

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "static" / "js"
TESTS = ROOT / "tests" / "js"

ROOM = Room(7, "annex", "Annex", "", "public", 0, 1, 0, 1, 0)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="the tests of the page's script need node")


def node(*arguments: str) -> str:
    """What node prints, with the page's import map in force. Fails with node's own words."""
    command = ["node", "--import", (TESTS / "register.mjs").as_uri(), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_node
@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_script_passes_its_own_tests(path: Path) -> None:
    assert "# fail 0" in node("--test", "--test-reporter=tap", str(path))


@needs_node
def test_every_script_is_one_still_as_it_is_sent(tmp_path: Path) -> None:
    """A comment in a template literal within another one, for example, would end there."""
    assets = Assets()
    for path in SCRIPTS.rglob("*.js"):
        asset = assets.find(f"js/{path.relative_to(SCRIPTS).as_posix()}")
        assert asset is not None
        (tmp_path / path.relative_to(SCRIPTS).as_posix().replace("/", "-")).write_bytes(asset.body)
    program = (
        'import { readdirSync, readFileSync } from "node:fs"; import { SourceTextModule } from "node:vm";'
        f"const folder = {json.dumps(str(tmp_path))};"
        "const names = readdirSync(folder);"
        'for (const identifier of names) new SourceTextModule(readFileSync(`${folder}/${identifier}`, "utf8"));'
        "console.log(names.length);"
    )
    read = int(node("--experimental-vm-modules", "--input-type=module", "--eval", program))
    assert read == len(list(SCRIPTS.rglob("*.js")))


@needs_node
def test_the_page_comes_back_after_the_same_closings_as_every_client() -> None:
    codes = [*range(1000, 1016), *range(2990, 4010)]
    program = (
        'import { afterClose } from "roost/core/close_codes.js";'
        f"console.log(JSON.stringify({codes}.map((code) => afterClose(code))))"
    )
    answers = json.loads(node("--input-type=module", "--eval", program))
    assert [answer == "come-back" for answer in answers] == [should_come_back(code) for code in codes]
    by_code = dict(zip(codes, answers, strict=True))
    assert [by_code[code] for code in (CloseCode.SESSION_ENDED, CloseCode.NOT_SIGNED_IN)] == ["sign-in", "sign-in"]
    assert by_code[CloseCode.TOO_MANY_CONNECTIONS] == "stay-away"


@needs_node
def test_the_page_writes_the_size_of_a_file_as_the_server_does() -> None:
    sizes = [0, 1, 999, 1_000, 1_049, 1_050, 1_849, 9_949, 9_960, 10_500, 212_400, 999_999, 1_800_000, 25 * 10**6]
    program = (
        'import { writtenSize } from "roost/core/sizes.js";'
        f"console.log(JSON.stringify({sizes}.map((size) => writtenSize(size))))"
    )
    words = every_language()["en"]
    written = [words.text(text, size=number) for text, number in map(size_in_words, sizes)]
    assert json.loads(node("--input-type=module", "--eval", program)) == written


@needs_node
def test_the_page_folds_names_as_the_server_does() -> None:
    alphabets = ((0x20, 0x250), (0x370, 0x590), (0x1E00, 0x2000), (0x3041, 0x3100), (0xAC00, 0xAC80), (0xFB00, 0xFB07))
    names = [
        *("".join(map(chr, range(start, start + 16))) for first, end in alphabets for start in range(first, end, 16)),
        *("Grace Okafor", "Øyvind Łukasz", "GROß", "İpek Işıl", "Οδυσσεύς", "Jose\u0301"),
        *("\U0001d4d0\U0001d4ed\U0001d4ea", "नमस्ते", "田中太郎", "ﷺ"),
    ]
    program = (
        'import { fold } from "roost/core/folding.js";'
        f"console.log(JSON.stringify({json.dumps(names)}.map((name) => fold(name))))"
    )
    assert json.loads(node("--input-type=module", "--eval", program)) == [fold(name) for name in names]


@needs_node
def test_the_page_offers_in_a_room_what_the_server_allows() -> None:
    cases = [
        (role, in_room, room)
        for role in get_args(Role)
        for in_room in get_args(RoomRole)
        for room in (
            ROOM,
            replace(ROOM, posting="moderators", slow_seconds=30, members=20),
            replace(ROOM, archived_at=1, members=21),
        )
    ]
    shown = [[{"role": role}, shown_in_js(in_room, room)] for role, in_room, room in cases]
    program = (
        'import { mayCall, mayMute, mayOffer, moderates, shutBy, waitIn } from "roost/core/rights.js";'
        f"console.log(JSON.stringify({json.dumps(shown)}.map(([person, room]) =>"
        "[moderates(person, room), mayOffer(person), shutBy(person, room), waitIn(person, room),"
        "mayCall(person, room), mayMute(person)])))"
    )
    assert json.loads(node("--input-type=module", "--eval", program)) == [allowed(*case) for case in cases]


def shown_in_js(in_room: RoomRole, room: Room) -> dict[str, Any]:
    """A room as static/js/core/room.js keeps it."""
    archived = room.archived_at is not None
    told = {"kind": room.kind, "members": room.members}
    return told | {"role": in_room, "posting": room.posting, "slow": room.slow_seconds, "archived": archived}


def allowed(role: Role, in_room: RoomRole, room: Room) -> list[Any]:
    visitor = in_role(role)
    membership = Membership(room.id, 1, 0, 1, 0, role=in_room)
    moderates, offers = (can(visitor, action, membership) for action in ("room.change", "room.offer"))
    assert {can(visitor, action, membership) for action in ("room.announce", "room.remove")} == {moderates}
    wait = 0 if can(visitor, "room.announce", membership) else room.slow_seconds
    calls, mutes = may_call(visitor, room, membership), can(visitor, "member.mute")
    return [moderates, offers, shut_by(visitor, room, membership, 0), wait, calls, mutes]


@needs_node
def test_the_page_offers_to_restrain_those_alone_who_rank_below() -> None:
    pairs = [(role, other) for role in get_args(Role) for other in get_args(Role)]
    program = (
        'import { mayRestrain } from "roost/core/rights.js";'
        f"console.log(JSON.stringify({json.dumps(pairs)}"
        ".map(([role, other]) => mayRestrain({ role }, { role: other }))))"
    )
    may = [can(in_role(role), "member.mute") and outranks(in_role(role), in_role(other).user) for role, other in pairs]
    assert json.loads(node("--input-type=module", "--eval", program)) == may


def in_role(role: Role) -> Visitor:
    return Visitor(User(1, "x", "ada", "Ada", "person", role, 0))


@needs_node
def test_the_page_makes_the_address_of_a_name_as_the_server_does() -> None:
    names = [
        "Tide sensors", "  Tea & cake!  ", "Straße 9", "ΟΔΥΣΣΕΥΣ", "Морские датчики", "İstanbul", "\ufb01sh",
        "田中 太郎", "नमस्ते दुनिया", "a" * 39 + ".", "-x-", "e\u0301te\u0301", "Release 0.4", "🐦 bird",
    ]  # fmt: skip
    nameless = ["", "!?", "🐦"]
    program = (
        'import { slugOf } from "roost/core/room_names.js";'
        f"console.log(JSON.stringify({json.dumps(names + nameless)}.map((name) => slugOf(name))))"
    )
    made = json.loads(node("--input-type=module", "--eval", program))
    assert made == [slug_of(room_name(name)) for name in names] + [""] * len(nameless)


def test_no_script_makes_html_but_those_that_draw_messages() -> None:
    makers = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|\beval\b|new Function")
    found = {path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js") if makers.search(path.read_text())}
    assert found == {"elements/body.js", "public.js"}


def test_scripts_name_each_other_as_the_import_map_does() -> None:
    for path in SCRIPTS.rglob("*.js"):
        for name in re.findall(r'^import (?:.*? from )?"(.*?)";$', path.read_text(), re.MULTILINE):
            assert name.startswith("roost/"), f"{path.name} imports {name}"
            assert (SCRIPTS / name.removeprefix("roost/")).is_file(), f"{path.name} imports {name}"


def test_what_scripts_clone_is_in_the_page() -> None:
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    there = set(re.findall(r'<template id="([\w-]+)"', pages))
    cloned = {name for path in SCRIPTS.rglob("*.js") for name in re.findall(r'"([\w-]+-template)"', path.read_text())}
    assert cloned == there

"""The command in a process of its own, at a real server."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from app.chat import editing, messages, removal
from clients.command_line import DONE, INTERRUPTED, NOT_SIGNED_IN, PIPE_CLOSED, REFUSED, UNREACHABLE, USAGE
from tests.clients.site import Site
from tests.clients.terminal import Terminal
from tests.support.house import new_nonce

HOSTILE = json.loads((Path(__file__).parent / "hostile.json").read_text())


@pytest.fixture
async def terminal(site: Site, tmp_path: Path) -> Terminal:
    token = await site.token("ada_l")
    return Terminal(tmp_path / "home", ROOST_SERVER=site.url, ROOST_TOKEN=token)


async def said_in(site: Site, room: int = 1) -> list[str]:
    visitor = await site.visitor("ada_l")
    page = await messages.page(site.services, visitor, room, limit=100)
    return [message.text for message in page.messages]


async def post(site: Site, text: str, handle: str = "bo") -> int:
    visitor = await site.visitor(handle)
    posted = await (await messages.post(site.services, visitor, 1, new_nonce(), text))
    return posted.message.number


async def test_rooms_are_listed_with_what_is_unread(site: Site, terminal: Terminal) -> None:
    await post(site, "hello @ada_l")
    status, said, _ = await terminal.run("rooms")
    assert status == DONE
    assert re.fullmatch(r"general +1 unread, 1 for you\n", said)


async def test_a_text_is_posted(site: Site, terminal: Terminal) -> None:
    assert await terminal.run("send", "general", "hello") == (DONE, "", "")
    assert await said_in(site) == ["hello"]


async def test_what_comes_by_a_pipe_is_one_message(site: Site, terminal: Terminal) -> None:
    assert await terminal.run("send", "#general", given=b"two\nlines\n") == (DONE, "", "")
    assert await said_in(site) == ["two\nlines"]


async def test_or_a_message_for_each_line(site: Site, terminal: Terminal) -> None:
    lines = [f"line {number}" for number in range(40)]
    given = "\n".join([*lines[:20], "", *lines[20:]]).encode()
    assert await terminal.run("send", "general", "--lines", given=given) == (DONE, "", "")
    assert await said_in(site) == lines


async def test_what_is_refused_is_said_again(site: Site, terminal: Terminal) -> None:
    long = "m" * 4_001
    status, _, complained = await terminal.run("send", "general", "--lines", given=f"one\n{long}\ntwo\n".encode())
    assert status == REFUSED
    assert long in complained
    assert await said_in(site) == ["one", "two"]


async def test_tail_shows_the_newest_and_what_follows(site: Site, terminal: Terminal) -> None:
    for number in range(12):
        await post(site, f"word {number}")
    tail = await terminal.start("tail", "general")
    shown = [await tail.line() for _ in range(10)]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d @bo word 2", shown[0])
    assert shown[-1].endswith(" word 11")
    number = await post(site, "to be edited")
    assert (await tail.line()).endswith("@bo to be edited")
    bo = await site.visitor("bo")
    await editing.edit(site.services, bo, 1, number, "edited\nin two lines")
    assert (await tail.line()).endswith(f"message {number} was edited: @bo edited ↵ in two lines")
    await removal.remove(site.services, bo, 1, number)
    assert await tail.line() == f"-- message {number} was removed"
    assert await tail.interrupt() == (INTERRUPTED, "", "")


async def test_tail_since_a_number(site: Site, terminal: Terminal) -> None:
    for number in range(12):
        await post(site, f"word {number}")
    tail = await terminal.start("tail", "general", "--since", "1")
    assert (await tail.line()).endswith("word 1")
    await tail.interrupt()


async def test_tail_in_json(site: Site, terminal: Terminal) -> None:
    await post(site, HOSTILE[0])
    tail = await terminal.start("tail", "general", "--json")
    event = json.loads(await tail.line())
    assert event["type"] == "message.posted"
    assert event["message"]["text"] == HOSTILE[0]
    await tail.interrupt()


async def test_tail_lasts_over_a_break(site: Site, terminal: Terminal) -> None:
    tail = await terminal.start("tail", "general")
    await post(site, "before")
    assert (await tail.line()).endswith("@bo before")
    site.proxy.cut()
    await post(site, "after")
    assert (await tail.line()).endswith("@bo after")
    await tail.interrupt()


async def test_nothing_hostile_is_printed(site: Site, terminal: Terminal) -> None:
    texts = [text for text in HOSTILE if "\0" not in text and text.isprintable() is False]
    for text in texts:
        await post(site, f"a{text.encode('utf-8', 'replace').decode()}b")
    tail = await terminal.start("tail", "general", "--since", "0")
    for _ in texts:
        line = await tail.line()
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", line), line
    await tail.interrupt()


async def test_nobody_reads_it_any_more(site: Site, terminal: Terminal) -> None:
    tail = await terminal.start("tail", "general")
    await post(site, "one")
    await tail.line()
    await tail.deaf()
    await post(site, "two")
    await post(site, "three")
    assert await asyncio.wait_for(tail.process.wait(), 10) == PIPE_CLOSED
    assert tail.process.stderr is not None
    assert await tail.process.stderr.read() == b""


async def test_each_trouble_has_a_status(site: Site, terminal: Terminal, tmp_path: Path) -> None:
    stranger = Terminal(tmp_path / "nobody")
    wrong = Terminal(tmp_path / "nobody", ROOST_SERVER=site.url, ROOST_TOKEN="roost_wrong")
    found = await asyncio.gather(
        terminal.run("send", "nowhere", "hello"),
        terminal.run("--server", "ftp://here", "rooms"),
        stranger.run("rooms"),
        wrong.run("rooms"),
        stranger.run("login", "http://127.0.0.1:1"),
    )
    assert [status for status, _, _ in found] == [REFUSED, USAGE, NOT_SIGNED_IN, NOT_SIGNED_IN, UNREACHABLE]
    assert all(said == "" and complained.startswith("roost: ") for _, said, complained in found)

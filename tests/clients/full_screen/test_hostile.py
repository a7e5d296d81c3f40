"""A server that says the worst there is, and every byte that then reaches a terminal (SECURITY S37)."""

import asyncio
import fcntl
import html
import os
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import msgspec

from app.protocol import events
from app.protocol.events import AnyEvent, Card, File, Person, Reaction
from tests.clients.rows import message, row
from tests.clients.test_safe_text import HOSTILE

ROOT = Path(__file__).parents[3]
PATIENCE = 30.0
LAST = "the last word"
DRAFTED, AMENDED = "drafted", "amended"
NAMED = [text for text in HOSTILE if not any("\ud800" <= letter <= "\udfff" for letter in text)]
"""Halves of surrogate pairs do not come through JSON."""
SHORT = [" ".join(NAMED[place::2]) for place in range(2)]
"""All of it, in texts that a composer shows whole."""

# What Textual itself says to a terminal: colours, places, modes by name, questions about them, the keyboard's protocol,
# the shape of the pointer.
OURS = re.compile(
    r"\x1b\[[0-9;]*m|\x1b\[\d+;\d+H|\x1b\[[<>]\d*u|\x1b\[\?(?:2026|2048)\$p|\x1b\]22;(?:default|text|pointer)\x07"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
)
ACTS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def marked(place: int) -> str:
    """Markup of Rich and Textual, too, is nothing but text."""
    return f"q{place}q{NAMED[place % len(NAMED)]}[red]x[/red]"


def people() -> list[Person]:
    return [Person(1, "ada_l", marked(0)), *(Person(2 + place, marked(place), marked(place)) for place in range(40))]


def said() -> list[events.Message]:
    found = []
    for place in range(len(NAMED)):
        text = marked(place)
        escaped = html.escape(text)
        code = f'<pre data-language="{escaped}"><code>{escaped}</code></pre>'
        link = f'<a href="https://x.org/{escaped}">{escaped}</a>{code}'
        found.append(
            message(
                place + 1,
                author=2 + place,
                text=text,
                html=f"{escaped}<strong>{escaped}</strong>{link}",
                files=[File("0" * 32, f"/files/{text}", text, "text/plain", 3, alt=text)],
                card=Card("https://x.org", text, site=text),
                reactions=[Reaction(text, [1])],
                pinned=2 + place,
                reply_to=place or None,
            )
        )
    last = len(NAMED) + 1
    return [*found, message(last, author=1, text=f"{SHORT[1]} {AMENDED}", html=LAST)]


def room() -> events.Room:
    last = len(NAMED) + 1
    return row(name=marked(3), topic=marked(5), number=last, seq=last, read=last)


def answer(command: dict[str, object]) -> AnyEvent:
    ref = int(str(command["ref"]))
    if command["type"] == "room.open":
        return events.RoomOpened(ref, room(), said(), people(), 3, 2, reset=True, first=True)
    if command["type"] == "message.send":
        return events.Failed(events.Problem("forbidden", marked(7)), ref)
    if command["type"] == "draft.save":
        return events.Saved(ref, events.Draft(1, str(command["text"]), 2))
    if command["type"] == "people.search":
        return events.PeopleFound(ref, people())
    return events.Done(ref)


@asynccontextmanager
async def hostile_server() -> AsyncIterator[int]:
    """Its port, where it speaks TCP to whoever comes."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(event: AnyEvent) -> None:
            body = msgspec.json.encode(event)
            writer.write(len(body).to_bytes(4, "big") + body)

        talks.add(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(asyncio.IncompleteReadError), closing(writer):
            await converse(reader, say)

    async def converse(reader: asyncio.StreamReader, say: Callable[[AnyEvent], None]) -> None:
        await heard(reader)
        drafts = [events.Draft(1, f"{SHORT[0]} {DRAFTED}", 1)]
        say(events.SessionStarted("one", people()[0], [room(), *others()], 20.0, 4_000, events.Preferences(), drafts))
        while True:
            command = msgspec.json.decode(await heard(reader))
            say(answer(command))
            if command["type"] == "room.open":
                say(events.TypingStarted(1, people()[4]))

    async def heard(reader: asyncio.StreamReader) -> bytes:
        return await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for each in talks:
        each.cancel()
    await asyncio.gather(*talks, return_exceptions=True)


def others() -> list[events.Room]:
    rooms = [row(id=10 + place, slug=f"room-{place}", name=marked(place)) for place in range(len(NAMED))]
    talk = row(id=9, slug="talk", name="", kind="direct", people=people()[:2], number=1, at=1)
    return [*rooms, talk]


class Terminal:
    """What a terminal was told."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
        self.told = b""
        asyncio.get_running_loop().add_reader(self.master, self._read)

    def _read(self) -> None:
        try:
            self.told += os.read(self.master, 65_536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self.master)

    @property
    def text(self) -> str:
        return self.told.decode(errors="strict" if self.told.endswith(b"\n") else "ignore")

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    async def until(self, look: Callable[[], object]) -> None:
        """Starting on a busy machine takes its time."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not look():  # noqa: ASYNC110  what it was told comes by itself
                    await asyncio.sleep(0.05)
        except TimeoutError as problem:
            raise AssertionError(OURS.sub("", self.text)[-2_000:]) from problem

    async def press(self, keys: bytes, sign: str) -> None:
        """Until it shows `sign`, and whatever else comes of it."""
        before = len(self.told)
        self.type(keys)
        await self.until(lambda: sign in self.text and len(self.told) > before)
        await asyncio.sleep(0.3)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)
        os.close(self.slave)


async def test_nothing_that_others_wrote_is_obeyed_by_the_terminal(tmp_path: Path) -> None:
    terminal = Terminal()
    async with hostile_server() as port:
        environ = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONUTF8": "1",
            "XDG_CONFIG_HOME": str(tmp_path),
            "ROOST_SERVER": f"tcp://127.0.0.1:{port}",
            "ROOST_TOKEN": "roost_any",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "clients.command_line", "chat", "general"),
            cwd=ROOT,
            env=environ,
            stdin=terminal.slave,
            stdout=terminal.slave,
            stderr=terminal.slave,
            start_new_session=True,
        )
        try:
            await terminal.until(lambda: LAST in terminal.text and DRAFTED in terminal.text)
            for keys, sign in (
                (b"hello\r", "Not sent:"),
                (b"\x0b", "Jump to"),
                (b"\x1b", ""),
                (b"\t", ""),
                (b"e", AMENDED),
                (b"\x1b", ""),
                (b"\t\x1b[5~\x1b[5~", ""),
            ):
                await terminal.press(keys, sign)
            terminal.type(b"\x11")
            await asyncio.wait_for(process.wait(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
    text = terminal.text
    terminal.close()
    for place in range(len(NAMED)):
        assert marked(place) not in text
    assert text.count("\x1b[?1049h") == 1
    assert text.count("\x1b[?1049l") == 1
    rest = OURS.sub("", text)
    assert [rest[found.start() - 20 : found.end() + 20] for found in ACTS.finditer(rest)] == []
    assert "[red]x[/red]" in text

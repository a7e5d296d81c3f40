"""Post the messages of a file live, through 200 connections: `python -m tests.flows.replay FILE` (JSON lines).

Each is stored once and heard by every member in the same order, or this ends with an AssertionError."""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec

from app.chat import accounts, rooms
from app.chat.imports import Line
from app.management.commands import with_services
from app.management.imports import read_lines
from app.server import Server
from app.services import Services
from app.settings import load_settings
from tests.flows.test_two_hundred import LIMITS, PEOPLE, Member, all_here, log_of, messages_in
from tests.support.waiting import until

UNDER_WAY = 2
"""Sends of one person that wait for their answer at once."""


async def replay(lines: list[Line], folder: Path) -> str:
    """The figures of one run."""
    settings = load_settings({"DATABASE_URL": f"sqlite:///{folder}/roost.db", **LIMITS}, folder)
    slugs = sorted({line.room for line in lines})

    async def fill(services: Services) -> tuple[dict[str, int], list[str]]:
        made = {slug: (await rooms.add(services, slug)).id for slug in slugs}
        return made, [await accounts.add_token(services, f"person{number}", "replay") for number in range(PEOPLE)]

    ids, tokens = await asyncio.to_thread(with_services, settings, fill)
    server = Server(msgspec.structs.replace(settings, port=0))
    await server.start()
    try:
        async with all_here(server, tokens) as members:
            await asyncio.gather(*[member.open(room) for member in members for room in ids.values()])
            begun = time.monotonic()
            answers = await speak(members, shares(lines), ids)
            await until(lambda: all(sum(map(len, member.heard.values())) >= len(lines) for member in members))
            took = time.monotonic() - begun
        stored = messages_in(settings)
        check(lines, answers, members, stored)
        commits = log_of(server).commits
        gaps = server.application.services.metrics.gaps_filled
    finally:
        await server.stop()
    return (
        f"{len(lines):,} messages by {PEOPLE} people in {took:.1f} s: stored once each, {len(lines) * PEOPLE:,} "
        f"deliveries in one order, {gaps:.0f} gaps, 0 duplicates, {commits} commits"
    )


def shares(lines: list[Line]) -> list[list[Line]]:
    """Every author of the file is played by one person, so that each says their own words in their own order."""
    authors = sorted({line.author for line in lines})
    player = {author: number % PEOPLE for number, author in enumerate(authors)}
    found: list[list[Line]] = [[] for _ in range(PEOPLE)]
    for line in lines:
        found[player[line.author]].append(line)
    return found


async def speak(members: list[Member], parts: list[list[Line]], ids: dict[str, int]) -> list[dict[str, Any]]:
    async def say(member: Member, part: list[Line]) -> list[dict[str, Any]]:
        answers = []
        for start in range(0, len(part), UNDER_WAY):
            together = part[start : start + UNDER_WAY]
            answers += await asyncio.gather(*[member.send(ids[line.room], line.text) for line in together])
        return answers

    found = await asyncio.gather(*map(say, members, parts))
    return [answer for each in found for answer in each]


def check(
    lines: list[Line],
    answers: list[dict[str, Any]],
    members: list[Member],
    stored: dict[int, list[tuple[int, int, str, str]]],
) -> None:
    assert [answer["type"] for answer in answers] == ["sent"] * len(lines)
    assert not any(answer.get("dup") for answer in answers)
    assert sum(map(len, stored.values())) == len(lines)
    said: dict[str, int] = defaultdict(int)
    for line in lines:
        said[line.text.strip()] += 1
    for room, rows in stored.items():
        assert [number for number, _, _, _ in rows] == list(range(1, len(rows) + 1))
        for _, _, _, text in rows:
            said[text] -= 1
        for member in members:
            heard = [(each["number"], each["seq"], each["nonce"], each["text"]) for each in member.heard[room]]
            assert heard == rows
    assert not any(said.values()), "every text of the file is there as often as it was said"


def main() -> None:
    lines = [msgspec.json.decode(line, type=Line) for line in read_lines(Path(sys.argv[1])) if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(replay(lines, Path(folder))))  # noqa: T201


if __name__ == "__main__":
    main()

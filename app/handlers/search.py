"""The page of what somebody searches for."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from markupsafe import escape

from app.chat import search
from app.chat.accounts import Belongings
from app.chat.events import shown_found
from app.chat.search import Found, Hit
from app.errors import RoostError
from app.handlers.over_room import OverRoomPage
from app.handlers.sidebar import talk_of
from app.handlers.timeline import moment_label, moment_of, named
from app.models import Message, Room, User
from app.protocol import events
from app.protocol.fields import LINE_LIMIT, SEARCH_LIMIT
from app.render.mentions import drawn

SHOWN = 30
ID = re.compile(r"[1-9][0-9]{0,14}")


class SearchHandler(OverRoomPage):
    """GET /search: the newest messages that match `q`, those `before` what the page before this one said."""

    action = "message.search"

    async def show(self, mine: Belongings) -> None:
        text, before = self.get_query_argument("q", "")[:SEARCH_LIMIT], self.get_query_argument("before", "")
        found, problem = await self.found(text, int(before) if ID.fullmatch(before) else None)
        told, why = shown_found(found, ref=0), self.in_words(problem) if problem else ""
        boot = {"search": boot_of(text, told, why, before)}
        shown = {"search": self.shown(text, found, told, why, mine)}
        self.over("search", mine, boot, shown, status=problem.status if problem else HTTPStatus.OK)

    async def found(self, text: str, before: int | None) -> tuple[Found, RoostError | None]:
        """And why nothing was looked for, if so: the text stays where it can be mended."""
        try:
            return await search.find(self.services, self.signed_in, text, before=before, limit=SHOWN), None
        except RoostError as error:
            self.say_when_to_return(error)
            return Found(), error

    def shown(self, text: str, found: Found, told: events.Found, problem: str, mine: Belongings) -> SimpleNamespace:
        """The page as the template draws it first; the times are UTC's until the script knows the reader's."""
        rooms = {room.id: room for room, _ in mine.rooms}
        rooms |= {id_: rooms[each.parent_id] for id_, each in found.threads.items() if each.parent_id in rooms}
        people = {person.id: named(person, self.words) for person in found.people}
        marked = [each.message.html for each in told.hits]
        rows = [
            self.row(hit, rooms[hit.message.room_id], found.threads.get(hit.message.room_id), html, mine, people)
            for hit, html in zip(found.hits, marked, strict=True)
            if hit.message.room_id in rooms
        ]
        return SimpleNamespace(
            text=text,
            rows=rows,
            chips=[SimpleNamespace(text=chip.text, rest=rest_of(text, chip.text)) for chip in found.chips],
            filters={chip.text for chip in found.chips},
            told=self.told(len(rows), found),
            before=told.before,
            problem=problem,
            is_none=bool(text) and not (rows or problem or told.before),
        )

    def told(self, count: int, found: Found) -> str:
        if found.before is not None:
            return self.words.text("The newest {count}", count=count)
        return self.words.number("{count} message", "{count} messages", count) if count else ""

    def row(
        self, hit: Hit, room: Room, thread: Room | None, html: str, mine: Belongings, people: dict[int, User]
    ) -> SimpleNamespace:
        talk = talk_of(room, mine.people, self.person, self.services.presence, self.words)
        at = moment_of(hit.message.at)
        return SimpleNamespace(
            key=f"{hit.message.room_id}/{hit.message.number}",
            icon="users" if talk else "lock" if room.kind == "private" else "hash",
            room_name=talk.title if talk else room.name,
            path=path_of(hit.message, room, thread),
            author=people[hit.message.author_id],
            kind=hit.message.kind,
            html=drawn(html, people, self.person.id) or escape(hit.message.said),
            before=line_of(hit.before, people),
            after=line_of(hit.after, people),
            at=at,
            at_label=moment_label(at, datetime.now(UTC), self.words),
        )


def boot_of(text: str, told: events.Found, problem: str, before: str) -> dict[str, Any] | None:
    """What the page's script starts from. None: it asks by itself, since an older page is not where it begins."""
    return None if before else {"text": text, "found": None if problem else told, "problem": problem or None}


def rest_of(text: str, chip: str) -> str:
    return " ".join(text.replace(chip, "", 1).split())


def path_of(message: Message, room: Room, thread: Room | None) -> str:
    if thread is None:
        return f"/chat/{room.slug}/{message.number}"
    return f"/chat/{room.slug}/{thread.root_number}/thread#t-{message.number}"


def line_of(message: Message | None, people: dict[int, User]) -> SimpleNamespace | None:
    if message is None:
        return None
    return SimpleNamespace(author=people[message.author_id], text=message.said[:LINE_LIMIT])

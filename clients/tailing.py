"""`roost tail`: what is said in a room, from some message on and without end."""

from collections.abc import AsyncIterator

from app.protocol.events import Message, MessagePosted
from clients.connection import Connection
from clients.lines import Lines
from clients.room import Room
from clients.room_events import RoomEvent, RoomReset
from clients.safe_text import safe_json
from clients.terminal_output import say

NEWEST = 10
"""Messages that are shown first, where nobody says since which."""


async def tail(connection: Connection, room: Room, since: int | None, *, as_json: bool) -> None:
    lines = Lines(connection.state.people)
    async for event in happenings(connection, room, since):
        for line in [safe_json(event)] if as_json else lines.of(event):
            say(line)


async def happenings(connection: Connection, room: Room, since: int | None) -> AsyncIterator[RoomEvent]:
    """The newest messages, or those after the number `since`, and everything that follows: each message once."""
    shown = since if since is not None else room.known.timeline.last - NEWEST
    async for message in room.messages_after(max(0, shown)):
        shown = message.number
        yield posted(connection, room, message)
    async for event in room:
        if isinstance(event, RoomReset):
            shown = shown if event.after is not None else 0
            async for message in room.messages_after(shown):
                shown = message.number
                yield posted(connection, room, message)
        elif not isinstance(event, MessagePosted):
            yield event
        elif event.message.number > shown:
            shown = event.message.number
            yield event


def posted(connection: Connection, room: Room, message: Message) -> MessagePosted:
    """Of a message that is there already."""
    return MessagePosted(room.id, message.seq, message, connection.state.people[message.author])

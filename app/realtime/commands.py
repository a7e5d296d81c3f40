"""What each command does: unpack it, call the domain, make the reply. One function each, in one table."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from app.chat import messages, presence, reading
from app.chat.events import shown_message, shown_person
from app.errors import BadCommand
from app.models import Posted, Visitor
from app.protocol import commands, events
from app.protocol.commands import Command
from app.protocol.events import Event
from app.realtime.later import Later
from app.services import Services

if TYPE_CHECKING:
    from app.realtime.connection import Connection

Answer = Event | Later | None


class Asker(Protocol):
    """On whose behalf a command is carried out: a Connection, or an Exchange, which has no rooms open."""

    services: Services
    visitor: Visitor


async def send_message(asker: Asker, command: commands.SendMessage) -> Later:
    future = await messages.post(asker.services, asker.visitor, command.room, command.nonce, command.text)

    def sent(posted: Posted) -> Event:
        return events.Sent(
            ref=command.ref, room=posted.message.room_id, message=shown_message(posted.message), dup=posted.duplicate
        )

    return Later(command.ref, future, sent)


async def list_messages(asker: Asker, command: commands.ListMessages) -> Event:
    if sum(where is not None for where in (command.before, command.after, command.around)) > 1:
        raise BadCommand("Ask for what is before, after or around a number: one of the three.")
    page = await messages.page(
        asker.services,
        asker.visitor,
        command.room,
        before=command.before,
        after=command.after,
        around=command.around,
        limit=command.limit,
    )
    return events.Page(
        ref=command.ref,
        room=command.room,
        messages=[shown_message(message) for message in page.messages],
        people=[shown_person(author) for author in page.authors],
        first=page.first,
        last=page.last,
    )


async def open_room(connection: "Connection", command: commands.OpenRoom) -> None:
    # The hub writes this answer itself, because changes must follow it closely; it must not overtake earlier ones.
    await connection.answered()
    await connection.hub.open(connection, command)


async def close_room(connection: "Connection", command: commands.CloseRoom) -> Event:
    connection.hub.close_room(connection, command.room)
    return events.Done(ref=command.ref)


async def read_room(asker: Asker, command: commands.ReadRoom) -> Event:
    await reading.move(asker.services, asker.visitor, command.room, command.number)
    return events.Done(ref=command.ref)


async def type_in_room(asker: Asker, command: commands.TypeInRoom) -> Event:
    await presence.typing(asker.services, asker.visitor, command.room)
    return events.Done(ref=command.ref)


async def ping(asker: Asker, command: commands.Ping) -> Event:
    return events.Done(ref=command.ref)


Table = dict[type[Command], Callable[[Any, Any], Awaitable[Answer]]]

COMMANDS: Table = {
    commands.SendMessage: send_message,
    commands.ListMessages: list_messages,
    commands.OpenRoom: open_room,
    commands.CloseRoom: close_room,
    commands.ReadRoom: read_room,
    commands.TypeInRoom: type_in_room,
    commands.Ping: ping,
}

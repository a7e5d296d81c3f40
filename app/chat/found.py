"""Single messages out of many rooms, with all that they are shown with."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from app.chat.context import Quotes, context_of, quotes_of
from app.models import Mention, Message, Room, Saved, User
from app.storage import rooms
from app.storage.database import Connection

F = TypeVar("F", Mention, Saved)


@dataclass(frozen=True, slots=True)
class FoundPage(Generic[F]):
    """What leads to each of the messages, with it, the newest first; what goes with them (context.py), and by their ids
    the threads that they are in, if they are in some. `last`: none is older."""

    found: list[tuple[F, Message]]
    people: list[User]
    last: bool
    quotes: Quotes
    threads: dict[int, Room]


def page_of(connection: Connection, found: list[tuple[F, Message]], limit: int) -> FoundPage[F]:
    """The first `limit` of what was found; the caller has asked for one more."""
    shown = found[:limit]
    told = [message for _, message in shown]
    context = context_of(connection, told)
    threads = rooms.threads_of(connection, {message.room_id for message in told})
    return FoundPage(shown, context.people, len(found) <= limit, quotes_of(told, context), threads)

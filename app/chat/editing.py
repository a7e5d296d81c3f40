"""Changing what one has written. What it said before stays to be read by whoever may read the room."""

from dataclasses import dataclass

from app.chat import access, mentions
from app.chat.mentions import Written
from app.chat.messages import captioned, publish_changed, publish_mentions
from app.errors import EditTooLate, Forbidden, MessageRemoved, NotFound, TextEmpty
from app.memory.limits import Limit
from app.models import Message, Version, Visitor
from app.render.text import VERSION, has_link
from app.services import Services
from app.storage import mentions as mention_rows
from app.storage import message_versions, messages
from app.storage.database import Connection

PACE = Limit(30, 60.0)
"""Edits of one person."""
READ = Limit(120, 60.0)
"""Pages of versions that one person reads."""
VERSIONS = 20
MINUTE = 60_000


async def edit(services: Services, visitor: Visitor, room_id: int, number: int, text: str) -> Message:
    """Let one's own message say this text; returns it as it is then. Of two edits at once the later one holds, and both
    are among the versions.

    Raises NotFound, Forbidden when it is somebody else's, MessageRemoved, EditTooLate, RoomArchived, ModeratorsPost,
    NobodyLeft, Muted, LinksLater, TextEmpty, TextTooLong or TooFast.
    """
    text = captioned(text)
    services.limits.take(f"edit:{visitor.user.id}", PACE)
    written = await mentions.write(services, visitor.user, room_id, text)
    minutes, now = services.settings.edit_minutes, services.clock.now()
    edited, more = await services.store.write(rewrite, visitor, room_id, number, text, written, minutes, now)
    if more is not None:
        publish_changed(services, edited, written.people)
        publish_mentions(services, edited, [user_id for user_id in written.told if user_id in more])
    return edited


def rewrite(
    connection: Connection,
    visitor: Visitor,
    room_id: int,
    number: int,
    text: str,
    written: Written,
    minutes: int,
    now: int,
) -> tuple[Message, list[int] | None]:
    """The message as it is then, and the ids of those whom it did not mention before; None where it is nothing new."""
    actor = access.allow_now(connection, visitor, "message.edit")
    room, membership = access.room_to_rewrite(connection, actor, "message.edit", room_id)
    message = messages.by_number(connection, room_id, number)
    if message is None:
        raise NotFound
    check_author(actor, message, minutes, now)
    if not text and not message.more.files:
        raise TextEmpty
    # An edit says something new, so it takes what a post takes; but nobody is kept waiting by a slow room for it.
    access.check_posting(actor, room, membership, now)
    if has_link(written.html):
        access.check_links(actor.user, now)
    if message.text == text:
        return message, None
    others = [person.id for person in written.people if person.id != actor.user.id]
    more = mention_rows.rewrite(connection, message, others)
    return message_versions.edit(connection, message, text, written.html, VERSION, now), more


def check_author(actor: Visitor, message: Message, minutes: int, now: int) -> None:
    if message.author_id != actor.user.id:
        raise Forbidden
    if message.removed_at is not None:
        raise MessageRemoved
    if minutes and now - message.at > minutes * MINUTE:
        raise EditTooLate(minutes)


@dataclass(frozen=True, slots=True)
class Versions:
    """What a message said before, the newest first. `last`: nothing is older."""

    versions: list[Version]
    last: bool


async def versions(services: Services, visitor: Visitor, room_id: int, number: int, before: int | None) -> Versions:
    """The newest versions of a message, or those before one; of one that was removed nothing is told. Raises NotFound
    or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"versions:{visitor.user.id}", READ)
    return await services.store.read(read_versions, room_id, number, before)


def read_versions(connection: Connection, room_id: int, number: int, before: int | None) -> Versions:
    message = messages.by_number(connection, room_id, number)
    if message is None or message.removed_at is not None:
        raise NotFound
    found = message_versions.page(connection, room_id, number, before, VERSIONS + 1)
    return Versions(found[:VERSIONS], last=len(found) <= VERSIONS)

"""Changing what one has written. What it said before stays to be read by whoever may read the room."""

from dataclasses import dataclass

from msgspec.structs import replace

from app.chat import access, followers, links, mentions, replies
from app.chat.mentions import Written
from app.chat.messages import accepted, publish_changed, publish_mentions
from app.errors import EditTooLate, Forbidden, MessageRemoved, NotFound, TextEmpty
from app.memory.limits import Limit
from app.models import Message, Version, Visitor
from app.render.text import VERSION, has_link
from app.services import Services
from app.settings import Settings
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
    text = accepted(text, alone=False)
    services.limits.take(f"edit:{visitor.user.id}", PACE)
    room = await access.room_of(services, room_id)
    written = await mentions.write(services, visitor, room, text)
    now = services.clock.now()
    edited, written, more = await services.store.write(
        rewrite, services.settings, visitor, room_id, number, text, written, now
    )
    if more is not None:
        if room.kind == "thread" and written.noted:
            await followers.gather(services, room, visitor.user, written.noted)
        if has_link(edited.html):
            services.jobs.set()
        publish_changed(services, edited, written.people, written.quoted)
        publish_mentions(services, edited, [user_id for user_id in written.hearers if user_id in more])
    return edited


def rewrite(
    connection: Connection,
    settings: Settings,
    visitor: Visitor,
    room_id: int,
    number: int,
    text: str,
    written: Written,
    now: int,
) -> tuple[Message, Written, list[int | None] | None]:
    """The message as it is then, what was written, and the ids of those for whom it was not before; None where it is
    nothing new."""
    actor = access.allow_now(connection, visitor, "message.edit")
    room, membership = access.room_to_rewrite(connection, actor, "message.edit", room_id)
    message = messages.by_number(connection, room_id, number)
    if message is None:
        raise NotFound
    check_author(actor, message, settings.edit_minutes, now)
    if not text and not message.more.files:
        raise TextEmpty
    # An edit says something new, so it takes what a post takes; but nobody is kept waiting by a slow room for it.
    access.check_posting(actor, room, membership, now)
    if has_link(written.html):
        access.check_links(actor.user, now)
    if message.text == text:
        return message, written, None
    written = written.instead_of(message.more.told)
    if message.reply_to is not None:
        written = replies.addressed(connection, actor.user, room_id, message.reply_to, written)
    more = mention_rows.rewrite(connection, message, written.mentions)
    message = message.with_more(replace(message.more, told=written.call))
    message = links.relinked(connection, settings, room, message, written.html)
    return message_versions.edit(connection, message, text, written.html, VERSION, now), written, more


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

"""Posting messages and reading them back."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from msgspec.structs import replace

from app.chat import access, direct, files, followers, hearing, links, mentions, replies, rights, spam
from app.chat.context import context_of
from app.chat.days import day_of, start_of
from app.chat.events import publish_to_room, publish_to_user, shown_message, shown_person
from app.chat.files import Attached
from app.chat.mentions import Written
from app.chat.portions import first_that_fit, last_that_fit, middle_that_fits
from app.errors import (
    ModeratorsPost,
    NobodyLeft,
    NotFound,
    NotYet,
    Repeated,
    RoomArchived,
    RoostError,
    TextEmpty,
    TextTooLong,
    TooFast,
)
from app.memory.limits import Limit
from app.models import (
    NO_EXTRAS,
    Extras,
    Membership,
    Message,
    MessageKind,
    NewMessage,
    Posted,
    Room,
    User,
    Visitor,
    write_extras,
)
from app.protocol.events import MentionPosted, MessageChanged, MessagePosted
from app.protocol.fields import TEXT_LIMIT
from app.render.text import VERSION, has_link
from app.services import Services
from app.storage import messages, rooms
from app.storage.database import Connection


async def post(
    services: Services,
    visitor: Visitor,
    room_id: int,
    nonce: str,
    text: str,
    *,
    kind: MessageKind = "msg",
    reply_to: int | None = None,
    attached: Sequence[Attached] = (),
    notices: Sequence[str] = (),
) -> asyncio.Future[Posted]:
    """Hand a message to the log, perhaps as an answer to the one of number `reply_to`, and return without waiting for
    the disk, so that this sender's next one may follow. `notices` are those sentences of the text that are our own.

    The future resolves after the durable commit and the broadcast. A nonce of this person that was stored before, at
    any time, resolves to the first message with `duplicate` set and is not broadcast again. Cancelling the future does
    not take the message back.

    Raises NotFound, also for a `reply_to` that the room never had, RoomArchived, ModeratorsPost, NobodyLeft, Muted,
    LinksLater, Repeated, TextEmpty, TextTooLong, TooFast, or what `files.attach` raises; the future may fail with
    Unavailable, StorageFull, or FileGone.
    """
    try:
        room, membership = await access.room_to_write(services, visitor, room_id)
    except NotFound:
        return await found_outside(services, visitor, room_id, nonce)
    text = accepted(text, alone=not attached)
    services.limits.take(*pace(services, visitor))
    # The sender's next message waits here, too: it must not overtake one that takes long to render.
    written = await mentions.write(services, visitor, room, text)
    written = written.with_notices(notices)
    is_linked = has_link(written.html)
    if reply_to is not None:
        written = await services.store.read(replies.addressed, visitor.user, room_id, reply_to, written)
    try:
        check_saying(services, visitor, room, membership, is_linked=is_linked)
        waits = take_turn(services, visitor, room, membership)
        await check_repeats(services, visitor, room, nonce, text)
    except (RoomArchived, ModeratorsPost, NobodyLeft, NotYet, Repeated, TooFast) as refusal:
        return await found_instead(services, visitor, room, nonce, refusal)
    given = await attach(services, visitor, room, nonce, attached) if attached else NO_EXTRAS
    if isinstance(given, Message):
        return found_again(services, room, given)
    jobs = links.jobs_of(services.settings, room, written.html) if is_linked else ()
    webhooks = await hearing.webhooks_of(services, visitor.user, room, written.html) if room.has_outgoing else ()
    new = NewMessage(
        room_id,
        visitor.user.id,
        nonce,
        kind,
        text,
        written.html,
        renderer=VERSION,
        mentions=written.mentions,
        reply_to=reply_to,
        extras=write_extras(given if written.call is None else replace(given, told=written.call)),
        jobs=jobs,
        files=given.files,
        webhooks=webhooks,
    )
    if room.kind == "thread":
        await followers.gather(services, room, visitor.user, written.noted)
    unaware = await direct.unaware(services, room) if room.kind == "direct" else []
    told = partial(publish_posted, services, visitor.user, room, written, unaware)
    # Not a callback of the future: whoever awaits that shall find the message already on the bus.
    future = services.store.log.append(new, told)
    if jobs or webhooks:
        future.add_done_callback(lambda _: services.jobs.set())
    if waits:
        future.add_done_callback(partial(forgive, services, slow_key(visitor, room)))
    return future


def check_saying(services: Services, visitor: Visitor, room: Room, membership: Membership, *, is_linked: bool) -> None:
    """Raises RoomArchived, ModeratorsPost, NobodyLeft, Muted, or LinksLater."""
    now = services.clock.steady()
    access.check_posting(visitor, room, membership, now)
    if is_linked:
        access.check_links(visitor.user, now)


def pace(services: Services, visitor: Visitor) -> tuple[str, Limit]:
    """What counts the visitor's messages: in ten seconds half as many of who is new here."""
    most = services.settings.limit_sends_per_10_seconds
    if access.new_for(visitor.user, services.clock.steady()):
        most = max(1, most // 2)
    return f"send:{visitor.user.id}", Limit(most, 10.0)


def take_turn(services: Services, visitor: Visitor, room: Room, membership: Membership) -> bool:
    """Whether the visitor has to wait between two messages here. Raises TooFast when they did not."""
    if not room.slow_seconds or rights.may_announce(visitor, membership):
        return False
    services.limits.take(slow_key(visitor, room), Limit(1, room.slow_seconds))
    return True


async def check_repeats(services: Services, visitor: Visitor, room: Room, nonce: str, text: str) -> None:
    """Raises Repeated, and nobody waits after it."""
    if spam.is_repeated(services, visitor, nonce, text):
        services.limits.give_back(slow_key(visitor, room))
        await spam.tell_team(services, visitor, room, text)
        raise Repeated


async def attach(
    services: Services, visitor: Visitor, room: Room, nonce: str, attached: Sequence[Attached]
) -> Message | Extras:
    """As `files.attach`, and nobody waits after a refusal, or a repeat."""
    try:
        given = await files.attach(services, visitor, room.id, nonce, attached)
    except RoostError:
        services.limits.give_back(slow_key(visitor, room))
        raise
    if isinstance(given, Message):
        services.limits.give_back(slow_key(visitor, room))
    return given


def slow_key(visitor: Visitor, room: Room) -> str:
    """One for a room and its threads."""
    return f"slow:{room.parent_id or room.id}:{visitor.user.id}"


def forgive(services: Services, key: str, future: asyncio.Future[Posted]) -> None:
    """Nobody waits after what was not stored, or not now."""
    if not future.cancelled() and (future.exception() is not None or future.result().duplicate):
        services.limits.give_back(key)


async def found_instead(
    services: Services, visitor: Visitor, room: Room, nonce: str, refusal: RoostError
) -> asyncio.Future[Posted]:
    """Whoever repeats a send is not refused what is stored already (DELIVERY D3)."""
    known = await services.store.read(messages.by_nonce, visitor.user.id, nonce)
    if known is None:
        raise refusal
    return found_again(services, room, known)


def found_again(services: Services, room: Room, message: Message) -> asyncio.Future[Posted]:
    tell_again(services, room, message)
    return repeated(message)


async def found_outside(services: Services, visitor: Visitor, room_id: int, nonce: str) -> asyncio.Future[Posted]:
    """What the visitor has sent in a room where they may not write any more, without what others have put on it since
    (DELIVERY D3, D15). Raises NotFound."""
    known = await services.store.read(messages.by_nonce, visitor.user.id, nonce)
    if known is None or known.room_id != room_id:
        raise NotFound
    return repeated(replace(known, seq=known.posted_seq or known.seq, extras=None))


def repeated(message: Message) -> asyncio.Future[Posted]:
    future: asyncio.Future[Posted] = asyncio.get_running_loop().create_future()
    future.set_result(Posted(message, duplicate=True))
    return future


def accepted(text: str, *, alone: bool = True) -> str:
    """The text as it is kept: trimmed at its ends, within the limit. It may be empty where it is not `alone`: with
    files."""
    text = text.strip()
    if alone and not text:
        raise TextEmpty
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(TEXT_LIMIT)
    return text


def publish_posted(
    services: Services, author: User, room: Room, written: Written, unaware: list[User], posted: Posted
) -> None:
    if posted.duplicate:
        tell_again(services, room, posted.message)
        return
    message = posted.message
    event = posted_event(message, author, written.people, written.quoted)
    publish_to_room(services, message.room_id, message.seq, event)
    # Whom it brings the room to hears of it before they hear that they are mentioned in it.
    direct.publish_begun(services, unaware, room, message)
    publish_mentions(services, message, written.hearers)
    if room.kind == "thread":
        services.stirred.add(room.id)


def tell_again(services: Services, room: Room, message: Message) -> None:
    """A repeat: perhaps it was stored and nobody heard of it, since the answer of the database was lost. The message
    itself shows as a hole in its room; this is what would not, and is nothing to who has heard of it."""
    if room.kind == "thread":
        services.stirred.add(message.room_id)
    elif room.kind == "direct" and message.number == 1:
        services.begun.add(message.room_id)


def publish_mentions(services: Services, message: Message, user_ids: Iterable[int | None]) -> None:
    """Tell these people that a message mentions them; None tells everybody in the room, at once."""
    for user_id in user_ids:
        if user_id is None:
            everybody = MentionPosted(room=message.room_id, number=message.number, by=message.author_id)
            publish_to_room(services, message.room_id, 0, everybody)
        else:
            publish_to_user(services, user_id, MentionPosted(room=message.room_id, number=message.number))


def posted_event(
    message: Message, author: User, people: Iterable[User], quoted: Iterable[Message] = ()
) -> MessagePosted:
    return MessagePosted(
        room=message.room_id,
        seq=message.seq,
        message=shown_message(message),
        person=shown_person(author),
        people=[shown_person(person) for person in people],
        quoted=[shown_message(each) for each in quoted],
    )


def publish_changed(
    services: Services, message: Message, people: Iterable[User] = (), quoted: Iterable[Message] = ()
) -> None:
    publish_to_room(services, message.room_id, message.seq, changed_event(message, people, quoted))


def changed_event(message: Message, people: Iterable[User] = (), quoted: Iterable[Message] = ()) -> MessageChanged:
    return MessageChanged(
        room=message.room_id,
        seq=message.seq,
        message=shown_message(message),
        people=[shown_person(person) for person in people],
        quoted=[shown_message(each) for each in quoted],
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Messages of a room, oldest first, with what goes with them (context.py). `first`, `last`: it touches the room's
    begin, its end."""

    messages: list[Message]
    people: list[User]
    first: bool
    last: bool
    quoted: Sequence[Message] = ()


async def page(
    services: Services,
    visitor: Visitor,
    room_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    at: int | None = None,
    limit: int = 50,
) -> Page:
    """The newest messages of a room, or those before, after or around a number, or around the first of a time or later.

    Raises NotFound or TooFast.
    """
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"history:{visitor.user.id}", Limit(services.settings.limit_history_per_minute, 60.0))
    if at is not None:
        around = await services.store.read(messages.number_at, room_id, at)
    return await services.store.read(read_page, room_id, before, after, around, limit)


async def first_of_day(services: Services, visitor: Visitor, room_id: int, day: date) -> int | None:
    """The number of the first message of a day (UTC). Raises NotFound."""
    await access.room_to_read(services, visitor, room_id)
    return await services.store.read(read_first_of_day, room_id, day)


def read_first_of_day(connection: Connection, room_id: int, day: date) -> int | None:
    number = messages.number_at(connection, room_id, start_of(day))
    found = messages.by_numbers(connection, [(room_id, number)])
    return number if found and day_of(found[0].at) == day else None


def read_page(
    connection: Connection, room_id: int, before: int | None, after: int | None, around: int | None, limit: int
) -> Page:
    found = chosen(connection, room_id, before, after, around, limit)
    room = rooms.by_id(connection, room_id)
    assert room is not None, "rooms are never deleted, and access has found this one"
    if not found:
        empty = room.last_number == 0
        return Page([], [], first=empty or before is not None, last=empty or before is None)
    first, last = found[0].number == 1, found[-1].number == room.last_number
    context = context_of(connection, found)
    return Page(found, context.people, first, last, context.quoted)


def chosen(
    connection: Connection, room_id: int, before: int | None, after: int | None, around: int | None, limit: int
) -> list[Message]:
    if before is not None:
        return last_that_fit(messages.before(connection, room_id, before, limit))
    if after is not None:
        return first_that_fit(messages.after(connection, room_id, after, limit))
    if around is not None:
        return middle_that_fits(messages.around(connection, room_id, around, limit), around)
    return last_that_fit(messages.newest(connection, room_id, limit))

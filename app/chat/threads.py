"""Threads: the talk beside one message, in a room of its own that whoever may read the message may open. The message
tells how much is said there."""

import secrets
from dataclasses import dataclass

from msgspec.structs import replace

from app.chat import access, followers, rights
from app.chat import messages as messages_of
from app.chat.context import Context, people_in, told_alone
from app.chat.events import publish_to_user, shown_room
from app.chat.followers import Following
from app.errors import MessageRemoved, NotFound
from app.memory.limits import Limit
from app.models import Membership, Message, Room, User, Visitor
from app.protocol.events import RoomJoined
from app.services import Services
from app.storage import memberships, message_changes, messages, rooms, threads, turns, users
from app.storage.database import Connection

PACE = Limit(120, 60.0)
"""Looks of one person into threads, and at the list of theirs."""
NEWEST = 50
AT_START = 86_400_000
"""Milliseconds back in which a process may have died between a message and the word of it; MOST_AT_START threads are
looked at."""
MOST_AT_START = 10_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A thread, the visitor's membership in it, the message that it is about, and the people in that."""

    thread: Room
    membership: Membership
    root: Message
    people: list[User]


async def open_thread(services: Services, visitor: Visitor, room_id: int, number: int) -> Opened:
    """The thread of a message, made when there is none, which takes what a post takes. Whoever opens one does not
    follow it yet. Raises NotFound, InsufficientScope, MessageRemoved, RoomArchived, ModeratorsPost, NobodyLeft, Muted
    or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"threads:{visitor.user.id}", PACE)
    known = await services.store.read(find, visitor, room_id, number)
    if known is not None:
        return known
    opened, new = await services.store.write(find_or_make, visitor, room_id, number, services.clock.now())
    followers.publish(services, new)
    return opened


def find(connection: Connection, visitor: Visitor, room_id: int, number: int) -> Opened | None:
    """None also where there is a thread but they have never looked into it."""
    thread = threads.of_message(connection, room_id, number)
    if thread is None or memberships.find(connection, thread.id, visitor.user.id) is None:
        return None
    root = messages.by_number(connection, room_id, number)
    assert root is not None, "messages are never deleted"
    thread, membership = access.standing_now(connection, visitor, thread.id)
    return Opened(thread, membership, root, users.by_ids(connection, people_in([root])))


def find_or_make(
    connection: Connection, visitor: Visitor, room_id: int, number: int, now: int
) -> tuple[Opened, list[Following]]:
    """The thread, and who came into it by that."""
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "room.read")
    parent, own = access.locked_standing(connection, actor, room_id)
    root = messages.by_number(connection, room_id, number)
    if root is None or parent.parent_id is not None or not rights.can(actor, "room.read", own):
        raise NotFound
    thread = threads.of_message(connection, room_id, number)
    if thread is None:
        if root.removed_at is not None:
            raise MessageRemoved
        access.allow(actor, "room.post")
        access.check_posting(actor, parent, own, now)
        thread, new = make(connection, actor, root, now)
    else:
        rooms.locked(connection, thread.id)
        new = []
    if memberships.find(connection, thread.id, actor.user.id) is None:
        entered = followers.enter(connection, thread, actor.user, now, hidden=True)
        new += [] if entered is None else [entered]
    opened = find(connection, actor, room_id, number)
    assert opened is not None, "they are in it"
    return opened, new


def make(connection: Connection, actor: Visitor, root: Message, now: int) -> tuple[Room, list[Following]]:
    """With the author of the message in it, if they are in the room still."""
    # The address is made by chance, and leads nowhere: a thread is reached by its message.
    slug = f"thread-{secrets.token_hex(8)}"
    thread = rooms.add(
        connection,
        slug,
        "",
        "",
        "thread",
        now,
        created_by=actor.user.id,
        parent_id=root.room_id,
        root_number=root.number,
    )
    [author] = users.by_ids(connection, [root.author_id])
    entered = followers.enter(connection, thread, author, now)
    return thread, [] if entered is None else [entered]


@dataclass(frozen=True, slots=True)
class Look:
    """A message with the newest of what is said beside it, read without coming into the thread."""

    root: Message
    said: messages_of.Page


async def look_at(services: Services, visitor: Visitor, room_id: int, number: int) -> Look:
    """Raises NotFound or TooFast."""
    await access.room_to_read(services, visitor, room_id)
    services.limits.take(f"threads:{visitor.user.id}", PACE)
    return await services.store.read(read_look, room_id, number)


def read_look(connection: Connection, room_id: int, number: int) -> Look:
    root = messages.by_number(connection, room_id, number)
    if root is None:
        raise NotFound
    thread = threads.of_message(connection, room_id, number)
    if thread is None:
        said = messages_of.Page([], [], first=True, last=True)
    else:
        said = messages_of.read_page(connection, thread.id, None, None, None, NEWEST)
    people = {person.id: person for person in [*said.people, *users.by_ids(connection, people_in([root]))]}
    return Look(root, messages_of.Page(said.messages, list(people.values()), said.first, said.last, said.quoted))


@dataclass(frozen=True, slots=True)
class Page:
    """Threads that the visitor follows, where something was said last first, each with the message it is about.
    `people` are those in them; `last`: none follows."""

    threads: list[tuple[Room, Membership, Message]]
    people: list[User]
    last: bool


async def page(services: Services, visitor: Visitor, before: int | None, limit: int) -> Page:
    """Those behind the thread `before`. Raises TooFast."""
    services.limits.take(f"threads:{visitor.user.id}", PACE)
    return await services.store.read(read_page, visitor.user.id, before, limit)


def read_page(connection: Connection, user_id: int, before: int | None, limit: int) -> Page:
    found = threads.followed(connection, user_id, before, limit + 1)
    roots = threads.roots(connection, [thread for thread, _ in found[:limit]])
    shown = [(thread, membership, roots[thread.id]) for thread, membership in found[:limit]]
    return Page(shown, users.by_ids(connection, people_in(list(roots.values()))), last=len(found) <= limit)


async def sum_up(services: Services) -> None:
    """Let the messages tell of their threads in which something has changed, however much that was, and bring those
    back to whom that is news. Raises Unavailable or StorageFull; what is not told yet is told by the next call."""
    for thread_id in sorted(services.stirred):
        # Before: what is said while it is counted, and not counted, stirs it again.
        services.stirred.discard(thread_id)
        try:
            told = await services.store.write(count_again, thread_id)
        except BaseException:
            services.stirred.add(thread_id)
            raise
        if told is not None:
            publish(services, told)


async def look_back(services: Services) -> None:
    """Do so for what another process, which may have died, has left of late."""
    since = services.clock.steady() - AT_START
    services.stirred.update(await services.store.read(threads.spoken_in_since, since, MOST_AT_START))


@dataclass(frozen=True, slots=True)
class Told:
    """A message that tells of its `thread` now, what goes with it, and the memberships of those to whom that is
    news."""

    root: Message
    context: Context
    thread: Room
    reached: list[Membership]


def count_again(connection: Connection, thread_id: int) -> Told | None:
    """None where there is nothing new, or no thread."""
    found = rooms.by_id(connection, thread_id)
    if found is None or found.parent_id is None or found.root_number is None:
        return None
    rooms.locked(connection, found.parent_id)
    root = messages.by_number(connection, found.parent_id, found.root_number)
    thread = rooms.by_id(connection, thread_id)
    assert root is not None and thread is not None, "neither is ever deleted"  # noqa: PT018
    before, now = root.more.thread, threads.summary(connection, thread)
    if now == before:
        return None
    [changed] = message_changes.write(connection, [root.with_more(replace(root.more, thread=now))])
    _, context = told_alone(connection, changed)
    return Told(changed, context, thread, threads.reached(connection, thread, before.last if before else 0))


def publish(services: Services, told: Told) -> None:
    messages_of.publish_changed(services, told.root, told.context.people, told.context.quoted)
    for membership in told.reached:
        publish_to_user(services, membership.user_id, RoomJoined(room=shown_room(told.thread, membership)))

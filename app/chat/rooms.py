"""Rooms: making and changing them, listing one's own, and catching up with one."""

from dataclasses import dataclass
from typing import Any

import msgspec

from app.chat import access, direct, rights
from app.chat.accounts import publish_joins
from app.chat.context import Context, context_of, each_with_its_own, people_in, quoted_in
from app.chat.events import publish_to_peers, publish_to_room, shown_change, shown_message, shown_person
from app.chat.messages import changed_event, posted_event
from app.chat.portions import first_that_fit, last_that_fit
from app.chat.room_names import hidden_slug, plain_line, plain_text, room_name, room_slug, slug_of
from app.errors import BadRequest, Forbidden, NotFound, RoomTaken
from app.memory.limits import Limit
from app.memory.openings import Opening
from app.models import MadeKind, Membership, Message, Posting, Room, User, Visitor
from app.protocol.events import MemberJoined, MemberLeft, MessageChanged, MessagePosted, RoomChanged
from app.protocol.peers import StandingChanged
from app.services import Services
from app.storage import acts, counters, memberships, messages, rooms, turns, users
from app.storage.database import Connection

CREATED = Limit(20, 3_600.0)
"""Rooms of one person."""
CHANGED = Limit(60, 60.0)
OPENED = Limit(600, 60.0)
"""Rooms that one person opens, on all their connections: all of these come back at once when the server starts anew."""
NEWEST = 50
MOST_AT_ONCE = 200
"""Messages of one answer; who missed more gets several."""
MOST_CHANGES = 1_000
"""Beyond this many missed changes the newest page is the better answer (DELIVERY D7)."""


async def add(services: Services, slug: str) -> Room:
    """Make a public room, with everybody in it and whoever comes later. Raises BadRoomName when the address is no slug,
    or RoomTaken."""
    name = room_slug(slug)
    now = services.clock.now()

    def make(connection: Connection) -> tuple[Room, list[tuple[User, int]]]:
        turns.take(connection)
        check_name(connection, name)
        room = rooms.add(connection, slug, name, "", "public", now, is_default=True)
        joined = memberships.join_everybody(connection, room.id, now)
        return msgspec.structs.replace(room, seq=len(joined), members=len(joined)), joined

    room, joined = await services.store.write(make)
    for user, seq in joined:
        publish_joins(services, user, [(room, seq)])
    return room


async def create(
    services: Services, visitor: Visitor, name: str, kind: MadeKind, topic: str = "", description: str = ""
) -> tuple[Room, Membership]:
    """Make a room, with the visitor in it as its moderator. Raises Muted, BadRoomName, BadRequest, RoomTaken or
    TooFast."""
    name, topic, description = room_name(name), plain_line(topic), plain_text(description)
    slug = slug_of(name) if kind == "public" else hidden_slug(slug_of(name))
    services.limits.take(f"create:{visitor.user.id}", CREATED)
    now, creator = services.clock.now(), visitor.user.id

    def make(connection: Connection) -> tuple[Room, Membership]:
        turns.take(connection)
        access.check_voice(access.allow_now(connection, visitor, "room.create").user, services.clock.steady())
        if kind == "public":
            check_name(connection, name)
        room = rooms.add(connection, slug, name, topic, kind, now, description=description, created_by=creator)
        return memberships.join(connection, room.id, creator, now, role="moderator")

    room, membership = await services.store.write(make)
    publish_joins(services, visitor.user, [(room, room.seq)], "moderator")
    return room, membership


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a room shall be; None: as it is."""

    name: str | None = None
    slug: str | None = None
    topic: str | None = None
    description: str | None = None
    kind: MadeKind | None = None
    posting: Posting | None = None
    slow_seconds: int | None = None
    archived: bool | None = None
    is_default: bool | None = None
    is_readable: bool | None = None
    is_unlisted: bool | None = None
    cards: bool | None = None


async def change(services: Services, visitor: Visitor, room_id: int, wanted: Wanted) -> tuple[Room, Membership]:
    """Give a room another name, other texts or other rules; all its members see it at once.

    Raises NotFound, Forbidden, Muted, DirectRoom, BadRoomName, BadRequest, RoomTaken or TooFast."""
    services.limits.take(f"rooms:{visitor.user.id}", CHANGED)
    values, now = given(wanted), services.clock.now()

    def alter(connection: Connection) -> tuple[Room, Membership, int | None]:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "room.change")
        room, membership = access.room_to_change(connection, actor, "room.change", room_id)
        access.check_voice(actor.user, services.clock.steady())
        if wanted.is_default is not None and not rights.can(actor, "room.offer", membership):
            raise Forbidden
        new = {name: value for name, value in settled(room, values, now).items() if getattr(room, name) != value}
        if not new:
            return room, membership, None
        if "name" in new or "kind" in new:
            check_name_of(connection, room, new)
        if "archived_at" in new:
            record_archive(connection, actor, room_id, new["archived_at"] is not None, now)
        changed = rooms.change(connection, room_id, new)
        record_publishing(connection, room, changed, actor.user, now)
        return changed, membership, counters.take(connection, "revoked")

    room, membership, number = await services.store.write(alter)
    if number is not None:
        publish_to_peers(services, number, StandingChanged(number=number, room=room_id))
        publish_to_room(services, room_id, room.seq, shown_change(room))
    return room, membership


def record_archive(connection: Connection, actor: Visitor, room_id: int, archived: bool, now: int) -> None:  # noqa: FBT001
    details = {"archived": int(archived)}
    acts.add(connection, "room.archive", now, actor_id=actor.user.id, room_id=room_id, details=details)


def given(wanted: Wanted) -> dict[str, Any]:
    """What was given, as it is kept."""
    kept = {
        "name": None if wanted.name is None else room_name(wanted.name),
        "slug": None if wanted.slug is None else room_slug(wanted.slug),
        "topic": None if wanted.topic is None else plain_line(wanted.topic),
        "description": None if wanted.description is None else plain_text(wanted.description),
        "kind": wanted.kind,
        "posting": wanted.posting,
        "slow_seconds": wanted.slow_seconds,
        "archived": wanted.archived,
        "is_default": wanted.is_default,
        "is_readable": wanted.is_readable,
        "is_unlisted": wanted.is_unlisted,
        "cards": wanted.cards,
    }
    return {name: value for name, value in kept.items() if value is not None}


def settled(room: Room, values: dict[str, Any], now: int) -> dict[str, Any]:
    """What follows from it for this room. Newcomers are not led into what is private, nobody outside reads it, and the
    address of a private room tells nobody what it is called."""
    values = dict(values)
    if "archived" in values:
        archived = values.pop("archived")
        values["archived_at"] = (room.archived_at or now) if archived else None
    if values.get("kind", room.kind) == "private":
        if values.get("is_default"):
            raise BadRequest("Newcomers join public rooms only. Make this one public first.")
        if values.get("is_readable"):
            raise BadRequest("People without an account read public rooms only. Make this one public first.")
        values |= {"is_default": False, "is_readable": False}
        if "slug" in values and values["slug"] != room.slug:
            values["slug"] = hidden_slug(values["slug"])
    return values


def record_publishing(connection: Connection, before: Room, after: Room, actor: User, now: int) -> None:
    """Who reads it from outside is an act of the log."""
    was, now_is = publicity(before), publicity(after)
    if was != now_is:
        details = {"before": was, "after": now_is}
        acts.add(connection, "room.publish", now, actor_id=actor.id, room_id=after.id, details=details)


def publicity(room: Room) -> str:
    """In the words of the log: who may find the room besides its members."""
    if not room.is_readable:
        return "members"
    return "readers" if room.is_unlisted else "everybody"


def check_name_of(connection: Connection, room: Room, new: dict[str, Any]) -> None:
    if new.get("kind", room.kind) == "public":
        check_name(connection, new.get("name", room.name), room.id)


def check_name(connection: Connection, name: str, but: int | None = None) -> None:
    if rooms.name_is_taken(connection, name, but):
        raise RoomTaken(name)


def epoch(services: Services) -> str:
    """The random name of the database: what a client knows of another one is worth nothing (DELIVERY D7)."""
    return services.store.epoch


async def of_visitor(services: Services, visitor: Visitor) -> list[tuple[Room, Membership]]:
    """The visitor's rooms, oldest first; of direct ones those in which something was said, or begun by them."""
    return await services.store.read(memberships.of_user, visitor.user.id)


@dataclass(frozen=True, slots=True)
class Own:
    """A room that somebody is in, and by their ids all whose talk it is, if it is a direct one."""

    room: Room
    membership: Membership
    party: dict[int, User]


async def one(services: Services, visitor: Visitor, room_id: int) -> Own:
    """A room of the visitor's, as it is now. Raises NotFound."""
    return await services.store.read(read_one, visitor, room_id)


def read_one(connection: Connection, visitor: Visitor, room_id: int) -> Own:
    room, membership = readable(connection, visitor, room_id)
    return Own(room, membership, direct.people_in(connection, [room]))


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A room as of its change `room.seq`, what its member is shown of its messages, and the people in those.

    Where there is more to show, the next part begins at `room.seq`."""

    room: Room
    membership: Membership
    opening: Opening
    people: list[User]
    party: dict[int, User]
    """Whose talk it is, of a direct room."""


def take_opening(services: Services, visitor: Visitor) -> None:
    """Before a connection of the visitor's opens a room. Raises TooFast."""
    services.limits.take(f"open:{visitor.user.id}", OPENED)


async def catch_up(
    services: Services, visitor: Visitor, room_id: int, epoch: str | None, since: int | None
) -> CaughtUp:
    """The state of a room for somebody who saw its change `since` in the database `epoch`. Raises NotFound."""
    known = since if epoch == services.store.epoch else None
    openings, asked = services.cache.openings, (room_id, known)
    caught_up = await services.store.read(read_state, visitor, room_id, known, openings.get(asked))
    if caught_up.opening.messages:
        openings.put(asked, caught_up.opening, openings.version)
    if caught_up.opening.reset and since is not None:
        services.metrics.resets += 1
    return caught_up


def read_state(
    connection: Connection, visitor: Visitor, room_id: int, since: int | None, kept: Opening | None = None
) -> CaughtUp:
    """One query for who has missed nothing, two where somebody asked the same before, three as a rule."""
    room, membership = readable(connection, visitor, room_id)
    opening = kept if kept is not None and kept.seq == room.seq else read_opening(connection, room, since)
    if opening.more:
        room = msgspec.structs.replace(room, seq=opening.messages[-1].seq)
    people = users.by_ids(connection, opening.people)
    return CaughtUp(room, membership, opening, people, direct.people_in(connection, [room]))


def read_opening(connection: Connection, room: Room, since: int | None) -> Opening:
    changed = changes(connection, room, since)
    if changed is None:
        found, more = last_that_fit(messages.newest(connection, room.id, NEWEST)), False
    else:
        found = first_that_fit(changed[:MOST_AT_ONCE])
        more = len(found) < len(changed)
    quoted = quoted_in(connection, found)
    shown, quotes = [shown_message(each) for each in found], [shown_message(each) for each in quoted]
    return Opening(room.seq, shown, quotes, frozenset(people_in([*found, *quoted])), changed is None, more)


def changes(connection: Connection, room: Room, since: int | None) -> list[Message] | None:
    """The messages changed since, up to one more than go into an answer; None when all together are too many, or when
    `since` cannot be of this room."""
    if since is None or since > room.seq:
        return None
    if since == room.seq:
        return []
    changed = messages.changed_since(connection, room.id, since, MOST_AT_ONCE + 1)
    if len(changed) <= MOST_AT_ONCE:
        return changed
    count = messages.count_changed_since(connection, room.id, since, MOST_CHANGES + 1)
    return None if count > MOST_CHANGES else changed


Change = MessagePosted | MessageChanged | MemberJoined | MemberLeft | RoomChanged


async def missed(services: Services, room_id: int, seq: int) -> tuple[int, list[Change]]:
    """The room's head, and its changes after `seq` in order: how a hub fills a hole. Of more than MOST_CHANGES messages
    only the newest and the one that changed last: these show every client its hole, and each catches up by itself. Who
    left is never left out, or they would be told more.

    For hubs only: no visitor asks here, each connection that receives these was let in before."""
    return await services.store.read(read_missed, room_id, seq)


def read_missed(connection: Connection, room_id: int, seq: int) -> tuple[int, list[Change]]:
    room = rooms.by_id(connection, room_id)
    assert room is not None, "a hub watches rooms that exist"
    changed = messages.changed_since(connection, room_id, seq, MOST_CHANGES + 1)
    moved = memberships.changed_since(connection, room_id, seq)
    if len(changed) > MOST_CHANGES:
        changed = outermost(connection, room_id, seq)
        moved = [each for each in moved if each.left_at is not None or each.seq > changed[-1].seq]
    context = context_of(connection, changed)
    people = people_of(connection, context, moved)
    changes: list[Change] = [
        *(posted_or_changed(each, own, people, seq) for each, own in each_with_its_own(changed, context)),
        *(moved_event(each, people[each.user_id]) for each in moved),
        *([shown_change(room)] if room.changed_seq > seq else []),
    ]
    return room.seq, sorted(changes, key=lambda change: change.seq)


def outermost(connection: Connection, room_id: int, seq: int) -> list[Message]:
    """Of the messages that changed after `seq` the newest, of which those hear who look elsewhere, and the last one."""
    last = messages.last_changed(connection, room_id)
    assert last is not None, "many have changed"
    newest = messages.newest(connection, room_id, 1)
    return [each for each in newest if seq < each.seq < last.seq] + [last]


def posted_or_changed(
    message: Message, context: Context, people: dict[int, User], seq: int
) -> MessagePosted | MessageChanged:
    """What there is to tell of a message to who was told of all up to `seq`."""
    if (message.posted_seq or message.seq) > seq:
        return posted_event(message, people[message.author_id], context.people, context.quoted)
    return changed_event(message, context.people, context.quoted)


def people_of(connection: Connection, context: Context, moved: list[Membership]) -> dict[int, User]:
    known = {user.id: user for user in context.people}
    missing = {each.user_id for each in moved} - known.keys()
    return known | {user.id: user for user in users.by_ids(connection, missing)}


def moved_event(membership: Membership, person: User) -> MemberJoined | MemberLeft:
    room_id, seq, shown = membership.room_id, membership.seq, shown_person(person)
    if membership.left_at is not None:
        return MemberLeft(room=room_id, seq=seq, person=shown, by=membership.removed_by)
    return MemberJoined(room=room_id, seq=seq, person=shown)


async def head(services: Services, visitor: Visitor, room_id: int) -> int:
    """The seq of a room that the visitor may read, both as the database has them now. Raises NotFound."""
    return await services.store.read(read_head, visitor, room_id)


def read_head(connection: Connection, visitor: Visitor, room_id: int) -> int:
    return readable(connection, visitor, room_id)[0].seq


def readable(connection: Connection, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    found = access.standing_now(connection, visitor, room_id)
    if not rights.can(visitor, "room.read", found[1]):
        raise NotFound
    return found

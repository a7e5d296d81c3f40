"""Rooms: making them, listing one's own, and catching up with one."""

import re
from dataclasses import dataclass

import msgspec

from app.chat.accounts import publish_joins
from app.chat.events import shown_person
from app.chat.messages import posted_event
from app.chat.portions import first_that_fit, last_that_fit
from app.errors import BadRequest, NotFound
from app.models import Membership, Message, Room, User, Visitor
from app.protocol.events import MemberJoined, MessagePosted
from app.services import Services
from app.storage import memberships, messages, rooms, users
from app.storage.database import Connection

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LIMIT = 40
NEWEST = 50
MOST_AT_ONCE = 200
"""Messages of one answer; who missed more gets several."""
MOST_CHANGES = 1_000
"""Beyond this many missed changes the newest page is the better answer (DELIVERY D7)."""


async def add(services: Services, slug: str) -> Room:
    """Make a public room, with everybody in it. Raises BadRequest when the address is no slug or is taken."""
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LIMIT:
        raise BadRequest(
            f"A room's address is at most {SLUG_LIMIT} of a-z, 0-9 and single hyphens, such as tide-sensors."
        )
    now = services.clock.now()

    def make(connection: Connection) -> tuple[Room, list[tuple[User, int]]]:
        room = rooms.add(connection, slug, slug, "", "public", now)
        joined = memberships.join_everybody(connection, room.id, now)
        return msgspec.structs.replace(room, seq=len(joined), members=len(joined)), joined

    room, joined = await services.store.write(make)
    for user, seq in joined:
        publish_joins(services, user, [(room, seq)])
    return room


def epoch(services: Services) -> str:
    """The random name of the database: what a client knows of another one is worth nothing (DELIVERY D7)."""
    return services.store.epoch


async def of_visitor(services: Services, visitor: Visitor) -> list[tuple[Room, Membership]]:
    """The visitor's rooms, oldest first."""
    return await services.store.read(memberships.of_user, visitor.user.id)


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A room, and what has changed since the asker last saw it, or its newest page when `reset`.

    With `more` this is a part of it, up to change `room.seq`; the next part begins there."""

    room: Room
    membership: Membership
    messages: list[Message]
    authors: list[User]
    reset: bool
    more: bool


async def catch_up(
    services: Services, visitor: Visitor, room_id: int, epoch: str | None, since: int | None
) -> CaughtUp:
    """The state of a room for somebody who saw its change `since` in the database `epoch`. Raises NotFound."""
    known = since if epoch == services.store.epoch else None
    caught_up = await services.store.read(read_state, room_id, visitor.user.id, known)
    if caught_up.reset and since is not None:
        services.metrics.resets += 1
    return caught_up


def read_state(connection: Connection, room_id: int, user_id: int, since: int | None) -> CaughtUp:
    """One query for who has missed nothing, three as a rule: after a restart everybody asks this at once."""
    found = memberships.find_with_room(connection, room_id, user_id)
    if found is None:
        raise NotFound
    room, membership = found
    changed = changes(connection, room, since)
    if changed is None:
        shown, more = last_that_fit(messages.newest(connection, room_id, NEWEST)), False
    else:
        shown = first_that_fit(changed[:MOST_AT_ONCE])
        more = len(shown) < len(changed)
    if more:
        room = msgspec.structs.replace(room, seq=shown[-1].seq)
    authors = users.by_ids(connection, {message.author_id for message in shown})
    return CaughtUp(room, membership, shown, authors, reset=changed is None, more=more)


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


Change = MessagePosted | MemberJoined


async def missed(services: Services, room_id: int, seq: int) -> tuple[int, list[Change]]:
    """The room's head, and its changes after `seq` in order: how a hub fills a hole. Of more than MOST_CHANGES only the
    last: it shows every client its hole, and each catches up by itself.

    For hubs only: no visitor asks here, each connection that receives these was let in before."""
    return await services.store.read(read_missed, room_id, seq)


def read_missed(connection: Connection, room_id: int, seq: int) -> tuple[int, list[Change]]:
    room = rooms.by_id(connection, room_id)
    assert room is not None, "a hub watches rooms that exist"
    posted = messages.changed_since(connection, room_id, seq, MOST_CHANGES + 1)
    if len(posted) > MOST_CHANGES:
        posted = messages.newest(connection, room_id, 1)
        seq = posted[0].seq
    joined = memberships.changed_since(connection, room_id, seq)
    people = people_of(connection, posted, joined)
    changes: list[Change] = [
        *(posted_event(message, people[message.author_id]) for message in posted),
        *(joined_event(joining, people[joining.user_id]) for joining in joined),
    ]
    return room.seq, sorted(changes, key=lambda change: change.seq)


def people_of(connection: Connection, posted: list[Message], joined: list[Membership]) -> dict[int, User]:
    ids = {message.author_id for message in posted} | {joining.user_id for joining in joined}
    return {user.id: user for user in users.by_ids(connection, ids)}


def joined_event(joining: Membership, person: User) -> MemberJoined:
    return MemberJoined(room=joining.room_id, seq=joining.seq, person=shown_person(person))


async def heads(services: Services, room_ids: list[int]) -> dict[int, int]:
    """The seq of each of these rooms, by id."""
    return await services.store.read(rooms.heads, room_ids)

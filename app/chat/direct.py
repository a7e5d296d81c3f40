"""Direct rooms: the talk of one set of people, who are found by it and stay the same. Others hear of it with its first
message."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.chat import access
from app.chat.events import publish_to_user, shown_room
from app.errors import BadRequest, NotFound, TooManyTalks
from app.memory.limits import Limit
from app.models import Membership, Message, Room, User, Visitor
from app.protocol import events
from app.services import Services
from app.storage import blocks, memberships, messages, rooms, turns, users
from app.storage.database import Connection

MOST = 8
"""People besides the one who asks."""
PACE = Limit(60, 60.0)
"""Of one person, whether the room is there or not."""
MOST_GROUPS, MOST_GROUPS_OF_ONE = 100, 25
"""Talks with more than one other in which somebody is, and of those that one other person began, before others begin no
more with them. Nobody leaves one, and all go into the first words of each of their connections, which end it beyond a
bound; and no single person uses that up for everybody else."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A direct room, the visitor's membership, and all whose talk it is."""

    room: Room
    membership: Membership
    people: list[User]


async def open_room(services: Services, visitor: Visitor, user_ids: Iterable[int]) -> Talk:
    """The room of the visitor and these people, made when there is none. Raises BadRequest, NotFound,
    TooManyTalks, DirectLater or TooFast."""
    ids = party_of(visitor, user_ids)
    services.limits.take(f"direct:{visitor.user.id}", PACE)
    known = await services.store.read(begun, visitor.user.id, ids)
    if known is not None:
        return known
    if await services.store.read(addresses_strangers, visitor.user.id, ids):
        access.check_writing_first(visitor.user, services.clock.steady())
        limit = Limit(services.settings.limit_conversations_per_hour, 3_600.0)
        services.limits.take(f"conversations:{visitor.user.id}", limit)
    return await services.store.write(find_or_make, visitor, ids, services.clock.now())


def party_of(visitor: Visitor, user_ids: Iterable[int]) -> set[int]:
    others = set(user_ids) - {visitor.user.id}
    if not others:
        raise BadRequest("Choose somebody to write to.")
    if len(others) > MOST:
        raise BadRequest("These are too many people: {people} is the most. Make a room for more.", people=MOST)
    return others | {visitor.user.id}


def begun(connection: Connection, visitor_id: int, ids: set[int]) -> Talk | None:
    """None also where nothing was said yet. What was said can be read for ever, whoever else is still here."""
    room = rooms.by_people(connection, ids)
    return None if room is None or room.last_number == 0 else talk_in(connection, room, visitor_id)


def addresses_strangers(connection: Connection, visitor_id: int, ids: set[int]) -> bool:
    """Whether this would be a new room, with somebody in it who has never written to the visitor."""
    if rooms.by_people(connection, ids) is not None:
        return False
    return not all(messages.has_written_to(connection, each, visitor_id) for each in ids - {visitor_id})


def find_or_make(connection: Connection, visitor: Visitor, ids: set[int], now: int) -> Talk:
    # In turn with those who leave for good: nobody is brought into a room who is nobody any more.
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "direct.open")
    for user_id in sorted(ids - {actor.user.id}):
        check_may_write_to(connection, actor, user_id)
    room = rooms.by_people(connection, ids)
    if room is None:
        check_may_gather(connection, actor, ids - {actor.user.id})
        room = make(connection, actor, ids, now)
    return talk_in(connection, room, actor.user.id)


def check_may_write_to(connection: Connection, visitor: Visitor, user_id: int) -> None:
    """Raises NotFound for who is unknown or banned, cannot be spoken to, or is in no room of the visitor's: they look
    alike.

    Whatever else keeps somebody from beginning to write to another belongs here."""
    access.somebody(connection, user_id)
    if not memberships.in_common(connection, visitor.user.id, user_id):
        raise NotFound


def check_may_gather(connection: Connection, visitor: Visitor, others: set[int]) -> None:
    """Before a talk with more than one other begins. Raises NotFound, as above, where one of them has blocked the
    visitor: a talk of these two alone is hidden by their page, and this one would not be. Raises TooManyTalks."""
    if len(others) == 1:
        return
    if blocks.who_blocked(connection, visitor.user.id, others):
        raise NotFound
    for user_id in sorted(others):
        began = memberships.who_began(connection, user_id)
        if began.count(visitor.user.id) >= MOST_GROUPS_OF_ONE:
            raise TooManyTalks(MOST_GROUPS_OF_ONE)
        if len(began) >= MOST_GROUPS:
            raise TooManyTalks(MOST_GROUPS)


def make(connection: Connection, visitor: Visitor, ids: set[int], now: int) -> Room:
    # The address is made by chance: it tells nobody who talks.
    slug, key = f"dm-{secrets.token_hex(8)}", rooms.key_of_people(ids)
    room = rooms.add(connection, slug, "", "", "direct", now, created_by=visitor.user.id, direct_key=key)
    return memberships.join_direct(connection, room, now)


def talk_in(connection: Connection, room: Room, visitor_id: int) -> Talk:
    membership = memberships.find(connection, room.id, visitor_id)
    assert membership is not None, "nobody leaves a direct room but with their account"
    return Talk(room, membership, users.by_ids(connection, room.party))


def people_in(connection: Connection, found: Iterable[Room]) -> dict[int, User]:
    """Whose talks the direct ones of these rooms are, by id."""
    ids = {user_id for room in found for user_id in room.party}
    return {user.id: user for user in users.by_ids(connection, ids)} if ids else {}


def shown(
    services: Services, room: Room, membership: Membership, people: Mapping[int, User], mentions: Sequence[int] = ()
) -> events.Room:
    """A room of either kind as its member sees it; `people` holds all whose talk it is, `mentions` are those of the
    member that they have not read."""
    party, presence = [people[user_id] for user_id in room.party], services.presence
    here, idle = presence.of_these(room.party), presence.idle_of(room.party)
    return shown_room(room, membership, mentions, party, here, idle)


async def unaware(services: Services, room: Room) -> list[User]:
    """The people who hear of this direct room, as it was a while ago, with the message that comes next; nobody where
    one was posted."""
    if room.last_number:
        return []
    return await services.store.read(users.by_ids, room.party)


def publish_begun(services: Services, people: Sequence[User], room: Room, message: Message) -> None:
    """Bring the room to the connections of all its people, if this was its first message."""
    if people and message.number == 1:
        begun_room = replace(room, last_number=1, seq=message.seq, last_at=message.at)
        here, idle = services.presence.of_these(room.party), services.presence.idle_of(room.party)
        for person in people:
            membership = Membership(room.id, person.id, 0, message.seq, message.at, role="peer")
            joined = events.RoomJoined(room=shown_room(begun_room, membership, (), people, here, idle))
            publish_to_user(services, person.id, joined)


async def tell_begun(services: Services) -> None:
    """Do so for the rooms of `services.begun`, as they are now: who has heard of one hears nothing new. Raises
    Unavailable or StorageFull; what is not told yet is told by the next call."""
    for room_id in sorted(services.begun):
        room, found, people = await services.store.read(read_begun, room_id)
        services.begun.discard(room_id)
        for membership in found:
            joined = events.RoomJoined(room=shown(services, room, membership, people))
            publish_to_user(services, membership.user_id, joined)


def read_begun(connection: Connection, room_id: int) -> tuple[Room, list[Membership], dict[int, User]]:
    """With the memberships of those who are in it, and all whose talk it is."""
    room = rooms.by_id(connection, room_id)
    assert room is not None, "rooms are never deleted"
    found = [memberships.find(connection, room_id, user_id) for user_id in room.party]
    return room, [each for each in found if each is not None], people_in(connection, [room])

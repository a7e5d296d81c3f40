"""The only way from an id to an object: through the person who asks, and what they may (app/chat/rights.py).

What is absent and what is forbidden raise the same NotFound, so that nobody learns of a room they may not see.
"""

from typing import Literal

import msgspec

from app.chat import rights
from app.chat.rights import Action
from app.errors import (
    DirectLater,
    DirectRoom,
    FilesLater,
    Forbidden,
    InsufficientScope,
    LinksLater,
    MessageRemoved,
    ModeratorsPost,
    Muted,
    NobodyLeft,
    NotFound,
    NotSignedIn,
    RoomArchived,
    SignInAgain,
)
from app.models import Membership, Message, Room, Session, Token, User, Visitor
from app.services import Services
from app.storage import bans, memberships, public_reading, rooms, sessions, tokens, users
from app.storage.database import Connection

Shut = Literal["archived", "announcements", "alone", "muted"]
FRESH = 15 * 60_000
"""Milliseconds for which a sign-in is good for what asks for a fresh one (SECURITY S43)."""


def allow(visitor: Visitor | None, action: Action) -> None:
    """What every command and every address begins with. Raises NotSignedIn or Forbidden when the visitor may do this
    nowhere, and InsufficientScope when their program's token is not for it; in which room they may is said by the
    functions below."""
    if not rights.can_somewhere(visitor, action):
        raise NotSignedIn if visitor is None else Forbidden
    missing = rights.scope_missing(visitor, action)
    if missing is not None:
        raise InsufficientScope(missing)


def allow_fresh(services: Services, visitor: Visitor, action: Action) -> None:
    """The second thing. Raises SignInAgain when this takes a fresh sign-in: nobody who finds a browser open, or a
    program's token, gets so far."""
    if rights.RULES[action].fresh and not is_fresh(visitor, services.clock.steady()):
        raise SignInAgain


def is_fresh(visitor: Visitor, now: int) -> bool:
    return visitor.signed_in_at is not None and now - visitor.signed_in_at <= FRESH


def allow_now(connection: Connection, visitor: Visitor, action: Action) -> Visitor:
    """The visitor as the database knows them in this transaction. Raises Forbidden when they may not do this any more,
    and NotSignedIn when they have deleted their account or are banned.

    What members may not do is asked like this too, so that nobody acts in a role that was taken from them, whatever
    their process has heard (DELIVERY D15)."""
    user = users.by_id(connection, visitor.user.id)
    assert user is not None, "of whoever has deleted their account the number stays"
    if user.kind != "person" or bans.standing(connection, user.id) is not None:
        raise NotSignedIn
    now = msgspec.structs.replace(visitor, user=user)
    allow(now, action)
    return now


def somebody(connection: Connection, user_id: int) -> User:
    """Whom others may bring into a room, or begin to talk to. Raises NotFound, also for who is banned. Take a turn
    first: they may be put out, or leave for good, at this moment."""
    person = users.by_id(connection, user_id)
    if person is None or person.kind != "person" or bans.standing(connection, user_id) is not None:
        raise NotFound
    return person


def subordinate(connection: Connection, actor: Visitor, user_id: int) -> User:
    """Somebody whom the actor may restrain. Raises NotFound, or Forbidden for who has their rank or a higher one."""
    person = users.by_id(connection, user_id)
    if person is None or person.kind != "person":
        raise NotFound
    if not rights.outranks(actor, person):
        raise Forbidden
    return person


async def room_to_read(services: Services, visitor: Visitor, room_id: int) -> Membership:
    """The visitor's membership in a room they may read; NotFound otherwise."""
    return await room_to(services, visitor, "room.read", room_id)


async def room_to_write(services: Services, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    """A room that the visitor writes in, of which only the rules are fresh, and their membership; NotFound otherwise.
    Whether they may post just now is for `check_posting` to say."""
    room, found = await standing(services, visitor, room_id)
    if not rights.can(visitor, "room.post", found):
        raise NotFound
    return room, found


async def room_to_post(services: Services, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    """The same of a room that they may post in now. Raises NotFound, RoomArchived, ModeratorsPost, NobodyLeft or
    Muted."""
    room, found = await room_to_write(services, visitor, room_id)
    check_posting(visitor, room, found, services.clock.steady())
    return room, found


async def room_to_react(services: Services, visitor: Visitor, room_id: int) -> None:
    """Whether the visitor may react to messages of a room now, also where only moderators post. Raises NotFound,
    RoomArchived or Muted."""
    room, found = await standing(services, visitor, room_id)
    if not rights.can(visitor, "message.react", found):
        raise NotFound
    if room.archived_at is not None:
        raise RoomArchived
    check_voice(visitor.user, services.clock.steady())


def check_posting(visitor: Visitor, room: Room, membership: Membership, now: int) -> None:
    """Raises RoomArchived, ModeratorsPost, NobodyLeft or Muted."""
    match shut_by(visitor, room, membership, now):
        case "archived":
            raise RoomArchived
        case "announcements":
            raise ModeratorsPost
        case "alone":
            raise NobodyLeft
        case "muted":
            check_voice(visitor.user, now)


def check_voice(person: User, now: int) -> None:
    """Raises Muted: whoever may not post changes nothing else that others read, either."""
    left = muted_for(person, now)
    if left:
        raise Muted(left / 1000)


def muted_for(person: User, now: int) -> int:
    """Milliseconds."""
    return max(0, (person.muted_until or 0) - now)


def new_for(person: User, now: int) -> int:
    """Milliseconds for which somebody is new here still: 0 for who has a role."""
    return max(0, (person.trusted_at or 0) - now) if person.role == "member" else 0


def check_links(person: User, now: int) -> None:
    """Raises LinksLater for who is new here."""
    left = new_for(person, now)
    if left:
        raise LinksLater(left / 1000)


def check_files(person: User, now: int) -> None:
    """Raises FilesLater for who is new here."""
    left = new_for(person, now)
    if left:
        raise FilesLater(left / 1000)


def check_writing_first(person: User, now: int) -> None:
    """Before a direct conversation begins. Raises DirectLater for who is new here."""
    left = new_for(person, now)
    if left:
        raise DirectLater(left / 1000)


def standing_message(message: Message | None) -> Message:
    """One to which something is to be added. Raises NotFound where there is none, or MessageRemoved."""
    if message is None:
        raise NotFound
    if message.removed_at is not None:
        raise MessageRemoved
    return message


def shut_by(visitor: Visitor, room: Room, membership: Membership, now: int) -> Shut | None:
    """Why the visitor, who is in this room, cannot post in it; None: they can."""
    if room.archived_at is not None:
        return "archived"
    if membership.role == "peer" and room.members == 1:
        return "alone"
    if room.posting == "moderators" and not rights.may_announce(visitor, membership):
        return "announcements"
    return "muted" if muted_for(visitor.user, now) else None


async def room_named(services: Services, visitor: Visitor, slug: str) -> tuple[Room, Membership]:
    """The room with this address, and the visitor's membership in it; NotFound otherwise."""
    # One question, whether there is such a room or not: a second one would tell by its time (SECURITY S40).
    found = await services.store.read(memberships.find_by_slug, slug, visitor.user.id)
    if found is None or found[0].parent_id is not None or not rights.can(visitor, "room.read", found[1]):
        raise NotFound
    return found


def room_from_outside(connection: Connection, slug: str) -> Room:
    """The room with this address, if whoever is not signed in may read it; NotFound otherwise."""
    return readable_from_outside(public_reading.by_slug(connection, slug))


def room_id_from_outside(connection: Connection, room_id: int) -> Room:
    """The same by the room's id."""
    return readable_from_outside(public_reading.by_id(connection, room_id))


def readable_from_outside(found: tuple[Room, bool] | None) -> Room:
    if found is None or not rights.may_read_from_outside(found[0], is_on=found[1]):
        raise NotFound
    return found[0]


async def own_session(services: Services, visitor: Visitor, session_id: int) -> Session:
    """A session of the visitor's that was not ended; NotFound otherwise."""
    found = await services.store.read(sessions.by_ids, [session_id])
    if not found or found[0].user_id != visitor.user.id:
        raise NotFound
    return found[0]


async def own_token(services: Services, visitor: Visitor, token_id: int) -> Token:
    """A token of a program of the visitor's that was not ended; NotFound otherwise."""
    found = await services.store.read(tokens.by_ids, [token_id])
    if not found or found[0].user_id != visitor.user.id:
        raise NotFound
    return found[0]


async def room_to(services: Services, visitor: Visitor, action: Action, room_id: int) -> Membership:
    """The visitor's membership in a room where they may do this; NotFound otherwise."""
    _, found = await standing(services, visitor, room_id)
    if not rights.can(visitor, action, found):
        raise NotFound
    return found


async def standing(services: Services, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    """A room that the visitor is in, as it was a while ago, and their membership."""
    room, found = await remembered(services, visitor, room_id)
    if room.parent_id is None:
        return room, found
    return under(*await remembered(services, visitor, room.parent_id), room, found)


async def remembered(services: Services, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    key, cache = (room_id, visitor.user.id), services.cache
    room, found = cache.rooms.get(room_id), cache.memberships.get(key)
    if room is None or found is None:
        versions = cache.rooms.version, cache.memberships.version
        both = await services.store.read(memberships.find_with_room, room_id, visitor.user.id)
        if both is None:
            raise NotFound
        room, found = both
        cache.rooms.put(room_id, room, versions[0])
        cache.memberships.put(key, found, versions[1])
    return room, found


async def room_of(services: Services, room_id: int) -> Room:
    """A room as it was a while ago, whoever asks: they have to be let in yet. Raises NotFound."""
    room = services.cache.rooms.get(room_id) or await services.store.read(rooms.by_id, room_id)
    if room is None:
        raise NotFound
    return room


def under(parent: Room, own: Membership, thread: Room, found: Membership) -> tuple[Room, Membership]:
    """A thread is ruled by its room, and everybody is in it what they are there."""
    rules = {name: getattr(parent, name) for name in ("members", "posting", "slow_seconds", "archived_at", "cards")}
    return msgspec.structs.replace(thread, **rules), msgspec.structs.replace(found, role=own.role)


def standing_now(connection: Connection, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    """A room that the visitor is in, as it is, and their membership. Raises NotFound."""
    both = memberships.find_with_room(connection, room_id, visitor.user.id)
    if both is not None and both[0].parent_id is not None:
        parent = memberships.find_with_room(connection, both[0].parent_id, visitor.user.id)
        both = None if parent is None else under(*parent, *both)
    if both is None:
        raise NotFound
    return both


def room_to_change(connection: Connection, visitor: Visitor, action: Action, room_id: int) -> tuple[Room, Membership]:
    """In a transaction that is to change it: a room where the visitor may do this, locked, and their membership.
    Raises NotFound, also for a thread, or DirectRoom: both stay as they are."""
    room, found = locked_standing(connection, visitor, room_id)
    if room.kind == "direct":
        raise DirectRoom
    if room.parent_id is not None or not rights.can(visitor, action, found):
        raise NotFound
    return room, found


def room_to_rewrite(connection: Connection, visitor: Visitor, action: Action, room_id: int) -> tuple[Room, Membership]:
    """The same of a room whose messages are to change, which those of a direct one do like others. Raises NotFound."""
    room, found = locked_standing(connection, visitor, room_id)
    if not rights.can(visitor, action, found):
        raise NotFound
    return room, found


def locked_standing(connection: Connection, visitor: Visitor, room_id: int) -> tuple[Room, Membership]:
    if rooms.locked(connection, room_id) is None:
        raise NotFound
    return standing_now(connection, visitor, room_id)

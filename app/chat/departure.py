"""Leaving for good: the account ends and all that was the person's goes. What they wrote stays, by a former member, or
goes as well."""

from dataclasses import dataclass

from app.chat import access, held_mutes, programs
from app.chat.events import publish_to_everyone, publish_to_peers, shown_person
from app.chat.memberships import Leaving, numbered, publish_leavings
from app.chat.reactions import withdraw_all
from app.chat.removal import remove_all
from app.errors import BadRequest, LastOwner
from app.models import Removal, Room, User, Visitor
from app.protocol.events import PersonChanged
from app.protocol.peers import SessionRevoked
from app.services import Services
from app.storage import (
    avatars,
    blocks,
    counters,
    drafts,
    files,
    handles,
    memberships,
    mentions,
    removals,
    rooms,
    saved,
    sessions,
    turns,
    users,
)
from app.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Departure:
    """The `person` as they are shown from here on, the `sessions` that ended, each by its number of what was taken from
    people, and the rooms that they `left`, threads included."""

    person: User
    sessions: list[tuple[int, int]]
    left: list[Leaving]


async def delete(services: Services, visitor: Visitor, handle: str, *, with_messages: bool = False) -> None:
    """End the visitor's account, and take away all their messages and reactions first if they want that. `handle` is
    what they typed to show that they mean it.

    Raises BadRequest when it is not theirs, and LastOwner. Their connections close at once, in every process; whoever
    signs in with the same X account later is a newcomer, muted as long as they would have been.
    """
    if handle.strip().removeprefix("@").casefold() != visitor.user.handle.casefold():
        raise BadRequest("This is not your handle. Type {handle} to delete your account.", handle=shown_handle(visitor))
    removal = Removal(visitor.user.id, visitor.user.id, services.clock.now())
    if with_messages:
        # Before the account: if the server dies meanwhile, they are still somebody who can ask for the rest.
        await services.store.read(check_may_go, visitor)
        await remove_all(services, removal)
        await withdraw_all(services, visitor.user)
        await services.store.write(removals.keep_gone, visitor.user.id)

    def go(connection: Connection) -> Departure:
        turns.take(connection)
        held_mutes.keep(connection, services.settings, visitor.user.id, services.clock.steady())
        return depart(connection, visitor, removal.at)

    gone = await services.store.write(go)
    for session_id, number in gone.sessions:
        publish_to_peers(services, number, SessionRevoked(number=number, session=session_id, user=gone.person.id))
    publish_leavings(services, gone.left, gone.person, None)
    publish_to_everyone(services, PersonChanged(person=shown_person(gone.person)))
    if with_messages:
        # What another device of theirs has done meanwhile.
        await remove_all(services, removal)
        await withdraw_all(services, visitor.user)


def shown_handle(visitor: Visitor) -> str:
    return f"@{visitor.user.handle}"


def depart(connection: Connection, visitor: Visitor, now: int) -> Departure:
    turns.take(connection)
    user = check_may_go(connection, visitor)
    left = leave_rooms(connection, user.id, now)
    ended = end_sessions(connection, user.id, now)
    programs.end_all(connection, user.id, now)
    forget(connection, user.id)
    person = users.make_former(connection, user.id)
    sessions_ended = [(session_id, counters.take(connection, "revoked")) for session_id in ended]
    return Departure(person, sessions_ended, numbered(connection, left))


def check_may_go(connection: Connection, visitor: Visitor) -> User:
    """The visitor, who is still somebody. Raises NotSignedIn, also for who is banned: their X account would come in as
    a newcomer's. Raises LastOwner: a community without an owner could not get one from within."""
    user = access.allow_now(connection, visitor, "account.delete").user
    if user.role == "owner" and users.count_owners(connection) == 1:
        raise LastOwner
    return user


def leave_rooms(connection: Connection, user_id: int, now: int) -> list[Room]:
    mine = still_in(connection, sorted(memberships.room_ids(connection, user_id)), user_id)
    return [memberships.leave(connection, room_id, user_id, now) for room_id in mine]


def still_in(connection: Connection, room_ids: list[int], user_id: int) -> list[int]:
    """Those of the rooms, all locked now, that somebody has not left until the lock was there."""
    for room_id in room_ids:
        rooms.locked(connection, room_id)
    return [room_id for room_id in room_ids if memberships.find(connection, room_id, user_id) is not None]


def end_sessions(connection: Connection, user_id: int, now: int) -> list[int]:
    ended = [session.id for session in sessions.of_user(connection, user_id)]
    for session_id in ended:
        sessions.end(connection, session_id, now)
    return ended


def forget(connection: Connection, user_id: int) -> None:
    """What nobody else needs. Roles that were claimed stay so: whoever takes the handle over gets none of them."""
    drafts.drop_of(connection, user_id)
    files.let_go_unsent(connection, user_id)
    blocks.drop_of(connection, user_id)
    mentions.drop_of(connection, user_id)
    saved.drop_of(connection, user_id)
    handles.drop_of(connection, user_id)
    avatars.drop(connection, user_id)

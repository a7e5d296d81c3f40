"""Banning: somebody is put out of the community at once and comes in by no door, until it is lifted."""

from dataclasses import dataclass

from app.chat import access, programs, removal, team
from app.chat.accounts import publish_joins
from app.chat.departure import end_sessions, still_in
from app.chat.events import publish_to_peers
from app.chat.memberships import Leaving, numbered, publish_leavings
from app.chat.mutes import take_turn
from app.chat.room_names import plain_text
from app.errors import NotFound
from app.models import Act, Ban, Removal, Room, RoomRole, User, Visitor
from app.protocol.peers import PersonBanned
from app.services import Services
from app.storage import acts, bans, counters, memberships, reports, rooms, threads, turns, users
from app.storage.database import Connection

SHOWN = 200
"""Bans of one look."""


@dataclass(frozen=True, slots=True)
class Banishment:
    """`person` is out, by `number` of what was taken from people, and has `left` rooms and threads; `cases` are what
    the team is told of those that wait: none about this person."""

    person: User
    number: int
    left: list[Leaving]
    cases: dict[int, int]


async def ban(
    services: Services, visitor: Visitor, user_id: int, reason: str = "", *, with_messages: bool = False
) -> Act:
    """Put somebody out: their connections end in every process, they leave every room, their programs' tokens are void,
    and their X account signs in no more. `with_messages`: and all that they wrote is removed, unless the ban is lifted
    meanwhile. Who is banned already stays so, and what was not removed yet can be in this way.

    Raises NotFound, Forbidden for who does not rank below the visitor, BadRequest for too long a reason, or TooFast.
    """
    reason = plain_text(reason)
    take_turn(services, visitor)
    act, held, done = await services.store.write(banish, visitor, user_id, reason, services.clock.now())
    if done is not None:
        tell(services, visitor, done)
    if with_messages:
        await removal.remove_all(services, what_went(held), ban=held)
    return act


def tell(services: Services, visitor: Visitor, done: Banishment) -> None:
    publish_to_peers(services, done.number, PersonBanned(number=done.number, user=done.person.id))
    publish_leavings(services, done.left, done.person, visitor.user.id)
    team.tell_cases(services, done.cases)


def what_went(ban: Ban) -> Removal:
    """With a ban, so that lifting it brings that back and nothing else."""
    return Removal(ban.user_id, ban.banned_by, ban.at)


def banish(
    connection: Connection, visitor: Visitor, user_id: int, reason: str, now: int
) -> tuple[Act, Ban, Banishment | None]:
    """The act and the ban, which may be those of before: then nothing was done."""
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "member.ban")
    person = access.subordinate(connection, actor, user_id)
    before, held = acts.last(connection, "member.ban", user_id), bans.standing(connection, user_id)
    if before is not None and held is not None:
        return before, held, None
    # Direct rooms stay theirs: nobody else can be left in one, and its talk goes on when the ban is lifted.
    mine = {room.id: mine.role for room, mine in memberships.of_user(connection, user_id) if mine.role != "peer"}
    in_them = [thread_id for room_id in mine for thread_id in threads.under(connection, room_id, user_id)]
    inside = still_in(connection, sorted([*mine, *in_them]), user_id)
    left = [memberships.leave(connection, room_id, user_id, now, actor.user.id) for room_id in inside]
    was_in = [(room_id, mine[room_id]) for room_id in inside if room_id in mine]
    end_sessions(connection, user_id, now)
    programs.end_all(connection, user_id, now)
    made = bans.add(connection, user_id, now, actor.user.id, reason, was_in)
    details = {"reason": reason} if reason else {}
    act = acts.add(connection, "member.ban", now, actor_id=actor.user.id, person_id=user_id, details=details)
    reports.close_all(connection, user_id, now)
    cases = team.cases(connection)
    number = counters.take(connection, "revoked")
    return act, made, Banishment(person, number, numbered(connection, left), cases)


async def listed(services: Services, visitor: Visitor) -> list[tuple[Ban, User]]:
    """The bans that hold, the newest first. Raises Forbidden."""

    def read(connection: Connection) -> list[tuple[Ban, User]]:
        access.allow_now(connection, visitor, "member.ban")
        found = bans.page(connection, SHOWN)
        people = {user.id: user for user in users.by_ids(connection, {each.user_id for each in found})}
        return [(each, people[each.user_id]) for each in found]

    return await services.store.read(read)


async def lift(services: Services, visitor: Visitor, user_id: int) -> None:
    """Let somebody come in again who was banned, and be in the rooms that they were in; what was removed with the ban,
    and reports that it closed, come back. Raises NotFound when they are not banned, Forbidden or TooFast."""
    take_turn(services, visitor)
    # Before the ban ends: if the server dies meanwhile, it still holds, and whoever lifts it gets the rest.
    ban, _ = await services.store.read(liftable, visitor, user_id)
    await removal.restore(services, what_went(ban))
    ban, person, joined, cases = await services.store.write(let_back, visitor, user_id, services.clock.now())
    for room, role in joined:
        publish_joins(services, person, [(room, room.seq)], role)
    team.tell_cases(services, cases)
    await removal.restore(services, what_went(ban))  # what was still being removed


def liftable(connection: Connection, visitor: Visitor, user_id: int) -> tuple[Ban, User]:
    """The ban that holds for somebody. Raises NotFound or Forbidden."""
    actor = access.allow_now(connection, visitor, "member.ban")
    person = access.subordinate(connection, actor, user_id)
    ban = bans.standing(connection, user_id)
    if ban is None:
        raise NotFound
    return ban, person


def let_back(
    connection: Connection, visitor: Visitor, user_id: int, now: int
) -> tuple[Ban, User, list[tuple[Room, RoomRole]], dict[int, int]]:
    turns.take(connection)
    ban, person = liftable(connection, visitor, user_id)
    bans.lift(connection, ban.id, now)
    acts.undo_last(connection, "member.ban", user_id, now)
    reports.reopen(connection, user_id, ban.at)
    joined = [(come_back(connection, room_id, person.id, role, now), role) for room_id, role in ban.rooms]
    return ban, person, joined, team.cases(connection)


def come_back(connection: Connection, room_id: int, user_id: int, role: RoomRole, now: int) -> Room:
    rooms.locked(connection, room_id)
    return memberships.join(connection, room_id, user_id, now, role)[0]

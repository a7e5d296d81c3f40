"""Invite links: the team makes and revokes them, and whoever holds one comes in by it."""

from dataclasses import dataclass

from app.chat import access, doors, grants, mutes, rights
from app.chat.accounts import new_token, publish_entry, token_hash
from app.chat.doors import Entry, Keys, invite_of, maker_of
from app.errors import BadRequest, InviteOver, NotFound
from app.memory.limits import Limit
from app.models import Invite, Role, Room, User, Visitor
from app.services import Services
from app.storage import acts, counters, invites, rooms, turns, users
from app.storage.database import Connection

DAY = 24 * 3_600_000
USUAL_DAYS, LONGEST_DAYS = 7, 90
MOST_USES = 10_000
SHOWN = 100
MADE = Limit(60, 3_600.0)
"""Links that one person makes, or revokes."""
MISSED = Limit(30, 60.0)
"""Links that lead nowhere, tried from one address; one of 256 bits is not found by that."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a link gives, to how many (None: to everybody), for how many days."""

    role: Role = "member"
    rooms: tuple[int, ...] = ()
    days: int = USUAL_DAYS
    most_uses: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An invite of the list, with who made it (None: the server's operator) and the rooms it leads to."""

    invite: Invite
    maker: User | None
    rooms: list[Room]


@dataclass(frozen=True, slots=True)
class Landing:
    """What a link shows to whoever opens it: who invites, the public rooms it leads to, whether it leads to others, and
    how many people there are."""

    maker: User | None
    rooms: list[Room]
    hides_rooms: bool
    members: int


async def make(services: Services, visitor: Visitor, terms: Terms) -> tuple[Invite, str]:
    """A new link's invite and token, which is kept nowhere. Raises BadRequest, Forbidden, NotFound, SignInAgain or
    TooFast."""
    check_terms(terms)
    if terms.role != "member":
        access.allow_fresh(services, visitor, rights.GIVING[terms.role])
    services.limits.take(f"invites:{visitor.user.id}", MADE)
    token, now = new_token(), services.clock.steady()

    def add(connection: Connection) -> Invite:
        maker = access.allow_now(connection, visitor, "invite.make")
        grants.check(connection, maker, terms.role, terms.rooms)
        return add_with(connection, token, terms, maker.user, now)

    return await services.store.write(add), token


async def make_by_operator(services: Services, terms: Terms, slugs: list[str]) -> str:
    """The token of a link as those make it who run the server, into the rooms with these addresses. Raises BadRequest
    or NotFound."""
    check_terms(terms)
    token, now = new_token(), services.clock.steady()

    def add(connection: Connection) -> None:
        found = [rooms.by_slug(connection, slug) for slug in slugs]
        ids = tuple(room.id for room in found if room is not None and room.kind in rooms.MADE)
        if len(ids) < len(slugs):
            raise NotFound
        add_with(connection, token, Terms(terms.role, ids, terms.days, terms.most_uses), None, now)

    await services.store.write(add)
    return token


def check_terms(terms: Terms) -> None:
    if not 1 <= terms.days <= LONGEST_DAYS:
        raise BadRequest("A link works for 1 to {days} days.", days=LONGEST_DAYS)
    if terms.most_uses is not None and not 1 <= terms.most_uses <= MOST_USES:
        raise BadRequest("A link works for 1 to {people} people, or for everybody.", people=MOST_USES)


def add_with(connection: Connection, token: str, terms: Terms, maker: User | None, now: int) -> Invite:
    made_by = None if maker is None else maker.id
    invite = invites.add(
        connection,
        token_hash(token),
        now,
        role=terms.role,
        rooms=terms.rooms,
        made_by=made_by,
        expires_at=now + terms.days * DAY,
        most_uses=terms.most_uses,
    )
    details = {"invite": invite.id, "role": invite.role}
    acts.add(connection, "invite.make", now, actor_id=made_by, details=details)
    return invite


async def listed(services: Services, visitor: Visitor) -> list[Listed]:
    """The newest that are not over and not revoked. Raises Forbidden."""
    now = services.clock.steady()

    def read(connection: Connection) -> list[Listed]:
        access.allow_now(connection, visitor, "invite.make")
        found = invites.living(connection, now, SHOWN)
        return [list_one(connection, visitor, invite) for invite in found]

    return await services.store.read(read)


def list_one(connection: Connection, visitor: Visitor, invite: Invite) -> Listed:
    """A private room that the visitor is not in is left out: they know nothing of it."""
    maker, found = maker_of(connection, invite), rooms_of(connection, invite)
    return Listed(invite, maker, [room for room in found if grants.may_bring(connection, visitor.user, room)])


async def revoke(services: Services, visitor: Visitor, invite_id: int) -> None:
    """Nobody comes in by it any more; who did stays. Raises Forbidden, NotFound or TooFast."""
    services.limits.take(f"invites:{visitor.user.id}", MADE)
    now = services.clock.steady()

    def end(connection: Connection) -> None:
        actor = access.allow_now(connection, visitor, "invite.make")
        if not invites.revoke(connection, invite_id, now):
            raise NotFound
        acts.add(connection, "invite.revoke", now, actor_id=actor.user.id, details={"invite": invite_id})

    await services.store.write(end)


async def landing(services: Services, address: str, token: str) -> Landing:
    """What this link shows. Raises InviteOver, or TooFast to an address that tried too many."""
    now = services.clock.steady()

    def read(connection: Connection) -> Landing | None:
        invite = invite_of(connection, token_hash(token), now)
        if invite is None:
            return None
        found = rooms_of(connection, invite)
        public = [room for room in found if room.kind == "public"]
        hides = len(public) < len(found)
        return Landing(maker_of(connection, invite), public, hides, users.count_people(connection))

    shown = await services.store.read(read)
    if shown is None:
        services.limits.take(f"invite:{address}", MISSED)
        raise InviteOver
    return shown


async def accept(services: Services, visitor: Visitor, token: str) -> Room | None:
    """Take what a link gives, as somebody who is in; the room that it leads to. Raises InviteOver or TooFast."""
    services.limits.take(f"accept:{visitor.user.id}", MISSED)
    now, key = services.clock.steady(), token_hash(token)

    def use(connection: Connection) -> tuple[Entry, int | None]:
        turns.take(connection)
        user = access.allow_now(connection, visitor, "chat.use").user
        invite = invite_of(connection, key, now)
        if invite is None:
            raise InviteOver
        entry = Entry(user, user, newcomer=False, joined=[], room=None)
        entry = doors.give(connection, entry, Keys(invite, None), key, now)
        is_trusted_now = access.new_for(user, now) > 0
        return entry, counters.take(connection, "revoked") if is_trusted_now else None

    entry, number = await services.store.write(use)
    publish_entry(services, entry)
    if number is not None:
        mutes.tell(services, number, entry.user)
    return entry.room


def rooms_of(connection: Connection, invite: Invite) -> list[Room]:
    """Those into which whoever made it may bring others still."""
    maker = maker_of(connection, invite)
    found = [rooms.by_id(connection, room_id) for room_id in invite.rooms]
    return [room for room in found if room is not None and grants.may_bring(connection, maker, room)]

"""Who may come in, and the coming in itself. Whoever was in once, or is expected, always may; others as the community
has it set."""

from dataclasses import dataclass, replace

from app.chat import access, grants, rights, roles
from app.errors import Banned, InviteOver, NotInvited
from app.models import Allowed, Door, Invite, Room, TwitterProfile, User, Visitor
from app.services import Services
from app.storage import acts, allow_list, arrivals, bans, doors, invites, memberships, rooms, turns, users
from app.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the door to somebody whom X named: an invite link, a line of the allow-list."""

    invite: Invite | None
    line: Allowed | None

    @property
    def given(self) -> list[Invite | Allowed]:
        return [each for each in (self.invite, self.line) if each is not None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody came in. `before`: as they were known, if they were; `joined`: each room with the seq of the joining;
    `room`: where their invite leads."""

    before: User | None
    user: User
    newcomer: bool
    joined: list[tuple[Room, int]]
    room: Room | None


async def current(services: Services) -> Door:
    return await services.store.read(doors.read)


async def change(services: Services, visitor: Visitor, door: Door) -> None:
    """Say who may come in from now on; who is in stays. Raises Forbidden or SignInAgain."""
    access.allow_fresh(services, visitor, "door.set")

    def change_as(connection: Connection) -> None:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "door.set")
        set_door(connection, door, actor.user, services.clock.now())

    await services.store.write(change_as)


async def change_by_operator(services: Services, door: Door) -> None:
    """As those say who run the server."""

    def change_it(connection: Connection) -> None:
        turns.take(connection)
        set_door(connection, door, None, services.clock.now())

    await services.store.write(change_it)


def set_door(connection: Connection, door: Door, actor: User | None, now: int) -> None:
    before = doors.read(connection)
    if before == door:
        return
    doors.change(connection, door)
    details = {"before": before, "after": door}
    acts.add(connection, "door.set", now, actor_id=None if actor is None else actor.id, details=details)


def enter(
    connection: Connection,
    profile: TwitterProfile,
    invite_hash: str,
    owners: frozenset[str],
    now: int,
    probation: int = 0,
) -> Entry | None:
    """Let in whom X named, if they may; None when they have to wait. Who came by the open door alone is new here for
    `probation` milliseconds. Raises Banned or NotInvited."""
    turns.take(connection)
    keys = keys_of(connection, profile, invite_hash, now)
    known = users.by_twitter_id(connection, profile.user_id) is not None
    if not (known or keys.given or users.is_expected(connection, profile.handle, owners)):
        match doors.read(connection):
            case "invited":
                raise NotInvited
            case "waiting":
                return None
            case "open":
                entry = admit(connection, profile, keys, invite_hash, owners, now)
                return replace(entry, user=users.trust(connection, entry.user.id, now + probation))
    return admit(connection, profile, keys, invite_hash, owners, now)


def keys_of(connection: Connection, profile: TwitterProfile, invite_hash: str, now: int) -> Keys:
    invite = invite_of(connection, invite_hash, now) if invite_hash else None
    return Keys(invite, allow_list.free(connection, profile.handle))


def invite_of(connection: Connection, invite_hash: str, now: int) -> Invite | None:
    """None also when whoever made it may make none any more: what they gave away would outlast what they have."""
    invite = invites.usable(connection, invite_hash, now)
    if invite is None or invite.made_by is None:
        return invite
    maker = maker_of(connection, invite)
    may_invite = maker is not None and rights.can(Visitor(maker), "invite.make")
    return invite if may_invite and bans.standing(connection, invite.made_by) is None else None


def maker_of(connection: Connection, invite: Invite) -> User | None:
    return None if invite.made_by is None else users.by_id(connection, invite.made_by)


def admit(
    connection: Connection, profile: TwitterProfile, keys: Keys, invite_hash: str, owners: frozenset[str], now: int
) -> Entry:
    """Whoever may come in does. Take a turn first. Raises Banned, whatever opens the door to them."""
    before = users.by_twitter_id(connection, profile.user_id)
    user = users.upsert_by_twitter_id(connection, profile, now, owners)
    # Asked of the account that is theirs now: one that was promised to their handle may be banned as well.
    if bans.standing(connection, user.id) is not None:
        raise Banned
    arrivals.remove(connection, profile.user_id)
    newcomer = not memberships.of_user(connection, user.id)
    joined = memberships.join_default(connection, user.id, now) if newcomer else []
    roles.record(connection, "role.claim", now, user, before.role if before else "member", user)
    if keys.line is not None:
        allow_list.take(connection, keys.line.handle, user.id)
    return give(connection, Entry(before, user, newcomer, joined, None), keys, invite_hash, now)


def give(connection: Connection, entry: Entry, keys: Keys, invite_hash: str, now: int) -> Entry:
    """All that the keys give. An invite that gives nothing new is not used by it."""
    user, joined = entry.user, list(entry.joined)
    for key in keys.given:
        brought = grants.bring(connection, user, key.rooms, key.made_by, now)
        promoted = grants.promote(connection, user, key.role, key.made_by, now)
        is_new = bool(brought) or promoted != user or entry.newcomer
        if key is keys.invite and is_new and not invites.use(connection, invite_hash, now):
            raise InviteOver
        if access.new_for(promoted, now):  # somebody answers for them now
            promoted = users.trust(connection, user.id, now)
        user, joined = promoted, [*joined, *brought]
    return Entry(entry.before, user, entry.newcomer, joined, room_of(connection, user, keys.invite))


def room_of(connection: Connection, user: User, invite: Invite | None) -> Room | None:
    """The first of an invite's rooms that they are in now."""
    for room_id in () if invite is None else invite.rooms:
        if memberships.find(connection, room_id, user.id) is not None:
            return rooms.by_id(connection, room_id)
    return None

"""Who somebody is: signing in with X, staying signed in, signing out."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from app.chat import direct, doors, held_mutes, team
from app.chat.doors import Entry
from app.chat.events import (
    publish_to_everyone,
    publish_to_peers,
    publish_to_room,
    publish_to_user,
    shown_person,
    shown_room,
)
from app.chat.mentions import MOST_UNREAD
from app.chat.team import News
from app.errors import MustWait, NotSignedIn, SignInFailed, StorageFull, Unavailable
from app.memory.batches import Batches
from app.models import (
    USUAL_SCOPE,
    Draft,
    Membership,
    Role,
    Room,
    RoomRole,
    Scope,
    Session,
    SignIn,
    Token,
    TwitterProfile,
    User,
    Visitor,
)
from app.protocol.events import MemberJoined, PersonChanged, RoomJoined
from app.protocol.peers import SessionRevoked
from app.services import Services
from app.storage import (
    arrivals,
    bans,
    blocks,
    counters,
    drafts,
    memberships,
    own_rooms,
    sessions,
    sign_ins,
    tokens,
    users,
)
from app.storage import held_mutes as held_mute_rows
from app.storage.database import Connection

SIGN_IN_LIFE = 10 * 60_000
SESSION_IDLE_LIFE = 7 * 24 * 3_600_000
SESSION_LIFE = 30 * 24 * 3_600_000
TOKEN_IDLE_LIFE = 90 * 24 * 3_600_000
SEEN_EVERY = 3_600_000
"""Milliseconds (SECURITY S1, S8); the last use of a session or a token is written at most once an hour."""
MOST_THREADS = 100
ARRIVAL_LIFE = SESSION_LIFE
"""Milliseconds for which it is remembered who waits, or was refused."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a completed sign-in gives: the person, the session's token (kept nowhere), whether they are new here, and
    the room that their invite leads to."""

    user: User
    token: str
    newcomer: bool
    room: Room | None = None


def new_token() -> str:
    """256 random bits for a URL, a cookie or a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def begin_sign_in(
    services: Services, token: str, secret: str, next_page: str, browser: str, invite: str | None = None
) -> None:
    """Remember a dance begun with X. `browser` is the value of the cookie that binds it to one browser, `invite` the
    token of the link by which they came."""
    expires_at = services.clock.steady() + SIGN_IN_LIFE
    invite_hash = token_hash(invite) if invite else ""
    begun = SignIn(token, secret, next_page, token_hash(browser), expires_at, invite_hash)
    await services.store.write(sign_ins.begin, begun)


async def take_sign_in(services: Services, token: str, browser: str) -> SignIn:
    """The dance this browser began with `token`, once. SignInFailed("expired") when it is unknown, used, too old or
    another browser's."""
    sign_in = await services.store.write(sign_ins.take, token, services.clock.steady())
    if sign_in is None or not hmac.compare_digest(sign_in.browser_hash, token_hash(browser)):
        raise SignInFailed("expired")
    return sign_in


async def sign_in_with_twitter(
    services: Services, profile: TwitterProfile, user_agent: str, invite_hash: str = ""
) -> SignedIn:
    """Sign in the person with this X id: known, added beforehand by handle, or new. Who is in no room yet joins those
    that newcomers join.

    Raises Banned; NotInvited for who may not come in, of whom nothing is kept; and MustWait for whom the team has to
    let in.
    """
    token, now = new_token(), services.clock.steady()
    owners = frozenset(services.settings.owner_handles)
    probation = services.settings.new_member_hours * 3_600_000

    def sign_in(connection: Connection) -> Entry | News | None:
        entry = doors.enter(connection, profile, invite_hash, owners, now, probation)
        if entry is None:
            arrivals.forget(connection, now - ARRIVAL_LIFE)
            is_new = arrivals.ask(connection, profile, token_hash(token), user_agent[:200], now)
            return team.news(connection) if is_new else None
        entry = held_mutes.take_up(connection, services.settings, entry, now)
        sessions.create(connection, entry.user.id, token_hash(token), user_agent[:200], now, now + SESSION_LIFE)
        return entry

    came = await services.store.write(sign_in)
    if not isinstance(came, Entry):
        if came is not None:
            team.tell(services, came)
        raise MustWait(token)
    services.metrics.sign_ins += 1
    publish_entry(services, came)
    return SignedIn(came.user, token, came.newcomer, came.room)


def publish_entry(services: Services, entry: Entry) -> None:
    publish_joins(services, entry.user, entry.joined)
    # Who was added by handle has been shown under it; their name is new to everybody.
    if not entry.newcomer and (entry.before is None or shown_person(entry.before) != shown_person(entry.user)):
        publish_to_everyone(services, PersonChanged(person=shown_person(entry.user)))


def publish_joins(services: Services, user: User, joined: list[tuple[Room, int]], role: RoomRole = "member") -> None:
    """Tell each room, and the person's other devices; a newcomer has nothing unread."""
    for room, seq in joined:
        joining = Membership(room.id, user.id, room.last_number, seq, 0, role=role)
        publish_to_user(services, user.id, RoomJoined(room=shown_room(room, joining)))
        publish_to_room(services, room.id, seq, MemberJoined(room=room.id, seq=seq, person=shown_person(user)))


async def resume(services: Services, token: str) -> Visitor | None:
    """The visitor whose session this token opens, or None. An open session lives on by being used."""
    key = token_hash(token)
    return await _recognised(services, key, partial(_find_session, services, key))


async def _recognised(services: Services, key: str, find: Callable[[], Awaitable[Visitor | None]]) -> Visitor | None:
    known = services.cache.sessions.get(key)
    if known is not None:
        return known
    version = services.cache.sessions.version
    visitor = await find()
    if visitor is not None:
        services.cache.sessions.put(key, visitor, version)
    return visitor


async def _find_session(services: Services, key: str) -> Visitor | None:
    found = await services.store.read(sessions.find, key)
    now = services.clock.steady()
    if found is None or is_over(found[0], now):
        return None
    session, user, preferences = found
    if session.seen_at + SEEN_EVERY <= now:
        await _note_use(services, services.sessions_used, sessions.touch, session.id)
    return Visitor(user, session_id=session.id, preferences=preferences, signed_in_at=session.created_at)


async def _note_use(services: Services, used: Batches[int], touch: Callable[..., None], id_: int) -> None:
    """Those who come at once share a write: one of each took longer than all else that lets somebody in."""

    async def note(ids: Sequence[int]) -> list[None]:
        await services.store.write(touch, sorted(ids), services.clock.steady())
        return [None for _ in ids]

    with suppress(StorageFull, Unavailable):  # a full disk keeps nobody from reading
        await used.join(id_, note)


def is_over(session: Session, now: int) -> bool:
    """A session ends after 7 days unused and 30 days in all."""
    return session.expires_at <= now or session.seen_at + SESSION_IDLE_LIFE <= now


async def resume_bearer(services: Services, secret: str) -> Visitor | None:
    """The visitor whose program holds this bearer token, or None. A token lives on by being used."""
    key = token_hash(secret)
    # Among the sessions, and never taken for one: a cookie with a bearer token in it would open pages.
    return await _recognised(services, f"bearer {key}", partial(_find_program, services, key))


async def _find_program(services: Services, key: str) -> Visitor | None:
    found = await services.store.read(tokens.find, key)
    now = services.clock.steady()
    if found is None or is_unused(found[0], now):
        return None
    token, user, preferences = found
    if (token.seen_at or 0) + SEEN_EVERY <= now:
        await _note_use(services, services.tokens_used, tokens.touch, token.id)
    return Visitor(user, token_id=token.id, preferences=preferences, scope=token.scope)


def is_unused(token: Token, now: int) -> bool:
    """A token ends after 90 days unused."""
    used_at = token.created_at if token.seen_at is None else token.seen_at
    return used_at + TOKEN_IDLE_LIFE <= now


@dataclass(frozen=True, slots=True)
class Belongings:
    """What somebody has here: who they are now, the rooms they are in, oldest first, what they have begun to write, the
    ids of those whom they have blocked, and by their ids the `people` whose talks the direct rooms are. `reports` count
    what waits for a moderator, where they are one; `mentions` are by room the numbers of unread messages that mention
    them. `threads` are those that they follow with something new to them, or have begun to write in, the newest of very
    many."""

    user: User
    rooms: list[tuple[Room, Membership]]
    drafts: list[Draft]
    blocked: list[int]
    people: dict[int, User]
    reports: int
    mentions: dict[int, list[int]]
    threads: list[tuple[Room, Membership]]


async def arrive(services: Services, visitor: Visitor, also: tuple[Room, Membership] | None = None) -> Belongings:
    """What is the visitor's, for a page or a connection that begins; `also` a room of theirs that is not listed.

    Raises NotSignedIn when the session or the token has ended on the way here: before the connection could hear of it.
    """

    return await services.store.read(belongings, visitor, also)


def belongings(connection: Connection, visitor: Visitor, also: tuple[Room, Membership] | None = None) -> Belongings:
    check_living(connection, visitor)
    user_id = visitor.user.id
    if bans.among(connection, [user_id]):  # a token that an operator made after the ban
        raise NotSignedIn
    [user] = users.by_ids(connection, [user_id])
    found = own_rooms.of_user(connection, user_id, MOST_UNREAD)
    mine = [*found.rooms, *([] if also is None else [also])]
    blocked = blocks.ids(connection, user_id)
    people = direct.people_in(connection, [room for room, _ in mine])
    begun = drafts.of_user(connection, user_id)
    reports, threads = team.reports_for(connection, user), newest(found.threads)
    return Belongings(user, mine, begun, blocked, people, reports, found.mentions, threads)


def check_living(connection: Connection, visitor: Visitor) -> None:
    """Raises NotSignedIn when the session or the token was ended, whatever this process has heard."""
    if visitor.session_id is not None and not sessions.by_ids(connection, [visitor.session_id]):
        raise NotSignedIn
    if visitor.token_id is not None and not tokens.by_ids(connection, [visitor.token_id]):
        raise NotSignedIn


def newest(threads: list[tuple[Room, Membership]]) -> list[tuple[Room, Membership]]:
    """All go into the first words of each connection, so they are bounded."""
    if len(threads) <= MOST_THREADS:
        return threads
    return sorted(threads, key=lambda each: each[0].last_at)[-MOST_THREADS:]


async def sign_out(services: Services, visitor: Visitor) -> None:
    """End the visitor's session."""
    if visitor.session_id is not None:
        await end_sessions(services, visitor.user.id, [visitor.session_id])


async def end_sessions(services: Services, user_id: int, session_ids: list[int]) -> None:
    """End sessions of one person; their open connections close at once, in every process."""
    now = services.clock.now()

    def end(connection: Connection) -> list[int]:
        for session_id in session_ids:
            sessions.end(connection, session_id, now)
        return [counters.take(connection, "revoked") for _ in session_ids]

    numbers = await services.store.write(end)
    for number, session_id in zip(numbers, session_ids, strict=True):
        publish_to_peers(services, number, SessionRevoked(number=number, session=session_id, user=user_id))


async def ended_sessions(services: Services, session_ids: list[int]) -> set[int]:
    """Those of the sessions that have ended or run out, for the check of open connections (SECURITY S8). The others
    count as used now. Whatever has run out, here or not, is ended for good: no clock set back brings it to life. What
    was ended long ago is forgotten, and what is held of mutes that are over."""
    now = services.clock.steady()

    def look(connection: Connection) -> set[int]:
        sessions.end_run_out(connection, now, now - SESSION_IDLE_LIFE)
        sessions.forget(connection, now - SESSION_LIFE)
        held_mute_rows.forget(connection, now)
        alive = sessions.by_ids(connection, session_ids)
        sessions.touch(connection, [session.id for session in alive if session.seen_at + SEEN_EVERY <= now], now)
        return set(session_ids) - {session.id for session in alive}

    return await services.store.write(look)


async def add_user(services: Services, handle: str, role: Role) -> User:
    """Somebody expected: the first X id that signs in with this handle becomes this person. Whoever is here already
    gets the role at their next sign-in."""
    now = services.clock.now()

    def add(connection: Connection) -> tuple[User, list[tuple[Room, int]]]:
        user = users.add(connection, handle, role, now)
        is_banned = bans.standing(connection, user.id) is not None
        return user, [] if is_banned else memberships.join_default(connection, user.id, now)

    user, joined = await services.store.write(add)
    publish_joins(services, user, joined)
    return user


async def add_token(services: Services, handle: str, name: str, scope: Scope = USUAL_SCOPE) -> str:
    """A new bearer token for a program of this person, who is added when nobody has the handle. Only a hash is kept."""
    token = new_bearer()
    known = await services.store.read(users.by_handle, handle)
    user = known or await add_user(services, handle, "member")
    await services.store.write(tokens.create, user.id, name, token_hash(token), services.clock.steady(), scope)
    return token


def new_bearer() -> str:
    """With a prefix by which those who look for leaked secrets know it (SECURITY S44)."""
    return f"roost_{new_token()}"

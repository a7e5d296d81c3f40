"""Who somebody is: signing in with X, staying signed in, signing out."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass

from app.chat.events import (
    publish_to_everyone,
    publish_to_peers,
    publish_to_room,
    publish_to_user,
    shown_person,
    shown_room,
)
from app.errors import NotSignedIn, SignInFailed, StorageFull, Unavailable
from app.models import Membership, Role, Room, Session, SignIn, TwitterProfile, User, Visitor
from app.protocol.events import MemberJoined, PersonChanged, RoomJoined
from app.protocol.peers import SessionRevoked
from app.services import Services
from app.storage import counters, memberships, sessions, sign_ins, tokens, users
from app.storage.database import Connection

SIGN_IN_LIFE = 10 * 60_000
SESSION_IDLE_LIFE = 7 * 24 * 3_600_000
SESSION_LIFE = 30 * 24 * 3_600_000
SEEN_EVERY = 3_600_000
"""Milliseconds (SECURITY S1, S8); a session's last use is written at most once an hour."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a completed sign-in gives: the person, the session's token (kept nowhere), and whether they are new here."""

    user: User
    token: str
    newcomer: bool


def new_token() -> str:
    """256 random bits for a URL, a cookie or a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def begin_sign_in(services: Services, token: str, secret: str, next_page: str, browser: str) -> None:
    """Remember a dance begun with X. `browser` is the value of the cookie that binds it to one browser."""
    expires_at = services.clock.steady() + SIGN_IN_LIFE
    await services.store.write(sign_ins.begin, SignIn(token, secret, next_page, token_hash(browser), expires_at))


async def take_sign_in(services: Services, token: str, browser: str) -> SignIn:
    """The dance this browser began with `token`, once. SignInFailed("expired") when it is unknown, used, too old or
    another browser's."""
    sign_in = await services.store.write(sign_ins.take, token, services.clock.steady())
    if sign_in is None or not hmac.compare_digest(sign_in.browser_hash, token_hash(browser)):
        raise SignInFailed("expired")
    return sign_in


async def sign_in_with_twitter(services: Services, profile: TwitterProfile, user_agent: str) -> SignedIn:
    """Sign in the person with this X id: known, added beforehand by handle, or new. They join every public room."""
    token, now = new_token(), services.clock.steady()
    owners = frozenset(services.settings.owner_handles)

    def sign_in(connection: Connection) -> tuple[User | None, User, list[tuple[Room, int]], bool]:
        before = users.by_twitter_id(connection, profile.user_id)
        user = users.upsert_by_twitter_id(connection, profile, now, owners)
        newcomer = not memberships.of_user(connection, user.id)
        joined = memberships.join_public(connection, user.id, now)
        sessions.create(connection, user.id, token_hash(token), user_agent[:200], now, now + SESSION_LIFE)
        return before, user, joined, newcomer

    before, user, joined, newcomer = await services.store.write(sign_in)
    services.metrics.sign_ins += 1
    publish_joins(services, user, joined)
    # Who was added by handle has been shown under it; their name is new to everybody.
    if not newcomer and (before is None or (before.handle, before.name) != (user.handle, user.name)):
        publish_to_everyone(services, PersonChanged(person=shown_person(user)))
    return SignedIn(user, token, newcomer)


def publish_joins(services: Services, user: User, joined: list[tuple[Room, int]]) -> None:
    """Tell each room, and the person's other devices; a newcomer has nothing unread."""
    for room, seq in joined:
        publish_to_user(services, user.id, RoomJoined(room=shown_room(room, room.last_number)))
        publish_to_room(services, room.id, seq, MemberJoined(room=room.id, seq=seq, person=shown_person(user)))


async def resume(services: Services, token: str) -> Visitor | None:
    """The visitor whose session this token opens, or None. An open session lives on by being used."""
    key = token_hash(token)
    known = services.cache.sessions.get(key)
    if known is not None:
        return known
    version = services.cache.sessions.version
    found = await services.store.read(sessions.find, key)
    now = services.clock.steady()
    if found is None or is_over(found[0], now):
        return None
    session, user = found
    if session.seen_at + SEEN_EVERY <= now:
        with suppress(StorageFull, Unavailable):  # a full disk keeps nobody from reading
            await services.store.write(sessions.touch, [session.id], now)
    visitor = Visitor(user, session_id=session.id)
    services.cache.sessions.put(key, visitor, version)
    return visitor


def is_over(session: Session, now: int) -> bool:
    """A session ends after 7 days unused and 30 days in all."""
    return session.expires_at <= now or session.seen_at + SESSION_IDLE_LIFE <= now


async def resume_bearer(services: Services, token: str) -> Visitor | None:
    """The visitor whose program holds this bearer token, or None."""
    found = await services.store.read(tokens.find, token_hash(token))
    if found is None:
        return None
    return Visitor(found[1], token_id=found[0].id)


async def arrive(services: Services, visitor: Visitor) -> list[tuple[Room, Membership]]:
    """The visitor's rooms, for a connection that begins.

    Raises NotSignedIn when the session has ended on the way here: before the connection could hear of it.
    """

    def read(connection: Connection) -> list[tuple[Room, Membership]]:
        if visitor.session_id is not None and not sessions.by_ids(connection, [visitor.session_id]):
            raise NotSignedIn
        return memberships.of_user(connection, visitor.user.id)

    return await services.store.read(read)


async def sign_out(services: Services, visitor: Visitor) -> None:
    """End the visitor's session; its open connections close at once, in every process."""
    session_id, now = visitor.session_id, services.clock.now()
    if session_id is None:
        return

    def end(connection: Connection) -> int:
        sessions.end(connection, session_id, now)
        return counters.take(connection, "revoked")

    number = await services.store.write(end)
    publish_to_peers(services, number, SessionRevoked(number=number, session=session_id, user=visitor.user.id))


async def ended_sessions(services: Services, session_ids: list[int]) -> set[int]:
    """Those of the sessions that have ended or run out, for the check of open connections (SECURITY S8). The others
    count as used now. Whatever has run out, here or not, is ended for good: no clock set back brings it to life. What
    was ended long ago is forgotten."""
    now = services.clock.steady()

    def look(connection: Connection) -> set[int]:
        sessions.end_run_out(connection, now, now - SESSION_IDLE_LIFE)
        sessions.forget(connection, now - SESSION_LIFE)
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
        return user, memberships.join_public(connection, user.id, now)

    user, joined = await services.store.write(add)
    publish_joins(services, user, joined)
    return user


async def add_token(services: Services, handle: str, name: str) -> str:
    """A new bearer token for a program of this person, who is added when nobody has the handle. Only a hash is kept."""
    token, now = f"roost_{new_token()}", services.clock.now()
    known = await services.store.read(users.by_handle, handle)
    user = known or await add_user(services, handle, "member")
    await services.store.write(tokens.create, user.id, name, token_hash(token), now)
    return token

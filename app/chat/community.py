"""What a process looks up to find out what it has not been told. For hubs only: no visitor asks here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.chat import direct
from app.models import Membership, Room, Session, Token, User
from app.services import Services
from app.storage import acts, bans, counters, memberships, rooms, sessions, tokens, users
from app.storage.database import Connection

AT_ONCE = 1_000
"""Ids of one question: a database takes a bounded number."""
Living = Callable[[Connection, Iterable[int]], Sequence[Session] | Sequence[Token]]
"""Those of the ids that were not ended."""


@dataclass(frozen=True, slots=True)
class State:
    """`heads`: the seq of rooms, by id. `revoked`: how often something was taken, ever. `unheard`: how often a process
    said, here, that the bus does not carry what it says. `roles`: how often somebody was given another role."""

    heads: dict[int, int]
    revoked: int
    unheard: int
    roles: int


async def state(services: Services, room_ids: list[int]) -> State:
    """All in one look, however many rooms."""
    return await services.store.read(read_state, room_ids)


def read_state(connection: Connection, room_ids: list[int]) -> State:
    heads: dict[int, int] = {}
    for some in portions(room_ids):
        heads |= rooms.heads(connection, some)
    counts = counters.read(connection)
    return State(heads, counts["revoked"], counts["unheard"], counts["roles"])


async def say_unheard(services: Services) -> int:
    """Let the others know by the database that they do not hear this process, so that they look there. Returns how
    often that was said, ever."""
    return await services.store.write(counters.take, "unheard")


async def ended_sessions(services: Services, session_ids: Iterable[int]) -> set[int]:
    """Those of the sessions that were ended."""
    return await services.store.read(find_ended, sessions.by_ids, list(session_ids))


async def ended_tokens(services: Services, token_ids: Iterable[int]) -> set[int]:
    """Those of the programs' tokens that were ended."""
    return await services.store.read(find_ended, tokens.by_ids, list(token_ids))


def find_ended(connection: Connection, living: Living, ids: list[int]) -> set[int]:
    return set(ids) - {each.id for some in portions(ids) for each in living(connection, some)}


async def given_roles(services: Services, count: int) -> list[User]:
    """Those whom the last so many acts gave another role, as they are now."""
    return await services.store.read(find_given_roles, count)


def find_given_roles(connection: Connection, count: int) -> list[User]:
    return users.by_ids(connection, acts.given_roles(connection, min(count, AT_ONCE)))


async def people(services: Services, user_ids: list[int]) -> list[User]:
    """As they are now."""
    return await services.store.read(find_people, user_ids)


def find_people(connection: Connection, user_ids: list[int]) -> list[User]:
    return [user for some in portions(user_ids) for user in users.by_ids(connection, some)]


async def banned(services: Services, user_ids: list[int]) -> set[int]:
    """Those of these people who are banned."""
    return await services.store.read(find_banned, user_ids)


def find_banned(connection: Connection, user_ids: list[int]) -> set[int]:
    return {user_id for some in portions(user_ids) for user_id in bans.among(connection, some)}


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody became a member of a room, or a direct one that they are in may have begun; `party` has its people."""

    room: Room
    membership: Membership
    party: dict[int, User]


async def joined_since(services: Services, at: int) -> list[Joining]:
    """Who joined which room at this time, in milliseconds, or later."""
    return await services.store.read(find_joined, at)


def find_joined(connection: Connection, at: int) -> list[Joining]:
    found = [*memberships.joined_since(connection, at), *memberships.spoken_to_since(connection, at)]
    people = direct.people_in(connection, [room for room, _ in found])
    return [Joining(room, membership, people) for room, membership in found]


def portions(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]

"""Muting: somebody reads on and posts nothing, until a moderator lifts it or the time is over."""

from app.chat import access, rights
from app.chat.events import publish_to_peers
from app.memory.limits import Limit
from app.models import Act, User, Visitor
from app.protocol.peers import PersonRestrained
from app.services import Services
from app.storage import acts, counters, turns, users
from app.storage.database import Connection

PACE = Limit(60, 60.0)
"""Mutes and bans of one moderator, and their ends."""
SHOWN = 200
"""People of one look."""


async def mute(services: Services, visitor: Visitor, user_id: int, minutes: int) -> Act:
    """Let somebody post nothing from now on, for so long, whatever held before. Raises NotFound, Forbidden for who does
    not rank below the visitor, or TooFast."""
    take_turn(services, visitor)
    until = services.clock.steady() + minutes * 60_000

    def silence(connection: Connection) -> tuple[Act, User, int]:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "member.mute")
        person = users.mute(connection, access.subordinate(connection, actor, user_id).id, until)
        now, details = services.clock.now(), {"minutes": minutes}
        act = acts.add(connection, "member.mute", now, actor_id=actor.user.id, person_id=user_id, details=details)
        return act, person, counters.take(connection, "revoked")

    act, person, number = await services.store.write(silence)
    tell(services, number, person)
    return act


async def lift(services: Services, visitor: Visitor, user_id: int) -> None:
    """Let somebody post again who was muted. Raises NotFound, Forbidden or TooFast."""
    take_turn(services, visitor)

    def give_back(connection: Connection) -> tuple[User, int]:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "member.mute")
        access.subordinate(connection, actor, user_id)
        acts.undo_last(connection, "member.mute", user_id, services.clock.now())
        return users.mute(connection, user_id, None), counters.take(connection, "revoked")

    person, number = await services.store.write(give_back)
    tell(services, number, person)


async def listed(services: Services, visitor: Visitor) -> list[User]:
    """Who is muted, by handle. Raises Forbidden."""

    def read(connection: Connection) -> list[User]:
        access.allow_now(connection, visitor, "member.mute")
        return users.muted(connection, services.clock.steady(), SHOWN)

    return await services.store.read(read)


def may_restrain(visitor: Visitor, person: User) -> bool:
    """Whether the visitor may mute and ban somebody."""
    return person.kind == "person" and rights.can(visitor, "member.mute") and rights.outranks(visitor, person)


def take_turn(services: Services, visitor: Visitor) -> None:
    services.limits.take(f"peace:{visitor.user.id}", PACE)


def tell(services: Services, number: int, person: User) -> None:
    """Every process, so that the person's devices show it at once."""
    restrained = PersonRestrained(
        number=number, user=person.id, muted_until=person.muted_until, trusted_at=person.trusted_at
    )
    publish_to_peers(services, number, restrained)

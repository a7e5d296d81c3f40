"""Whether rooms may be read without an account at all; which of them are is said by each room (rooms.py)."""

from app.chat import access
from app.chat.events import publish_to_peers
from app.models import User, Visitor
from app.protocol.peers import PublicReadingSet
from app.services import Services
from app.storage import acts, counters, public_reading, turns
from app.storage.database import Connection


async def is_on(services: Services) -> bool:
    return await services.store.read(public_reading.is_on)


async def change(services: Services, visitor: Visitor, *, on: bool) -> None:
    """Allow it, or end it for whoever reads just now. Raises Forbidden or SignInAgain."""
    access.allow_fresh(services, visitor, "door.set")

    def change_as(connection: Connection) -> int | None:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "door.set")
        return set_switch(connection, actor.user, services.clock.now(), on=on)

    tell(services, await services.store.write(change_as), on=on)


async def change_by_operator(services: Services, *, on: bool) -> None:
    """As those say who run the server."""

    def change_it(connection: Connection) -> int | None:
        turns.take(connection)
        return set_switch(connection, None, services.clock.now(), on=on)

    tell(services, await services.store.write(change_it), on=on)


def set_switch(connection: Connection, actor: User | None, now: int, *, on: bool) -> int | None:
    """The number by which processes find out that they have missed it; None when it is as it was."""
    if public_reading.is_on(connection) == on:
        return None
    public_reading.change(connection, on=on)
    details = {"before": "off" if on else "on", "after": "on" if on else "off"}
    acts.add(connection, "public.set", now, actor_id=None if actor is None else actor.id, details=details)
    return counters.take(connection, "revoked")


def tell(services: Services, number: int | None, *, on: bool) -> None:
    if number is not None:
        publish_to_peers(services, number, PublicReadingSet(number=number, on=on))

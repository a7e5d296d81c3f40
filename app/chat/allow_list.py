"""The allow-list: handles of X that may come in, each with a role and rooms, whoever else may."""

import re
from dataclasses import dataclass

from app import values
from app.chat import access, grants
from app.errors import BadRequest, NotFound
from app.memory.limits import Limit
from app.models import Allowed, Role, Visitor
from app.services import Services
from app.storage import acts, allow_list, turns
from app.storage.database import Connection

MOST_AT_ONCE, MOST = 1_000, 10_000
"""Handles of one paste, and on the list."""
SHOWN = 200
PACE = Limit(60, 600.0)
"""Changes of one person."""


@dataclass(frozen=True, slots=True)
class Page:
    """The first lines, and how many there are."""

    lines: list[Allowed]
    count: int


async def add(services: Services, visitor: Visitor, text: str, role: Role, rooms: tuple[int, ...]) -> int:
    """Put the handles of a text on the list, with what they give; returns how many are new. Raises BadRequest,
    Forbidden, NotFound, SignInAgain or TooFast."""
    handles = handles_in(text)
    access.allow_fresh(services, visitor, "door.set")
    services.limits.take(f"allow:{visitor.user.id}", PACE)
    now = services.clock.now()

    def add_as(connection: Connection) -> int:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "door.set")
        grants.check(connection, actor, role, rooms)
        added = allow_list.add(connection, handles, role, rooms, actor.user.id, now)
        if allow_list.count(connection) > MOST:
            raise BadRequest("The list holds {limit} handles. Take off some that are not needed any more.", limit=MOST)
        details = {"handles": len(handles), "role": role}
        acts.add(connection, "allow.add", now, actor_id=actor.user.id, details=details)
        return added

    return await services.store.write(add_as)


def handles_in(text: str) -> list[str]:
    """With or without their @, with spaces, commas or line ends between. Raises BadRequest."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if not words:
        raise BadRequest("There is no handle in it. Write each as on X, such as @jack.")
    if len(words) > MOST_AT_ONCE:
        raise BadRequest("These are too many at once: {limit} is the most.", limit=MOST_AT_ONCE)
    return list({handle.casefold(): handle for handle in map(handle_of, words)}.values())


def handle_of(word: str) -> str:
    try:
        return values.handle(word)
    except ValueError:
        raise BadRequest("“{word}” is no handle of X. Write each as on X, such as @jack.", word=word[:40]) from None


async def remove(services: Services, visitor: Visitor, handle: str) -> None:
    """Take a handle off the list; whoever came by it stays. Raises Forbidden, NotFound, SignInAgain or TooFast."""
    access.allow_fresh(services, visitor, "door.set")
    services.limits.take(f"allow:{visitor.user.id}", PACE)
    now = services.clock.now()

    def remove_as(connection: Connection) -> None:
        turns.take(connection)
        actor = access.allow_now(connection, visitor, "door.set")
        if not allow_list.remove(connection, handle):
            raise NotFound
        acts.add(connection, "allow.remove", now, actor_id=actor.user.id, details={"handle": handle})

    await services.store.write(remove_as)


async def page(services: Services, visitor: Visitor) -> Page:
    """Raises Forbidden."""

    def read(connection: Connection) -> Page:
        access.allow_now(connection, visitor, "door.see")
        return Page(allow_list.page(connection, SHOWN), allow_list.count(connection))

    return await services.store.read(read)

"""Roles in the community: who gives them to whom. Each change is an act of the log, and everybody hears of it."""

from collections.abc import Collection
from typing import get_args

from app.chat import access, rights
from app.chat.events import publish_to_everyone, shown_person
from app.errors import Forbidden, LastOwner, NotFound
from app.models import Deed, Role, User, Visitor
from app.protocol.events import PersonChanged
from app.services import Services
from app.storage import acts, counters, turns, users
from app.storage.database import Connection

ROLES: tuple[Role, ...] = get_args(Role)


async def give(services: Services, visitor: Visitor, user_id: int, role: Role) -> None:
    """Give somebody this role. Raises Forbidden, NotFound, or LastOwner when the only owner would step down."""
    changed = await services.store.write(give_as, visitor, user_id, role, services.clock.now())
    if changed is not None:
        publish_to_everyone(services, PersonChanged(person=shown_person(changed)))


def give_as(connection: Connection, visitor: Visitor, user_id: int, role: Role, now: int) -> User | None:
    """The person in the new role; None when they have it."""
    turns.take(connection)
    actor = access.allow_now(connection, visitor, "role.set")
    person = users.by_id(connection, user_id)
    if person is None or person.kind != "person":
        raise NotFound
    if person.role == role:
        return None
    if not rights.may_set_role(actor, person, role):
        raise Forbidden
    givable = [each for each in ROLES if rights.can(actor, rights.GIVING[each])]
    return set_role(connection, person, role, now, actor.user, givable)


async def give_by_operator(services: Services, handle: str, role: Role) -> User:
    """Give this role to whoever has this handle, as those may who run the server. Raises NotFound when nobody has it,
    and LastOwner. A server that runs hears of it with its next look at the database."""

    def change(connection: Connection) -> User:
        turns.take(connection)
        person = users.by_handle(connection, handle)
        if person is None:
            raise NotFound
        return set_role(connection, person, role, services.clock.now(), None, ROLES)

    return await services.store.write(change)


def set_role(
    connection: Connection, person: User, role: Role, now: int, actor: User | None, instead_of: Collection[Role]
) -> User:
    steps_down = person.role == "owner" and person.twitter_id is not None and role != "owner"
    if steps_down and users.count_owners(connection) == 1:
        raise LastOwner
    changed = users.set_role(connection, person, role, now, instead_of)
    record(connection, "role.set", now, actor, person.role, changed)
    return changed


def record(connection: Connection, what: Deed, now: int, actor: User | None, before: Role, person: User) -> None:
    """Write into the log that the role of this person was another one `before`. Call it last in a transaction."""
    if before == person.role:
        return
    details = {"before": before, "after": person.role}
    acts.add(connection, what, now, actor_id=None if actor is None else actor.id, person_id=person.id, details=details)
    counters.take(connection, "roles")

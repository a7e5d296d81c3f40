"""Taking back what an act of the log did. Whoever may do it may undo it."""

from collections.abc import Awaitable, Callable, Mapping

from app.chat import access, bans, doors, memberships, mutes, removal, reports, rights, roles, rooms
from app.errors import BadRequest, Forbidden, NotFound
from app.models import Act, Deed, Removal, Visitor
from app.services import Services
from app.storage import acts, users
from app.storage.database import Connection


async def undo(services: Services, visitor: Visitor, act_id: int) -> None:
    """Take back an act. Raises NotFound when there is none, or it is undone; BadRequest for what cannot be taken back;
    and whatever that raises which undoes it."""
    act = await services.store.read(standing, visitor, act_id)
    undo_it = UNDOING.get(act.what)
    if undo_it is None:
        raise BadRequest("This cannot be taken back from the log.")
    await undo_it(services, visitor, act)


def standing(connection: Connection, visitor: Visitor, act_id: int) -> Act:
    access.allow_now(connection, visitor, "act.undo")
    act = acts.by_id(connection, visitor.user.id, act_id)
    if act is None or act.undone_at is not None:
        raise NotFound
    return act


async def unmute(services: Services, visitor: Visitor, act: Act) -> None:
    await mutes.lift(services, visitor, person_of(act))


async def unban(services: Services, visitor: Visitor, act: Act) -> None:
    await bans.lift(services, visitor, person_of(act))


async def set_role_back(services: Services, visitor: Visitor, act: Act) -> None:
    access.allow_fresh(services, visitor, "role.set")
    await roles.give(services, visitor, person_of(act), act.details["before"])
    await services.store.write(acts.undo, act.id, services.clock.now())


async def bring_back(services: Services, visitor: Visitor, act: Act) -> None:
    assert act.room_id is not None, "it is the room that they were taken out of"
    await memberships.bring_back(services, visitor, act.room_id, person_of(act))
    await services.store.write(acts.undo, act.id, services.clock.now())


async def archive_back(services: Services, visitor: Visitor, act: Act) -> None:
    assert act.room_id is not None, "it is the room that was archived"
    await rooms.change(services, visitor, act.room_id, rooms.Wanted(archived=not act.details["archived"]))
    await services.store.write(acts.undo, act.id, services.clock.now())


async def put_back(services: Services, visitor: Visitor, act: Act) -> None:
    """A message, by who might have removed it: not what was said by themselves, or by who ranks above them."""
    assert act.actor_id is not None, "no operator removes messages"
    await services.store.read(check_removal, visitor, act)
    if not await removal.restore(services, Removal(person_of(act), act.actor_id, act.at)):
        raise NotFound
    await services.store.write(acts.undo, act.id, services.clock.now())


def check_removal(connection: Connection, visitor: Visitor, act: Act) -> None:
    assert act.room_id is not None, "see put_back"
    actor = access.allow_now(connection, visitor, "message.remove.others")
    _, membership = access.standing_now(connection, actor, act.room_id)
    if not rights.can(actor, "message.remove.others", membership):
        raise NotFound
    author = users.by_id(connection, person_of(act))
    assert author is not None, "people are never deleted"
    if author.id == actor.user.id or not removal.may_overrule(actor, author):
        raise Forbidden


async def set_door_back(services: Services, visitor: Visitor, act: Act) -> None:
    access.allow(visitor, "door.set")
    await doors.change(services, visitor, act.details["before"])
    await services.store.write(acts.undo, act.id, services.clock.now())


async def reopen(services: Services, visitor: Visitor, act: Act) -> None:
    await reports.reopen(services, visitor, act)


def person_of(act: Act) -> int:
    assert act.person_id is not None, "these acts are done to somebody"
    return act.person_id


UNDOING: Mapping[Deed, Callable[[Services, Visitor, Act], Awaitable[None]]] = {
    "role.set": set_role_back,
    "room.remove": bring_back,
    "room.archive": archive_back,
    "message.remove": put_back,
    "door.set": set_door_back,
    "member.mute": unmute,
    "member.ban": unban,
    "report.dismiss": reopen,
}

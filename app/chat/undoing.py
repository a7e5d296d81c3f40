"""Taking back what an act of the log did. Whoever may do it may undo it."""

from collections.abc import Awaitable, Callable, Mapping

from app.chat import access, bans, mutes
from app.errors import BadRequest, NotFound
from app.models import Act, Deed, Visitor
from app.services import Services
from app.storage import acts
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
    act = acts.by_id(connection, act_id)
    if act is None or act.undone_at is not None:
        raise NotFound
    return act


async def unmute(services: Services, visitor: Visitor, act: Act) -> None:
    await mutes.lift(services, visitor, person_of(act))


async def unban(services: Services, visitor: Visitor, act: Act) -> None:
    await bans.lift(services, visitor, person_of(act))


def person_of(act: Act) -> int:
    assert act.person_id is not None, "these acts are done to somebody"
    return act.person_id


UNDOING: Mapping[Deed, Callable[[Services, Visitor, Act], Awaitable[None]]] = {
    "member.mute": unmute,
    "member.ban": unban,
}

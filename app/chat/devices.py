"""Where somebody is signed in: their sessions, and the ends of them."""

from app.chat import access, accounts, programs
from app.models import Session, Visitor
from app.services import Services
from app.storage import sessions


async def mine(services: Services, visitor: Visitor) -> list[Session]:
    """The visitor's living sessions: the one that asks, then those used last."""
    now = services.clock.steady()
    found = await services.store.read(sessions.of_user, visitor.user.id)
    living = [session for session in found if not accounts.is_over(session, now)]
    return sorted(living, key=lambda session: (session.id != visitor.session_id, -session.seen_at, -session.id))


async def sign_out(services: Services, visitor: Visitor, session_id: int) -> None:
    """End one of the visitor's sessions. Raises NotFound when it is not theirs, or has ended."""
    session = await access.own_session(services, visitor, session_id)
    await accounts.end_sessions(services, visitor.user.id, [session.id])


async def sign_out_others(services: Services, visitor: Visitor) -> None:
    """End all sessions of the visitor but the one that asks, and all their programs' tokens."""
    found = await services.store.read(sessions.of_user, visitor.user.id)
    others = [session.id for session in found if session.id != visitor.session_id]
    await accounts.end_sessions(services, visitor.user.id, others)
    # In this order: a session that lives still could let another program in.
    await programs.end_others(services, visitor)

"""Who signed in with X and waits to be let in, or was refused: one row for each X id."""

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.models import Arrival, TwitterProfile
from app.storage.records import columns_of, every, one
from app.storage.tables import arrivals

COLUMNS = columns_of(arrivals, Arrival)
BY_TOKEN = select(*COLUMNS).where(arrivals.c.token_hash == bindparam("token_hash"))


def ask(connection: Connection, profile: TwitterProfile, token_hash: str, user_agent: str, now: int) -> bool:
    """Whoever X says has signed in waits, in the browser that is known by this token; True when they did not before.

    Who asks again keeps their place, and a refusal. Take a turn first."""
    seen = {"handle": profile.handle, "user_agent": user_agent, "token_hash": token_hash, "signed_in_at": now}
    if profile.name is not None:
        seen |= {"name": profile.name}
    again = update(arrivals).where(arrivals.c.twitter_id == profile.user_id).values(seen)
    if connection.execute(again).rowcount:
        return False
    connection.execute(insert(arrivals).values(twitter_id=profile.user_id, asked_at=now, **seen))
    return True


def by_token(connection: Connection, token_hash: str) -> Arrival | None:
    return one(connection, BY_TOKEN, Arrival, token_hash=token_hash)


def page(connection: Connection, limit: int) -> list[Arrival]:
    """Who waits, the longest first; then who was refused."""
    query = select(*COLUMNS).order_by(arrivals.c.refused_at.is_not(None), arrivals.c.asked_at, arrivals.c.id)
    return every(connection, query.limit(limit), Arrival)


def count_waiting(connection: Connection) -> int:
    waiting = select(func.count()).select_from(arrivals).where(arrivals.c.refused_at.is_(None))
    return connection.execute(waiting).scalar_one()


def take(connection: Connection, arrival_id: int) -> Arrival | None:
    """Read and delete one, so that somebody is let in once."""
    return one(connection, delete(arrivals).where(arrivals.c.id == arrival_id).returning(*COLUMNS), Arrival)


def refuse(connection: Connection, arrival_id: int, now: int) -> Arrival | None:
    """None where nobody waits as this one."""
    waiting = update(arrivals).where(arrivals.c.id == arrival_id, arrivals.c.refused_at.is_(None))
    return one(connection, waiting.values(refused_at=now).returning(*COLUMNS), Arrival)


def remove(connection: Connection, twitter_id: str) -> None:
    """They came in by another way."""
    connection.execute(delete(arrivals).where(arrivals.c.twitter_id == twitter_id))


def forget(connection: Connection, asked_before: int) -> None:
    connection.execute(delete(arrivals).where(arrivals.c.asked_at < asked_before))

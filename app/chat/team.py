"""Those who look after the community, and what they are told of who waits to be let in, and of what was reported."""

from dataclasses import dataclass

from app.chat.events import publish_to_user
from app.chat.rights import RANKS, RULES
from app.chat.roles import ROLES
from app.models import User
from app.protocol.events import ReportsChanged, WaitingChanged
from app.services import Services
from app.storage import arrivals, reports, users
from app.storage.database import Connection

ANSWERING = tuple(role for role in ROLES if RANKS[role] >= RANKS[RULES["door.answer"].community])


@dataclass(frozen=True, slots=True)
class News:
    """So many wait now; `team` are the ids of those who may answer."""

    team: list[int]
    waiting: int


def news(connection: Connection) -> News:
    return News(users.ids_with_roles(connection, ANSWERING), arrivals.count_waiting(connection))


def tell(services: Services, told: News) -> None:
    for user_id in told.team:
        publish_to_user(services, user_id, WaitingChanged(count=told.waiting))


def cases(connection: Connection) -> dict[int, int]:
    """How many people and messages wait that were reported, for each of the team: nobody is told of what is said of
    themselves."""
    about = reports.people(connection)
    total = sum(about.values())
    return {user_id: total - about.get(user_id, 0) for user_id in users.ids_with_roles(connection, ANSWERING)}


def tell_cases(services: Services, counts: dict[int, int]) -> None:
    for user_id, count in counts.items():
        publish_to_user(services, user_id, ReportsChanged(count=count))


def reports_for(connection: Connection, user: User) -> int:
    """The same for one person; 0 for who is not of the team."""
    return reports.count_cases(connection, user.id) if user.role in ANSWERING else 0

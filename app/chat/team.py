"""Those who look after the community, and what they are told of who waits to be let in."""

from dataclasses import dataclass

from app.chat.events import publish_to_user
from app.chat.rights import RANKS, RULES
from app.chat.roles import ROLES
from app.protocol.events import WaitingChanged
from app.services import Services
from app.storage import arrivals, users
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

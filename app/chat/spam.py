"""Who says the same again and again: refused, and moderators are told once."""

from contextlib import suppress

from app.chat import team
from app.errors import StorageFull, Unavailable
from app.models import Room, Visitor
from app.services import Services
from app.storage import reports
from app.storage.database import Connection

SHORT, OFTENER = 10, 4
"""A text of so few characters ("yes", "thank you") may be said so many times as often as others."""
TOLD = 500
"""Characters of it that moderators are shown."""


def is_repeated(services: Services, visitor: Visitor, nonce: str, text: str) -> bool:
    """Whether this person has said this too often in twelve hours, case and spaces apart. The team may, and bots may:
    all that many of them say is that all is well. Files without a word may be sent one after the other."""
    if not text or visitor.user.role != "member" or visitor.user.kind == "bot":
        return False
    folded = " ".join(text.casefold().split())
    most = services.settings.limit_repeats_per_12_hours * (OFTENER if len(folded) <= SHORT else 1)
    return not services.echoes.take(visitor.user.id, folded, most, nonce)


async def tell_team(services: Services, visitor: Visitor, room: Room, text: str) -> None:
    """Once in twelve hours. Of what was said in a private or a direct room not the words: nobody there has reported
    them."""
    if services.echoes.is_news(visitor.user.id):
        words = text[:TOLD] if room.kind == "public" else ""
        with suppress(StorageFull, Unavailable):  # the message is refused all the same
            team.tell_cases(services, await services.store.write(report, visitor.user.id, words, services.clock.now()))


def report(connection: Connection, user_id: int, words: str, now: int) -> dict[int, int]:
    reports.add(connection, None, user_id, now, reason="spam", note=words)
    return team.cases(connection)

"""Who says the same again and again: refused, and moderators are told once."""

from contextlib import suppress

from app.chat import team
from app.errors import Repeated, StorageFull, Unavailable
from app.models import Room, Visitor
from app.services import Services
from app.storage import reports
from app.storage.database import Connection

SHORT, OFTENER = 10, 4
"""A text of so few characters ("yes", "thank you") may be said so many times as often as others."""
TOLD = 500
"""Characters of it that moderators are shown."""


async def check_repeats(services: Services, visitor: Visitor, room: Room, nonce: str, text: str) -> None:
    """Raises Repeated for what this person has said too often in twelve hours, case and spaces apart. The team may, and
    bots may: all that many of them say is that all is well.

    Of what was said in a private or a direct room moderators are not told the words: nobody there has reported them."""
    if visitor.user.role != "member" or visitor.user.kind == "bot":
        return
    folded = " ".join(text.casefold().split())
    most = services.settings.limit_repeats_per_12_hours * (OFTENER if len(folded) <= SHORT else 1)
    if services.echoes.take(visitor.user.id, folded, most, nonce):
        return
    if services.echoes.is_news(visitor.user.id):
        words = text[:TOLD] if room.kind == "public" else ""
        with suppress(StorageFull, Unavailable):  # refused all the same
            team.tell_cases(services, await services.store.write(report, visitor.user.id, words, services.clock.now()))
    raise Repeated


def report(connection: Connection, user_id: int, words: str, now: int) -> dict[int, int]:
    reports.add(connection, None, user_id, now, reason="spam", note=words)
    return team.cases(connection)

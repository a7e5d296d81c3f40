"""Cards of links: looked up after the message is delivered, once for all messages with that link, and taken away by who
does not want them."""

from hashlib import sha256
from typing import Literal, get_args

from msgspec.structs import replace

from app.chat.context import Context, told_alone
from app.chat.links import link_in, link_without_card
from app.chat.messages import publish_changed
from app.chat.removal import message_to_take
from app.errors import TooFast
from app.memory.limits import Limit
from app.models import Card, Job, Message, Visitor
from app.outbound.outcomes import Nothing, Refused, Unreachable
from app.services import Services
from app.settings import Settings
from app.storage import link_cards, message_changes, messages, rooms
from app.storage.database import Connection
from app.storage.link_cards import Known, State

PACE = Limit(60, 60.0)
"""Cards that one person takes away."""
DAY, HOUR = 86_400_000, 3_600_000
HOLDS: dict[State, int] = {"card": DAY, "nothing": HOUR, "failed": 50_000, "fetching": 60_000}
"""Milliseconds for which nobody looks again. Who went to look and died is not waited for."""
SOON = 6.0
"""Seconds until somebody else, who is looking the same link up, certainly has it."""
LATER = (60.0, 300.0, 1500.0)
"""Seconds after the first look that failed, the second, and so on."""
AT_ONCE = 500

Outcome = Literal["card", "nothing", "failed", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


async def draw(services: Services, job: Job) -> float | None:
    """Give a message the card of its link. Returns after how many seconds to try again; None: it is done, whether there
    is a card or not."""
    wanted = await services.store.read(wanted_by, services.settings, job.room_id, job.number)
    if wanted is None:
        return None
    url, author_id = wanted
    found = await look_up(services, url, author_id)
    if found == "fetching":
        return SOON
    if found == "failed":
        return LATER[job.tries - 1] if job.tries <= len(LATER) else None
    if isinstance(found, Card):
        placed = await services.store.write(place, services.settings, job, replace(found, url=url))
        for message, context in placed:
            publish_changed(services, message, context.people, context.quoted)
    return None


def wanted_by(connection: Connection, settings: Settings, room_id: int, number: int) -> tuple[str, int] | None:
    """The link of a message that has no card for it, and whose message it is."""
    room, message = rooms.by_id(connection, room_id), messages.by_number(connection, room_id, number)
    url = None if room is None or message is None else link_without_card(settings, room, message)
    return None if url is None or message is None else (url, message.author_id)


async def look_up(services: Services, url: str, author_id: int) -> Card | State:
    """The card of a link, or why there is none. It is fetched once a day, whoever asks. Where the author of the message
    has had too many fetched this minute it has "failed", and the job tries again later."""
    url_hash = hash_of(url)
    now = services.clock.steady()
    known = await services.store.write(look, url_hash, now)
    if known is not None:
        return link_cards.read(known) if known.state == "card" else known.state
    try:
        services.limits.take(f"links:{author_id}", Limit(services.settings.limit_link_cards_per_minute, 60.0))
    except TooFast:
        await services.store.write(link_cards.forget, url_hash)
        return "failed"
    card, outcome = await fetch(services, url)
    services.metrics.links_looked_up[outcome] += 1
    state: State = "nothing" if outcome == "refused" else outcome
    await services.store.write(link_cards.note, url_hash, state, card, now)
    return card or state


async def fetch(services: Services, url: str) -> tuple[Card | None, Outcome]:
    try:
        return await services.previews.card_of(url), "card"
    except Refused:
        return None, "refused"
    except Nothing:
        return None, "nothing"
    except Unreachable:
        return None, "failed"


def hash_of(url: str) -> str:
    """Where in a page a link leads makes no other page of it."""
    return sha256(url.partition("#")[0].encode()).hexdigest()


def look(connection: Connection, url_hash: str, now: int) -> Known | None:
    known = link_cards.look(connection, url_hash, now)
    if known is not None and now - known.at >= HOLDS[known.state]:
        link_cards.look_again(connection, url_hash, now)
        return None
    return known


def place(connection: Connection, settings: Settings, job: Job, card: Card) -> list[tuple[Message, Context]]:
    """The message with its card, and what goes with it; nothing where the link is not there any more."""
    room = rooms.locked(connection, job.room_id)
    message = messages.by_number(connection, job.room_id, job.number)
    if room is None or message is None or link_without_card(settings, room, message) != card.url:
        return []
    return [told_alone(connection, write(connection, message, card))]


async def dismiss(services: Services, visitor: Visitor, room_id: int, number: int) -> None:
    """Take the card from one's own message, or as a moderator of the room from somebody else's: as long as the message
    has this link, it has none. Raises NotFound, Forbidden or TooFast."""
    services.limits.take(f"card:{visitor.user.id}", PACE)
    changed = await services.store.write(take_away, services.settings, visitor, room_id, number)
    for message, context in changed:
        publish_changed(services, message, context.people, context.quoted)


def take_away(
    connection: Connection, settings: Settings, visitor: Visitor, room_id: int, number: int
) -> list[tuple[Message, Context]]:
    _, message = message_to_take(connection, visitor, "card.remove", "card.remove.others", room_id, number)
    url = link_in(settings, message.html)
    none = Card(url=url or "", kind="none")
    if url is None or message.more.card == none:
        return []
    return [told_alone(connection, write(connection, message, none))]


def write(connection: Connection, message: Message, card: Card) -> Message:
    return message_changes.write(connection, [message.with_more(replace(message.more, card=card))])[0]


async def purge(services: Services) -> None:
    """Forget what would be fetched anew in any case."""
    before = services.clock.steady() - DAY
    while await services.store.write(link_cards.purge, before, AT_ONCE) == AT_ONCE:
        pass

"""Links in messages, and which of them have a card: the first of each, where the community and the room have them."""

from collections.abc import Iterable

from msgspec.structs import replace

from app.models import Message, Room
from app.render.links import first_link
from app.render.text import has_link
from app.settings import Settings
from app.storage import jobs
from app.storage.database import Connection

CARD = "card"
"""The job of looking a message's link up."""


def jobs_of(settings: Settings, room: Room, html: str) -> tuple[str, ...]:
    """What is to be done about what a message says, once it is delivered."""
    return (CARD,) if wants_card(settings, room, html) else ()


def wants_card(settings: Settings, room: Room, html: str) -> bool:
    return settings.link_cards and room.cards and link_in(settings, html) is not None


def link_in(settings: Settings, html: str) -> str | None:
    """The link that has the card."""
    return first_link(html, settings.public_origin) if has_link(html) else None


def link_without_card(settings: Settings, room: Room, message: Message) -> str | None:
    # What is removed has no HTML.
    if not wants_card(settings, room, message.html):
        return None
    url, card = link_in(settings, message.html), message.more.card
    return None if card is not None and card.url == url else url


def relinked(connection: Connection, settings: Settings, room: Room, message: Message, html: str) -> Message:
    """A message of a locked room, before it says this: without its card, if that is of another link, and with one to
    come."""
    card = message.more.card
    if card is not None and card.url == link_in(settings, html):
        return message
    if wants_card(settings, room, html):
        jobs.add(connection, CARD, room.id, message.number)
    return message if card is None else message.with_more(replace(message.more, card=None))


def ask_for_cards(connection: Connection, settings: Settings, room: Room, found: Iterable[Message]) -> None:
    """For those of these messages, put back into a locked room, that have none for their link: whoever came with it
    while they were removed found no link."""
    for message in found:
        if link_without_card(settings, room, message) is not None:
            jobs.add(connection, CARD, room.id, message.number)

"""Which outgoing webhooks are told of a message. It is said before the message is stored, so that the jobs of telling
them are written in its transaction."""

from app.models import Room, User
from app.render.mentions import mentioned_in
from app.services import Services
from app.storage import webhooks


async def webhooks_of(services: Services, author: User, room: Room, html: str) -> tuple[int, ...]:
    """Their ids. What a bot says is told to none, so that two of them never talk for ever (SECURITY S45); nor is
    anything where this server asks no site that people name."""
    if author.kind == "bot" or not services.settings.link_cards:
        return ()
    told = await services.store.read(webhooks.told, room.id)
    mentioned = mentioned_in(html)
    return tuple(webhook.id for webhook in told if webhook.hears == "all" or webhook.user_id in mentioned)

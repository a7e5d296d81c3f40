"""What programs post by the secret of an incoming webhook: in its room, by the name of its bot."""

from app.chat import messages, webhooks
from app.chat.accounts import token_hash
from app.chat.webhooks import Listed
from app.errors import NotFound
from app.memory.limits import Limit
from app.models import Posted
from app.services import Services
from app.storage import webhooks as webhook_rows
from app.storage.database import Connection

MISSED = Limit(30, 60.0)
"""Secrets of no webhook, tried from one address; one of 256 bits is not found by that."""


async def recognise(services: Services, address: str, secret: str) -> Listed:
    """Whose secret this is. Raises NotFound where it is nobody's, or of who may manage no webhooks of that room any
    more; and TooFast, also for an address that has tried too many."""
    caller = await services.store.read(read_caller, token_hash(secret))
    if caller is None:
        services.limits.take(f"hook:{address}", MISSED)
        raise NotFound
    most = Limit(services.settings.limit_commands_per_10_seconds, 10.0)
    services.limits.take(f"command:{caller.bot.id}", most)
    return caller


def read_caller(connection: Connection, secret_hash: str) -> Listed | None:
    webhook = webhook_rows.by_secret(connection, secret_hash)
    if webhook is None or webhook.kind != "incoming":
        return None
    listed = webhooks.list_one(connection, webhook)
    return listed if listed.is_held else None


async def post(services: Services, caller: Listed, nonce: str, text: str) -> Posted:
    """Post a text, as `messages.post` does and with its limits, and with those of who answers for the webhook; once,
    however often it is sent with this nonce."""
    return await (await messages.post(services, caller.voice, caller.webhook.room_id, nonce, text))

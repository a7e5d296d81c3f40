"""The webhooks of a room: /rooms/ID/webhooks, and one of them by its id. A secret is told on the page alone: it takes a
fresh sign-in, and a program has none (SECURITY S43)."""

from app.chat import webhooks
from app.chat.events import shown_person
from app.chat.webhooks import Listed
from app.handlers.api.base import ApiHandler
from app.protocol import api


class WebhooksHandler(ApiHandler):
    """GET gives them."""

    async def get(self, room: str) -> None:
        found = await webhooks.listed(self.services, self.signed_in, int(room))
        self.answer(api.Webhooks(webhooks=[shown_webhook(listed) for listed in found]))


class WebhookHandler(ApiHandler):
    """DELETE removes it."""

    async def delete(self, room: str, webhook: str) -> None:
        await webhooks.remove(self.services, self.signed_in, int(room), int(webhook))
        self.done()


class SwitchHandler(ApiHandler):
    """PUT switches it on. Once more is harmless."""

    async def put(self, room: str, webhook: str) -> None:
        listed = await webhooks.switch_on(self.services, self.signed_in, int(room), int(webhook))
        self.answer(shown_webhook(listed))


def shown_webhook(listed: Listed) -> api.Webhook:
    webhook = listed.webhook
    return api.Webhook(
        id=webhook.id,
        kind=webhook.kind,
        bot=shown_person(listed.bot),
        holder=shown_person(listed.holder),
        made=webhook.made_at,
        url=webhook.url,
        hears=webhook.hears,
        off=webhook.off,
        held=listed.is_held,
    )

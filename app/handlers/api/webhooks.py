"""The webhooks of a room: /rooms/ID/webhooks, and one of them by its id."""

from msgspec import UNSET

from app.chat import webhooks
from app.chat.events import shown_person
from app.chat.webhooks import Listed, Wanted
from app.handlers.api.base import ROOT, ApiHandler
from app.protocol import api


class ManagingHandler(ApiHandler):
    def told(self, listed: Listed, secret: str) -> api.WebhookTold:
        """With its secret, for this once."""
        post_to = webhooks.post_address(self.services, listed, secret)
        return api.WebhookTold(webhook=shown_webhook(listed), secret=secret, post_to=post_to)


class WebhooksHandler(ManagingHandler):
    """GET gives them, POST makes one."""

    async def get(self, room: str) -> None:
        found = await webhooks.listed(self.services, self.signed_in, int(room))
        self.answer(api.Webhooks(webhooks=[shown_webhook(listed) for listed in found]))

    async def post(self, room: str) -> None:
        given = self.body(api.NewWebhook)
        url = None if given.url is UNSET else given.url
        wanted = Wanted(given.kind, given.name, url, given.hears)
        made, secret = await webhooks.make(self.services, self.signed_in, int(room), wanted)
        self.answer(self.told(made, secret), 201, f"{ROOT}/rooms/{room}/webhooks/{made.webhook.id}")


class WebhookHandler(ManagingHandler):
    """DELETE removes it."""

    async def delete(self, room: str, webhook: str) -> None:
        await webhooks.remove(self.services, self.signed_in, int(room), int(webhook))
        self.done()


class SecretHandler(ManagingHandler):
    """POST gives it another secret, and switches it on."""

    async def post(self, room: str, webhook: str) -> None:
        self.answer(self.told(*await webhooks.rotate(self.services, self.signed_in, int(room), int(webhook))))


class SwitchHandler(ManagingHandler):
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

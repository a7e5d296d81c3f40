"""The webhooks of a room, on a page for those who moderate it."""

import logging
from types import SimpleNamespace
from typing import Any, get_args

from app.chat import access, webhooks
from app.chat.webhooks import Listed, Wanted
from app.errors import BadRequest
from app.handlers.team import TeamPage
from app.handlers.timeline import moment_of
from app.models import Hears, Room, WebhookKind

log = logging.getLogger(__name__)

KINDS: tuple[WebhookKind, ...] = get_args(WebhookKind)
HEARING: tuple[Hears, ...] = get_args(Hears)


class WebhooksHandler(TeamPage):
    """GET /chat/SLUG/webhooks; POST: `remove`, `rotate` or switch `on`, each the id of one; or the `kind`, `name`,
    `url` and `hears` of a new one. A secret is on the page that answers, and nowhere else."""

    action = "webhook.manage"
    template = "webhooks.html"

    async def carry_out(self) -> None:
        room, given = await self.room(), self.request.body_arguments
        if "remove" in given:
            await webhooks.remove(self.services, self.signed_in, room.id, self.id_in("remove"))
            self.go_back()
        elif "on" in given:
            await webhooks.switch_on(self.services, self.signed_in, room.id, self.id_in("on"))
            self.go_back()
        elif "rotate" in given:
            rotated = await webhooks.rotate(self.services, self.signed_in, room.id, self.id_in("rotate"))
            await self.show_secret(*rotated)
        else:
            await self.show_secret(*await webhooks.make(self.services, self.signed_in, room.id, self.wanted()))
        log.info("person %d changed the webhooks of a room: request %s", self.person.id, self.request_id)

    async def room(self) -> Room:
        """Raises NotFound."""
        return (await access.room_named(self.services, self.signed_in, self.path_args[0]))[0]

    def wanted(self) -> Wanted:
        written = self.written()
        kind = next((each for each in KINDS if each == written.kind), None)
        hears = next((each for each in HEARING if each == written.hears), None)
        if kind is None or hears is None:
            raise BadRequest("There is no such choice.")
        return Wanted(kind, written.name, written.url if kind == "outgoing" else None, hears)

    def written(self) -> SimpleNamespace:
        return SimpleNamespace(
            kind=self.get_body_argument("kind", ""),
            name=self.get_body_argument("name", ""),
            url=self.get_body_argument("url", ""),
            hears=self.get_body_argument("hears", "mentions"),
        )

    async def show_secret(self, told: Listed, secret: str) -> None:
        """With what it is good for, and nothing that was written before."""
        link = webhooks.post_address(self.services, told, secret)
        await self.show_with(told=told, secret=secret, link=link, written=SimpleNamespace(kind="", url="", hears=""))

    async def names(self) -> dict[str, Any]:
        room = await self.room()
        found = await webhooks.listed(self.services, self.signed_in, room.id)
        return {
            "of_room": room,
            "listed": [(each, moment_of(each.webhook.made_at)) for each in found],
            "told": None,
            "secret": None,
            "link": None,
            "written": self.written(),
        }

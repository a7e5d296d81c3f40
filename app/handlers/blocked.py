"""The settings' list of people whom somebody has blocked."""

from http import HTTPStatus

from app.chat import blocks
from app.errors import NotFound
from app.handlers.preferences import ID, SettingsPage
from app.handlers.timeline import named


class BlockedHandler(SettingsPage):
    """GET /settings/blocked; POST: the person who is not to be blocked any more."""

    async def get(self) -> None:
        blocked = await blocks.mine(self.services, self.signed_in)
        await self.show("settings_blocked.html", blocked=[named(person, self.words) for person in blocked])

    async def post(self) -> None:
        self.take_turn()
        person = self.get_body_argument("person", "")
        if not ID.fullmatch(person):
            raise NotFound
        await blocks.unblock(self.services, self.signed_in, int(person))
        if self._wants_json():
            self.set_status(HTTPStatus.NO_CONTENT)
        else:
            self.go_back()

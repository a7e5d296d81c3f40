"""Who a token acts for: /me."""

from app.chat.events import shown_person, shown_restraint
from app.handlers.api.base import ApiHandler
from app.protocol import api
from app.protocol.fields import TEXT_LIMIT


class MeHandler(ApiHandler):
    async def get(self) -> None:
        settings = self.settings_
        self.answer(
            api.Me(
                person=shown_person(self.person),
                text_limit=TEXT_LIMIT,
                file_limit=settings.file_limit,
                edit_minutes=settings.edit_minutes,
                restraint=shown_restraint(self.person, self.services.clock.steady()),
                scope=self.signed_in.scope,
            )
        )

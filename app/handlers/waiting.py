"""The page of who waits to be let in."""

import msgspec

from app.chat import doors, waiting_room
from app.chat.events import shown_arrival
from app.handlers.base import BaseHandler
from app.handlers.next_page import safe_next
from app.models import Arrival


class WaitingHandler(BaseHandler):
    """GET /waiting?next=: says that one waits, or was refused. With JSON asked for, `state` alone: `waiting`,
    `refused`, `in`, or `gone` for who does not wait here; the page asks for it until it is another one."""

    action = "site.visit"

    async def get(self) -> None:
        arrival = None
        if self.visitor is None:
            arrival = await waiting_room.of_browser(self.services, self.get_cookie(self.session_cookie))
        if self._wants_json():
            self._say(self._state(arrival))
        elif self.visitor is not None:
            self.redirect(safe_next(self.get_query_argument("next", "")))
        elif arrival is None:
            self.redirect("/")
        else:
            await self._show(arrival)

    def _state(self, arrival: Arrival | None) -> str:
        if self.visitor is not None:
            return "in"
        if arrival is None:
            return "gone"
        return "waiting" if arrival.refused_at is None else "refused"

    def _say(self, state: str) -> None:
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(msgspec.json.encode({"state": state}))

    async def _show(self, arrival: Arrival) -> None:
        self.page(
            "waiting.html",
            person=shown_arrival(arrival),
            is_open=await doors.current(self.services) == "open",
            next_page=safe_next(self.get_query_argument("next", "")),
            xsrf_form_html=self.xsrf_form_html,
        )

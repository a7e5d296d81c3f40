"""The sign-in page, which the way in and the way back both end at when nobody gets in."""

from typing import Any

from app.handlers.base import BaseHandler
from app.handlers.next_page import HOME

DOOR = "index.html"
NOTICES = frozenset(
    (
        "cancelled",
        "failed",
        "unavailable",
        "clock",
        "not_configured",
        "callback",
        "rate_limited",
        "expired",
        "signed_out",
        "deleted",
        "banned",
    )
)
"""What the page can say above its title (templates/partials/_notice.html)."""


class DoorHandler(BaseHandler):
    is_invited = False
    """Whether the button leads in by the invite link that this browser opened last."""

    def rendered(self, template: str, **names: Any) -> bytes:
        """The sign-in page is drawn once a second for all who see the same: when many strangers come at once, members
        would wait for each of their pages."""
        if template != DOOR:
            return super().rendered(template, **names)
        doors, shown = self.roost.doors, (self.words.language, *names.values())
        drawn = doors.get(shown)
        if drawn is None:
            drawn = super().rendered(template, **names)
            doors.put(shown, drawn, doors.version)
        return drawn

    def door(self, notice: str | None, *, status: int = 200, next_page: str = HOME) -> None:
        """Answer with the sign-in page. Its button leads to `next_page` by way of X; an unknown notice says nothing."""
        if not self.settings_.sign_in_configured:
            notice = "not_configured"
        self.page(
            DOOR,
            status=status,
            notice=notice if notice in NOTICES else None,
            next_page=next_page,
            is_invited=self.is_invited,
            online=self.services.presence.count,
        )

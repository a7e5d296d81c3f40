"""The sign-in page, which the way in and the way back both end at when nobody gets in."""

from app.handlers.base import BaseHandler
from app.handlers.next_page import HOME

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

    def door(self, notice: str | None, *, status: int = 200, next_page: str = HOME) -> None:
        """Answer with the sign-in page. Its button leads to `next_page` by way of X; an unknown notice says nothing."""
        if not self.settings_.sign_in_configured:
            notice = "not_configured"
        self.page(
            "index.html",
            status=status,
            notice=notice if notice in NOTICES else None,
            next_page=next_page,
            is_invited=self.is_invited,
            online=self.services.presence.count,
        )

"""Where an invite link leads: a page that says who invites whereto, with one button."""

import logging
from http import HTTPStatus
from urllib.parse import quote

from app.chat import invites
from app.errors import InviteOver, NotSignedIn, RoostError
from app.handlers.base import BaseHandler

log = logging.getLogger(__name__)

KEPT_SECONDS = 3_600


class InviteHandler(BaseHandler):
    """GET /invite/TOKEN: by its button, through X, straight into the room; who is signed in goes there by a POST.

    The token is in no other address: until a sign-in begins it is in a cookie, then a hash of it in the sign-in's row.
    """

    action = "site.visit"

    def set_default_headers(self) -> None:
        """No other site learns the address from a link on this page; our own form has to name its origin."""
        super().set_default_headers()
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Robots-Tag", "noindex")

    async def get(self, token: str) -> None:
        landing = await invites.landing(self.services, self.client_address, token)
        if self.visitor is None:
            self.set_private_cookie(self.invite_cookie, token, KEPT_SECONDS)
        self.page(
            "invite.html",
            landing=landing,
            person=self.visitor.user if self.visitor else None,
            online=self.services.presence.count,
            public_url=self.settings_.public_url,
            can_sign_in=self.settings_.sign_in_configured,
            xsrf_form_html=self.xsrf_form_html,
        )

    head = get

    async def post(self, token: str) -> None:
        if self.visitor is None:
            raise NotSignedIn
        room = await invites.accept(self.services, self.visitor, token)
        log.info("person %d came by an invite: request %s", self.visitor.user.id, self.request_id)
        self.redirect(f"/chat/{quote(room.slug)}" if room else "/chat", status=HTTPStatus.SEE_OTHER)

    def show_error(self, error: RoostError | None) -> None:
        if isinstance(error, InviteOver):
            self.page("invite_over.html", status=error.status, error_text=self.in_words(error))
        else:
            super().show_error(error)

"""The page that makes the first owner of a new community."""

import logging
from http import HTTPStatus

from app.chat import first_owner
from app.errors import NotFound, WrongCode
from app.handlers.inside import InsideHandler

log = logging.getLogger(__name__)


class FirstOwnerHandler(InsideHandler):
    """GET /first-owner: asks for the code that is in the server's log, until somebody is owner. POST: the code."""

    action = "role.claim"

    async def get(self) -> None:
        if not await first_owner.is_wanted(self.services):
            raise NotFound
        self.show()

    async def post(self) -> None:
        code = self.get_body_argument("code", "")
        try:
            await first_owner.claim(self.services, self.signed_in, self.client_address, code)
        except WrongCode as wrong:
            self.show(wrong)
            return
        log.info("person %d is the first owner: request %s", self.person.id, self.request_id)
        self.redirect("/chat", status=HTTPStatus.SEE_OTHER)

    def show(self, wrong: WrongCode | None = None) -> None:
        self.page(
            "first_owner.html",
            status=wrong.status if wrong else HTTPStatus.OK,
            person=self.person,
            error_text=self.in_words(wrong) if wrong else None,
            xsrf_form_html=self.xsrf_form_html,
        )

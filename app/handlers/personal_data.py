"""What is kept about somebody: to take along, or to delete with the account."""

import logging
from http import HTTPStatus

from tornado.iostream import StreamClosedError

from app.chat import access, departure, export
from app.errors import BadRequest, LastOwner, RoostError, SignInAgain
from app.handlers.preferences import SettingsPage

log = logging.getLogger(__name__)

PAGE = "/settings/data"


class DataPage(SettingsPage):
    """What can be done with one's own data. It takes a fresh sign-in, to which the page leads."""

    async def show_data(self, error: RoostError | None) -> None:
        """`error` is why the account was not deleted."""
        await self.show(
            "settings_data.html",
            status=error.status if error else HTTPStatus.OK,
            here=PAGE,
            is_fresh=access.is_fresh(self.signed_in, self.services.clock.steady()),
            error_text=self.in_words(error) if error else None,
        )


class DataHandler(DataPage):
    """GET /settings/data."""

    async def get(self) -> None:
        await self.show_data(None)


class FreshHandler(DataPage):
    """What the page's forms post to. With a sign-in that is not fresh any more one comes back to the page, which leads
    to X: a form's own answer may not (SECURITY S14)."""

    def check_right(self) -> None:
        try:
            super().check_right()
        except SignInAgain:
            if self._wants_json():
                raise
            self.redirect(PAGE, status=HTTPStatus.SEE_OTHER)


class ExportHandler(FreshHandler):
    """POST /settings/data/export: everything that is kept about the person, as a file."""

    action = "account.export"

    async def post(self) -> None:
        pieces = export.pieces(self.services, self.signed_in)
        first = await anext(pieces)
        log.info("person %d exports their data: request %s", self.person.id, self.request_id)
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Disposition", f'attachment; filename="roost-{self.person.handle}.json"')
        self.set_header("Cache-Control", "no-store")
        self.write(first)
        try:
            async for piece in pieces:
                await self.flush()
                self.write(piece)
        except StreamClosedError:
            return  # gone before the end


class DeleteHandler(FreshHandler):
    """POST /settings/data/delete: the account, when `handle` is the one that is to go; `messages=true`: with all that
    they wrote."""

    action = "account.delete"

    async def post(self) -> None:
        try:
            with_messages = self.get_body_argument("messages", "") == "true"
            handle = self.get_body_argument("handle", "")
            await departure.delete(self.services, self.signed_in, handle, with_messages=with_messages)
        except (BadRequest, LastOwner) as error:
            await self.show_data(error)
            return
        log.info("person %d deleted their account: request %s", self.person.id, self.request_id)
        self.clear_session_cookie()
        # Storage too, unlike at signing out: drafts and unsent messages of somebody who is no more.
        self.set_header("Clear-Site-Data", '"cache", "storage"')
        self.redirect("/?notice=deleted", status=HTTPStatus.SEE_OTHER)

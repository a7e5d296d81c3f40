"""The page of a new app on Heroku, until its variables are set."""

import re

import tornado.locale
from tornado.locale import Locale

from app import heroku
from app.errors import SettingsMissing
from app.handlers.base import BaseHandler
from app.handlers.languages import SOURCE

HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
NOT_YET = 503


class SetUpHandler(BaseHandler):
    """Every address: what is missing, each with the command that sets it. Says nothing of what is set."""

    knows_visitor = False

    def initialize(self, missing: SettingsMissing) -> None:
        self._missing = missing

    def get_user_locale(self) -> Locale:
        """English, as all that is for those who run a server."""
        return tornado.locale.get(SOURCE)

    async def prepare(self) -> None:
        address = self._address()
        commands = self._missing.commands.items()
        self.page(
            "set_up.html",
            status=NOT_YET,
            commands={name: command.replace(heroku.YOUR_APP, address) for name, command in commands},
            for_sign_in=self._missing.for_sign_in,
            callback_url=f"{address}/login",
        )
        _ = self.finish()

    def _address(self) -> str:
        """Of this app, as whoever looks at the page reached it: only to be shown."""
        host = self.request.host.lower()
        return f"https://{host}" if HOST.fullmatch(host) else heroku.YOUR_APP

"""What a new app on Heroku serves until its variables are set, so that its first visitor is told what to do."""

import logging
from pathlib import Path

from tornado.web import Application

from app.application import log_request
from app.assets import Assets
from app.ending import asked_to_stop
from app.errors import SettingsMissing
from app.handlers.assets import AssetHandler
from app.handlers.health import HealthHandler
from app.handlers.languages import every_language
from app.handlers.rendering import make_pages
from app.handlers.set_up import SetUpHandler
from app.listening import Listener, bound
from app.settings import Settings

log = logging.getLogger(__name__)

FINISHING = 2.0
"""Seconds."""


class SetUpApplication(Application):
    """Has of the real Application what its handlers ask of it before it is open."""

    is_open = False

    def __init__(self, missing: SettingsMissing) -> None:
        self.roost_settings = Settings(root=Path(), port=missing.port, public_url=f"http://127.0.0.1:{missing.port}")
        self.assets = Assets()
        self.words = every_language()
        self.pages = make_pages(self.assets, self.roost_settings, self.words)
        super().__init__(
            [(r"/healthz", HealthHandler), (r"/static/(.*)", AssetHandler, {"assets": self.assets})],
            default_handler_class=SetUpHandler,
            default_handler_args={"missing": missing},
            log_function=log_request,
        )


async def serve_set_up(missing: SettingsMissing) -> None:
    """Serve the page until SIGTERM or SIGINT: the platform starts the app again with each variable that is set."""
    application = SetUpApplication(missing)
    listener = Listener(application)
    listener.add_sockets(bound(missing.port, application.roost_settings.bind_address))
    for name, problem in missing.problems.items():
        log.warning("not set up yet: %s: %s", name, problem)
    await asked_to_stop()
    listener.stop()
    await listener.answered(FINISHING)
    await listener.close_all_connections()

"""/healthz: the process lives. /readyz: it can serve."""

from app.handlers.base import BaseHandler
from app.realtime.readiness import Readiness


class HealthHandler(BaseHandler):
    action = "server.watch"
    knows_visitor = False
    https_only = False

    def get(self) -> None:
        """200 as soon as the process answers: "starting" until the database is open, then "ok"."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok" if self.roost.is_open else "starting"})

    head = get


class ReadyHandler(BaseHandler):
    action = "server.watch"
    knows_visitor = False
    https_only = False

    def initialize(self, readiness: Readiness) -> None:
        self._readiness = readiness

    async def get(self) -> None:
        """200 when the database answers and the server takes visitors, otherwise 503."""
        self.set_header("Cache-Control", "no-store")
        ready = self.roost.takes_visitors and await self._readiness.database_answers(self.services)
        self.set_status(200 if ready else 503)
        self.write({"status": "ready" if ready else "not ready"})

    head = get

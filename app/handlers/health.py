"""/healthz: the process lives. /readyz: it can serve. /metrics: what it counts, for those who hold METRICS_TOKEN."""

import hmac

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.chat import rooms
from app.errors import NotFound, RoostError
from app.handlers.base import BaseHandler
from app.realtime.figures import Figures


class HealthHandler(BaseHandler):
    knows_visitor = False

    def get(self) -> None:
        """200 as soon as the process answers: "starting" until the database is open, then "ok"."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok" if self.roost.is_open else "starting"})

    head = get


class ReadyHandler(BaseHandler):
    knows_visitor = False

    async def get(self) -> None:
        """200 when the database answers and the server takes visitors, otherwise 503."""
        self.set_header("Cache-Control", "no-store")
        ready = self.roost.takes_visitors and await self._database_answers()
        self.set_status(200 if ready else 503)
        self.write({"status": "ready" if ready else "not ready"})

    head = get

    async def _database_answers(self) -> bool:
        try:
            await rooms.heads(self.services, [])
        except RoostError:
            return False
        return True


class MetricsHandler(BaseHandler):
    knows_visitor = False

    def get(self) -> None:
        """The counters in Prometheus' text form. Without the token there is nothing here."""
        token = self.settings_.metrics_token
        if not token or not hmac.compare_digest((self.bearer_token or "").encode(), token.encode()):
            raise NotFound
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.set_header("Cache-Control", "no-store")
        self.write(generate_latest(Figures(self.services, self.hub)))

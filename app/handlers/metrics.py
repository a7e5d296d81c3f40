"""/metrics: what the process counts, for those who hold METRICS_TOKEN."""

import hmac

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.errors import NotFound
from app.handlers.base import BaseHandler
from app.realtime.figures import Figures
from app.realtime.readiness import Readiness


class MetricsHandler(BaseHandler):
    action = "server.watch"
    knows_visitor = False

    def initialize(self, readiness: Readiness) -> None:
        self._readiness = readiness

    async def get(self) -> None:
        """The figures in Prometheus' text form. Without the token there is nothing here."""
        token = self.settings_.metrics_token
        if not token or not hmac.compare_digest((self.bearer_token or "").encode(), token.encode()):
            raise NotFound
        answers = await self._readiness.database_answers(self.services)
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.set_header("Cache-Control", "no-store")
        self.write(generate_latest(Figures(self.services, self.hub, database_up=answers)))

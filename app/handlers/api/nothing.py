"""Every other address under /api: told in the form of the API, whoever asks."""

from app.errors import NotFound
from app.handlers.api.base import ApiHandler


class NothingHandler(ApiHandler):
    action = "site.visit"

    def initialize(self) -> None:  # type: ignore[override]
        super().initialize({})

    async def prepare(self) -> None:
        raise NotFound

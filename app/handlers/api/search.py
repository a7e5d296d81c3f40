"""Finding messages: /search."""

from urllib.parse import urlencode

from msgspec import UNSET

from app.handlers.api.base import ROOT, ApiHandler
from app.protocol import api, commands, events


class SearchHandler(ApiHandler):
    async def get(self) -> None:
        asked = self.query(api.SearchAsked)
        before = None if asked.cursor is UNSET else asked.cursor
        command = commands.SearchMessages(ref=0, text=asked.q, before=before, limit=asked.limit, zone=asked.zone)
        found = await self.ask(command, events.Found)
        further = None
        if found.before is not None:
            query = {"q": asked.q, "cursor": found.before, "limit": asked.limit, "zone": asked.zone}
            further = f"{ROOT}/search?{urlencode(query)}"
        self.answer(api.SearchResults(hits=found.hits, people=found.people, chips=found.chips, next=further))

"""Which rooms there are: /directory."""

from urllib.parse import urlencode

from msgspec import UNSET

from app.handlers.api.base import ROOT, ApiHandler
from app.protocol import api, commands, events


class DirectoryHandler(ApiHandler):
    async def get(self) -> None:
        asked = self.query(api.DirectoryAsked)
        after = None if asked.cursor is UNSET else asked.cursor
        command = commands.ListRooms(ref=0, prefix=asked.prefix, after=after, limit=asked.limit)
        page = await self.ask(command, events.Rooms)
        further = None
        if not page.last:
            query = {"prefix": asked.prefix, "cursor": page.rooms[-1].id, "limit": asked.limit}
            further = f"{ROOT}/directory?{urlencode(query)}"
        self.answer(api.Directory(rooms=page.rooms, next=further))

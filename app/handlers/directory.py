"""The page of the directory: which rooms there are, and the way into and out of each."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import SimpleNamespace
from urllib.parse import urlencode

from app.chat import accounts, directory, memberships
from app.chat.events import shown_listing
from app.errors import NotFound
from app.handlers.inside import InsideHandler
from app.handlers.pages import sidebar_rows
from app.handlers.timeline import moment_label, moment_of
from app.models import Room, Visitor
from app.protocol.fields import NAME_LIMIT, ROOMS_LIMIT
from app.services import Services

ROOM = re.compile(r"[1-9][0-9]{0,14}")
ACTS: Mapping[str, Callable[[Services, Visitor, int], Awaitable[object]]] = {
    "join": memberships.join,
    "leave": memberships.leave,
}


class DirectoryHandler(InsideHandler):
    """GET /rooms: rooms whose name begins with `q`, past the room `after`. POST: the room to `join` or to `leave`."""

    action = "room.find"

    async def get(self) -> None:
        prefix, after = self.prefix, self.get_query_argument("after", "")
        past = int(after) if ROOM.fullmatch(after) else None
        found = await directory.page(self.services, self.signed_in, prefix, past, ROOMS_LIMIT)
        mine = await accounts.arrive(self.services, self.signed_in)
        self.page(
            "directory.html",
            view="directory",
            person=self.person,
            room=None,
            rooms=sidebar_rows(mine.rooms, mine.mentions),
            prefix=prefix,
            found=[self.shown(room, joined=joined) for room, joined in found.rooms],
            more=None if found.last else f"/rooms?{urlencode({'q': prefix, 'after': found.rooms[-1][0].id})}",
            boot={
                "preferences": self.preferences,
                "found": [shown_listing(room, joined=joined) for room, joined in found.rooms],
                "xsrf": self.xsrf_token.decode(),
            },
            xsrf_form_html=self.xsrf_form_html,
        )

    async def post(self) -> None:
        """The way of a page without its script."""
        for name, act in ACTS.items():
            room = self.get_body_argument(name, "")
            if ROOM.fullmatch(room):
                await act(self.services, self.signed_in, int(room))
                self.redirect(f"/rooms?{urlencode({'q': self.prefix})}#room-{room}", status=HTTPStatus.SEE_OTHER)
                return
        raise NotFound

    @property
    def prefix(self) -> str:
        return self.get_argument("q", "")[:NAME_LIMIT]

    def shown(self, room: Room, *, joined: bool) -> SimpleNamespace:
        """A room as the template draws it; the times are UTC's until the script knows the reader's."""
        at = moment_of(room.last_at) if room.last_at else None
        label = moment_label(at, datetime.now(UTC), self.words) if at else ""
        return SimpleNamespace(room=room, joined=joined, at=at, at_label=label)

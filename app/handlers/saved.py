"""The page of what one has saved."""

from typing import Any

from app.chat import accounts, saved
from app.chat.context import target_in
from app.chat.events import shown_person, shown_saved
from app.chat.saved import Page
from app.handlers.catch_up import NOTHING_YET
from app.handlers.found_messages import SHOWN, FoundMessagesPage
from app.handlers.pages import DIRECTORY, first_room


class SavedHandler(FoundMessagesPage):
    """GET /saved: the messages that the visitor has saved."""

    action = "chat.use"

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if not mine.rooms:
            self.redirect(DIRECTORY)
            return
        found = await saved.page(self.services, self.signed_in, None, SHOWN)
        room = first_room(mine)
        boot = self.boot(room, mine, NOTHING_YET, None) | {"saved": told(found)}
        shown = self.shown(found.saved, found.people, found.quotes, mine, last=found.last)
        self.page("chat.html", view="saved", boot=boot, **(self.names(room, mine, NOTHING_YET) | {"saved": shown}))


def told(found: Page) -> dict[str, Any]:
    """What the page's script starts from, in the words of the protocol."""
    return {
        "saved": [shown_saved(*each, target_in(found.quotes, each[1])) for each in found.saved],
        "people": [shown_person(person) for person in found.people],
        "last": found.last,
    }

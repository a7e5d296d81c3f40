"""The page of what mentions one."""

from typing import Any

from app.chat import accounts, mentions
from app.chat.accounts import Belongings
from app.chat.context import target_in
from app.chat.events import shown_mention, shown_person
from app.chat.mentions import Page
from app.handlers.catch_up import NOTHING_YET
from app.handlers.found_messages import SHOWN, FoundMessagesPage
from app.handlers.pages import DIRECTORY, first_room
from app.models import Mention, Saved


class MentionsHandler(FoundMessagesPage):
    """GET /mentions: the newest messages that mention the visitor."""

    action = "chat.use"

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if not mine.rooms:
            self.redirect(DIRECTORY)
            return
        found = await mentions.page(self.services, self.signed_in, None, SHOWN)
        room = first_room(mine)
        boot = self.boot(room, mine, NOTHING_YET, None) | {"mentions": told(found)}
        shown = self.shown(found.mentions, found.people, found.quotes, mine, last=found.last)
        self.page(
            "chat.html", view="mentions", boot=boot, **(self.names(room, mine, NOTHING_YET) | {"mentions": shown})
        )

    def is_new(self, each: Mention | Saved, mine: Belongings) -> bool:
        return each.number in mine.mentions.get(each.room_id, ())


def told(found: Page) -> dict[str, Any]:
    """What the page's script starts from, in the words of the protocol."""
    return {
        "mentions": [shown_mention(*each, target_in(found.quotes, each[1])) for each in found.mentions],
        "people": [shown_person(person) for person in found.people],
        "last": found.last,
    }

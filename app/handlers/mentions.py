"""The page of what mentions one."""

from app.chat import mentions
from app.chat.accounts import Belongings
from app.chat.events import shown_mention
from app.chat.found import FoundPage
from app.handlers.found_messages import SHOWN, FoundMessagesPage
from app.models import Mention, Message, Room
from app.protocol import events


class MentionsHandler(FoundMessagesPage[Mention]):
    """GET /mentions: the newest messages that mention the visitor."""

    action = "chat.use"
    view = "mentions"

    async def ask(self) -> FoundPage[Mention]:
        return await mentions.page(self.services, self.signed_in, None, SHOWN)

    def shown_each(
        self, each: Mention, message: Message, quoted: Message | None, threads: dict[int, Room]
    ) -> events.Mention:
        return shown_mention(each, message, quoted, threads)

    def is_new(self, each: Mention, mine: Belongings) -> bool:
        return each.number in mine.mentions.get(each.room_id, ())

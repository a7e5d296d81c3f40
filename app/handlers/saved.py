"""The page of what one has saved."""

from app.chat import saved
from app.chat.events import shown_saved
from app.chat.found import FoundPage
from app.handlers.found_messages import SHOWN, FoundMessagesPage
from app.models import Message, Room, Saved
from app.protocol import events


class SavedHandler(FoundMessagesPage[Saved]):
    """GET /saved: the messages that the visitor has saved."""

    action = "chat.use"
    view = "saved"

    async def ask(self) -> FoundPage[Saved]:
        return await saved.page(self.services, self.signed_in, None, SHOWN)

    def shown_each(
        self, each: Saved, message: Message, quoted: Message | None, threads: dict[int, Room]
    ) -> events.SavedMessage:
        return shown_saved(each, message, quoted, threads)

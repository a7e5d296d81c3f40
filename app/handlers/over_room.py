"""Pages that lie over a room."""

from abc import abstractmethod
from typing import Any

from app.chat import accounts
from app.chat.accounts import Belongings
from app.chat.messages import Page
from app.handlers.pages import DIRECTORY, ChatPage, first_room

NOTHING_YET = Page([], [], first=False, last=False)


class OverRoomPage(ChatPage):
    """A room waits behind it, as behind each page of the chat; who is in none is led to where they find one."""

    async def get(self) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        if mine.rooms:
            await self.show(mine)
        else:
            self.redirect(DIRECTORY)

    @abstractmethod
    async def show(self, mine: Belongings) -> None: ...

    def over(
        self, view: str, mine: Belongings, told: dict[str, Any], shown: dict[str, Any], *, status: int = 200
    ) -> None:
        """The page whose script starts from what is `told` besides, and whose template draws what is `shown`."""
        room = first_room(mine)
        boot = self.boot(room, mine, NOTHING_YET, None) | told
        names = self.names(room, mine, NOTHING_YET) | shown
        self.page("chat.html", view=view, status=status, boot=boot, **names)

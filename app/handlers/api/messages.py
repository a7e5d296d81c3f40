"""The messages of a room: /rooms/ID/messages, and one of them by its number."""

from msgspec import UNSET

from app.chat import messages
from app.errors import NotFound
from app.handlers.api.base import ROOT, ApiHandler
from app.handlers.nonces import nonce_in
from app.memory.limits import Limit
from app.protocol import api, commands, events


class MessagesHandler(ApiHandler):
    """GET gives a page of history, POST posts."""

    async def get(self, room: str) -> None:
        asked = self.query(api.HistoryAsked)
        before, after, around = (None if each is UNSET else each for each in (asked.before, asked.after, asked.around))
        command = commands.ListMessages(
            ref=0, room=int(room), before=before, after=after, around=around, limit=asked.limit
        )
        page = await self.ask(command, events.Page)
        self.answer(
            api.History(
                room=page.room,
                messages=page.messages,
                people=page.people,
                quoted=page.quoted,
                previous=page_at(page, "before", asked.limit),
                next=page_at(page, "after", asked.limit),
            )
        )

    async def post(self, room: str) -> None:
        """A repeat is answered with the first message, and 200 in place of 201."""
        given = self.body(api.NewMessage)
        command = commands.SendMessage(
            ref=0,
            room=int(room),
            nonce=nonce_in(self.request.headers),
            text=given.text,
            kind=given.kind,
            reply_to=None if given.reply_to is UNSET else given.reply_to,
            files=given.files,
            alts=given.alts,
        )
        sent = await self.ask(command, events.Sent)
        posted = api.Posted(room=sent.room, message=sent.message)
        if sent.dup:
            self.answer(posted)
        else:
            self.answer(posted, 201, address_of(sent.room, sent.message.number))

    @property
    def rates(self) -> dict[str, tuple[str, Limit]]:
        if self.request.method != "POST":
            return super().rates
        return super().rates | {"messages": messages.pace(self.services, self.signed_in)}


class MessageHandler(ApiHandler):
    """GET gives it, PATCH lets it say something else, DELETE takes it away."""

    async def get(self, room: str, number: str) -> None:
        command = commands.ListMessages(ref=0, room=int(room), around=int(number), limit=1)
        page = await self.ask(command, events.Page)
        if [each.number for each in page.messages] != [int(number)]:
            raise NotFound
        self.answer(api.Posted(room=page.room, message=page.messages[0], people=page.people, quoted=page.quoted))

    async def patch(self, room: str, number: str) -> None:
        text = self.body(api.NewText).text
        command = commands.EditMessage(ref=0, room=int(room), number=int(number), text=text)
        edited = await self.ask(command, events.Edited)
        self.answer(api.Posted(room=edited.room, message=edited.message))

    async def delete(self, room: str, number: str) -> None:
        asked = self.query(api.RemovalAsked)
        reason = None if asked.reason is UNSET else asked.reason
        command = commands.RemoveMessage(ref=0, room=int(room), number=int(number), reason=reason)
        await self.ask(command, events.Done)
        self.done()


def address_of(room: int, number: int) -> str:
    return f"{ROOT}/rooms/{room}/messages/{number}"


def page_at(page: events.Page, side: str, limit: int) -> str | None:
    """The address of the page on one side of this one."""
    if not page.messages or (page.first if side == "before" else page.last):
        return None
    number = page.messages[0 if side == "before" else -1].number
    return f"{ROOT}/rooms/{page.room}/messages?{side}={number}&limit={limit}"

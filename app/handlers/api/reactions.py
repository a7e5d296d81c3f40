"""One's own emoji on a message: /rooms/ID/messages/NUMBER/reactions/EMOJI."""

from app.handlers.api.base import ApiHandler
from app.protocol import commands, events


class ReactionHandler(ApiHandler):
    """PUT lets it be there, DELETE not. Once more is harmless. The emoji is percent-encoded UTF-8."""

    async def put(self, room: str, number: str, emoji: str) -> None:
        await self.react(room, number, emoji, on=True)

    async def delete(self, room: str, number: str, emoji: str) -> None:
        await self.react(room, number, emoji, on=False)

    async def react(self, room: str, number: str, emoji: str, *, on: bool) -> None:
        command = commands.React(ref=0, room=int(room), number=int(number), emoji=emoji, on=on)
        await self.ask(command, events.Done)
        self.done()

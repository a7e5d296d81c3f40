"""One command and its one answer, for who has no connection to send it on."""

import asyncio
from typing import NoReturn, TypeVar

from app.errors import BadRequest
from app.models import Visitor
from app.protocol import commands
from app.protocol.commands import Command
from app.protocol.events import Event
from app.realtime.commands import COMMANDS, Asker, Table
from app.realtime.later import Later
from app.realtime.outcome import act_on, carry_out, settled
from app.services import Services

E = TypeVar("E", bound=Event)


class Exchange:
    """Needs nothing of the stream on which its person listens, which may be another process's."""

    __slots__ = ("services", "visitor")

    def __init__(self, services: Services, visitor: Visitor) -> None:
        self.services = services
        self.visitor = visitor

    async def answer(self, body: bytes) -> Event:
        """What the command in `body` is answered with; for a message, after its commit."""
        answer = await carry_out(self, EXCHANGED, body)
        assert answer is not None, "only room.open is answered by somebody else, and it is refused here"
        if not isinstance(answer, Later):
            return answer
        await asyncio.wait((answer.future,))
        return settled(self.services, answer)

    async def ask(self, command: Command, kind: type[E]) -> E:
        """The same of a command that something else was read into, which is answered with an event of this kind. Raises
        what keeps it from being done."""
        answer = await act_on(self, EXCHANGED, command)
        if isinstance(answer, Later):
            stored = await answer.future
            self.services.metrics.sends_answered += 1
            answer = answer.event(stored)
        assert isinstance(answer, kind), "each command has one kind of answer"
        return answer


async def refuse(asker: Asker, command: commands.OpenRoom | commands.CloseRoom) -> NoReturn:
    raise BadRequest("Which rooms are open is said by the address of the stream: /stream?room=ID. Open another stream.")


async def refuse_to_rest(asker: Asker, command: commands.RestPresence) -> NoReturn:
    raise BadRequest("Whoever listens on a stream is here: only a WebSocket can say that nobody is.")


EXCHANGED: Table = {
    **COMMANDS,
    commands.OpenRoom: ("chat.use", refuse),
    commands.CloseRoom: ("chat.use", refuse),
    commands.RestPresence: ("chat.use", refuse_to_rest),
}

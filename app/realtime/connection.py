"""One client's conversation, whatever carries its bytes."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from app.chat import accounts, direct
from app.chat.accounts import Belongings
from app.chat.events import shown_draft, shown_person, shown_restraint, shown_room
from app.errors import NotSignedIn, RoostError
from app.models import Visitor
from app.protocol.close_codes import CloseCode
from app.protocol.codec import encode_event
from app.protocol.events import Event, SessionStarted
from app.protocol.fields import TEXT_LIMIT
from app.realtime.commands import COMMANDS, Answer
from app.realtime.later import Later
from app.realtime.outcome import carry_out, settled
from app.realtime.transport import Transport
from app.services import Services

if TYPE_CHECKING:
    from app.realtime.hub import Hub

log = logging.getLogger(__name__)

MOST_UNANSWERED = 64
"""Commands of one connection under way at once; beyond, its socket is not read (DELIVERY D4)."""

ANSWERED_AHEAD = 256 * 1024
"""Bytes of answers that may wait for a client before the next command is carried out."""
DRAINING, DRAINED_AGAIN = 60.0, 0.02
"""Seconds that a client may take for that, and between two looks at it."""


class Connection:
    """Takes commands one at a time, in order, and answers them in that order.

    An idle connection holds no task: one lives only while commands wait to be carried out (PERFORMANCE P6).
    """

    __slots__ = (
        "_answer_sent",
        "_answers",
        "_held",
        "_inbox",
        "_paused",
        "_worker",
        "gone",
        "hub",
        "idle",
        "rooms",
        "services",
        "transport",
        "visitor",
    )

    def __init__(self, services: Services, hub: "Hub", visitor: Visitor, transport: Transport) -> None:
        self.services = services
        self.hub = hub
        self.visitor = visitor
        self.transport = transport
        self.rooms: tuple[int, ...] = ()
        self.gone = False
        self.idle = False
        self._held: list[Event] | None = []
        self._inbox: deque[bytes] | None = None
        self._answers: deque[bytes | Later] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._answer_sent: asyncio.Event | None = None
        self._paused = False

    def start(self) -> None:
        """The socket is ready: say who, where and what holds."""
        if not self.hub.has_place_for(self.visitor.user.id):
            self.gone = True
            self.close(CloseCode.TOO_MANY_CONNECTIONS)
            return
        self.hub.attach(self)
        self._worker = asyncio.get_running_loop().create_task(self._live(self._begin))

    def receive(self, body: bytes) -> None:
        """A whole message arrived."""
        if self.gone:
            return
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(body)
        if len(self._inbox) + len(self._answers or ()) >= MOST_UNANSWERED:
            self._pause()
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._live(self._work))

    def send(self, event: Event) -> None:
        """Say something to this client alone, now; at the beginning, after session.started."""
        if self._held is None:
            self.transport.write(self.transport.framing.frame(encode_event(event)))
        else:
            self._held.append(event)

    @property
    def started(self) -> bool:
        """session.started is on its way."""
        return self._held is None

    def close(self, code: CloseCode) -> None:
        """Hang up. What waits to be carried out is left undone: no answer would reach anybody, and until the other end
        has closed as well, seconds later, whoever is banned would go on talking where they are a peer."""
        if self._inbox is not None:
            self._inbox.clear()
        self.transport.close(code)

    def closed(self) -> None:
        """The socket is gone."""
        if self.gone:
            return
        self.gone = True
        self.hub.detach(self)
        if self._answer_sent is not None:
            self._answer_sent.set()

    async def answered(self, at_most: int = 0) -> None:
        """Return when no more than `at_most` answers wait for their commit, or the socket is gone."""
        while self._answers is not None and len(self._answers) > at_most and not self.gone:
            self._answer_sent = asyncio.Event()
            await self._answer_sent.wait()
        self._answer_sent = None

    async def drained(self) -> None:
        """Return when the client has taken most of what it asked for, or is gone.

        Without this wait several long answers on a slow line would look like a client that does not read."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAINING):
                while self.transport.buffered > ANSWERED_AHEAD and not self.gone:  # noqa: ASYNC110  the socket tells nobody
                    await asyncio.sleep(DRAINED_AGAIN)
                return
        self.services.metrics.slow_closes += 1
        self.close(CloseCode.SLOW)

    async def _live(self, part: Callable[[], Awaitable[None]]) -> None:
        try:
            await part()
        except Exception:
            # Silence would leave the client waiting for ever: nothing would be carried out any more.
            log.exception("a connection broke")
            self.close(CloseCode.INTERNAL_ERROR)

    async def _begin(self) -> None:
        before = self.visitor
        try:
            mine = await accounts.arrive(self.services, self.visitor)
        except NotSignedIn:
            self.close(CloseCode.SESSION_ENDED)
            return
        except RoostError:
            self.close(CloseCode.TRY_AGAIN_LATER)
            return
        if self.visitor is before:  # else something newer was heard meanwhile
            # A mute that was made before the hub knew of this connection was told to nobody.
            self.visitor = msgspec.structs.replace(before, user=mine.user)
        if not self.gone:
            self.hub.admit(self, [room for room, _ in [*mine.rooms, *mine.threads]])
            self._say_first(mine)
            await self._work()

    def _say_first(self, mine: Belongings) -> None:
        held, self._held = self._held or (), None
        self.send(
            SessionStarted(
                epoch=self.services.store.epoch,
                person=shown_person(self.visitor.user),
                rooms=[
                    direct.shown(self.services, room, own, mine.people, mine.mentions.get(room.id, ()))
                    for room, own in mine.rooms
                ],
                heartbeat=self.hub.heartbeat,
                text_limit=TEXT_LIMIT,
                drafts=[shown_draft(draft) for draft in mine.drafts],
                release=self.hub.release,
                blocked=mine.blocked,
                edit_minutes=self.services.settings.edit_minutes,
                file_limit=self.services.settings.file_limit,
                reports=mine.reports,
                restraint=shown_restraint(self.visitor.user, self.services.clock.steady()),
                preferences=self.visitor.preferences,
                threads=[shown_room(room, own, mine.mentions.get(room.id, ())) for room, own in mine.threads],
            )
        )
        for event in held:
            self.send(event)

    async def _work(self) -> None:
        while self._inbox and not self.gone:
            self._reply(await carry_out(self, COMMANDS, self._inbox.popleft()))
            if self.transport.buffered > ANSWERED_AHEAD:
                await self.drained()
            if self._answers is not None and len(self._answers) >= MOST_UNANSWERED:
                await self.answered(MOST_UNANSWERED - 1)
        self._inbox = None
        self._worker = None
        self._resume()

    def _reply(self, result: Answer) -> None:
        if result is None:
            return
        if isinstance(result, Later):
            if self._answers is None:
                self._answers = deque()
                result.future.add_done_callback(self._send_answers)
            self._answers.append(result)
        elif self._answers:
            self._answers.append(encode_event(result))
        else:
            self.send(result)

    def _send_answers(self, _: "asyncio.Future[Any] | None" = None) -> None:
        """Send the answers that are ready, up to the first that still waits for its commit."""
        ready = []
        while self._answers:
            head = self._answers[0]
            if isinstance(head, Later):
                if not head.future.done():
                    # One callback for the many that share a commit, not one each.
                    head.future.add_done_callback(self._send_answers)
                    break
                head = encode_event(settled(self.services, head))
            self._answers.popleft()
            ready.append(self.transport.framing.frame(head))
        if ready:
            self.transport.write(b"".join(ready))
        if not self._answers:
            self._answers = None
        if self._answer_sent is not None:
            self._answer_sent.set()

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume()

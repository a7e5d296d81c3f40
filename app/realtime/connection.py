"""One client's conversation, whatever carries its bytes."""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any

from app.chat import rooms
from app.chat.events import shown_person, shown_room
from app.errors import RoostError
from app.models import Visitor
from app.protocol.close_codes import CloseCode
from app.protocol.codec import decode_command, encode_event, reference_of
from app.protocol.events import Event, Failed, Problem, SessionStarted
from app.protocol.fields import TEXT_LIMIT
from app.realtime.commands import COMMANDS
from app.realtime.later import Later
from app.realtime.transport import Transport
from app.services import Services

if TYPE_CHECKING:
    from app.realtime.hub import Hub

log = logging.getLogger(__name__)

MOST_UNANSWERED = 64
"""Commands of one connection under way at once; beyond, its socket is not read (DELIVERY D4)."""


class Connection:
    """Takes commands one at a time, in order, and answers them in that order.

    An idle connection holds no task: one lives only while commands wait to be carried out (PERFORMANCE P6).
    """

    __slots__ = (
        "_answers",
        "_closed",
        "_inbox",
        "_paused",
        "_room_for_more",
        "_worker",
        "hub",
        "open_rooms",
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
        self.open_rooms: tuple[int, ...] = ()
        self._inbox: deque[bytes] | None = None
        self._answers: deque[bytes | Later] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._room_for_more: asyncio.Event | None = None
        self._paused = False
        self._closed = False

    def start(self) -> None:
        """The socket is ready: say who, where and what holds."""
        self.hub.attach(self)
        self._worker = asyncio.get_running_loop().create_task(self._begin())

    def receive(self, body: bytes) -> None:
        """A whole message arrived."""
        if self._closed:
            return
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(body)
        if len(self._inbox) > MOST_UNANSWERED:
            self._pause()
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def send(self, event: Event) -> None:
        """Say something to this client alone, now."""
        self.transport.write(self.transport.framing.frame(encode_event(event)))

    def close(self, code: CloseCode) -> None:
        """Hang up."""
        self.transport.close(code)

    def closed(self) -> None:
        """The socket is gone."""
        if not self._closed:
            self._closed = True
            self.hub.detach(self)

    async def _begin(self) -> None:
        try:
            found = await rooms.of_visitor(self.services, self.visitor)
        except RoostError:
            self.close(CloseCode.INTERNAL_ERROR)
            return
        if self._closed:
            return
        self.hub.watch(self, [room.id for room, _ in found])
        self.send(
            SessionStarted(
                epoch=self.services.store.epoch,
                person=shown_person(self.visitor.user),
                rooms=[shown_room(room, membership.read_number) for room, membership in found],
                heartbeat=self.hub.heartbeat,
                text_limit=TEXT_LIMIT,
            )
        )
        await self._work()

    async def _work(self) -> None:
        while self._inbox and not self._closed:
            await self._carry_out(self._inbox.popleft())
            await self._wait_for_answers()
        self._inbox = None
        self._worker = None
        self._resume()

    async def _carry_out(self, body: bytes) -> None:
        """Do what one command asks. The one place where an error becomes a reply."""
        ref = None
        try:
            command = decode_command(body)
            ref = command.ref
            result = await COMMANDS[type(command)](self, command)
        except RoostError as error:
            result = self._failed(error, ref if ref is not None else reference_of(body))
        except Exception:
            log.exception("a command broke")
            result = self._failed(RoostError(), ref)
        self._reply(result)

    def _failed(self, error: RoostError, ref: int | None) -> Failed:
        self.services.metrics.commands_failed.inc()
        problem = Problem(error.code, error.message, error.temporary, error.retry_after)
        return Failed(error=problem, ref=ref)

    def _reply(self, result: Event | Later | None) -> None:
        if result is None:
            return
        if isinstance(result, Later):
            self._answers = self._answers or deque()
            self._answers.append(result)
            result.future.add_done_callback(self._send_answers)
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
                    break
                head = encode_event(self._outcome(head))
            self._answers.popleft()
            ready.append(self.transport.framing.frame(head))
        if ready:
            self.transport.write(b"".join(ready))
        if not self._answers:
            self._answers = None
        if self._room_for_more is not None:
            self._room_for_more.set()

    def _outcome(self, later: Later) -> Event:
        """The answer whose commit has come, or why it did not."""
        error = later.future.exception()
        if error is None:
            return later.event(later.future.result())
        return self._failed(error if isinstance(error, RoostError) else RoostError(), later.ref)

    async def _wait_for_answers(self) -> None:
        while self._answers is not None and len(self._answers) >= MOST_UNANSWERED and not self._closed:
            self._pause()
            self._room_for_more = asyncio.Event()
            await self._room_for_more.wait()
        self._room_for_more = None

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume()

"""A room as this process sees it: who looks at it here, and up to which change they have been told."""

from collections.abc import Iterator

from app.protocol.codec import decode_event
from app.protocol.events import MessagePosted
from app.realtime.outgoing import Outgoing, WriteQueue
from app.realtime.transport import Listener

POST = b'{"type":"message.posted"'
CHANGE = b'{"type":"room.changed"'
CALL = b'{"type":"mention.posted"'
REACTIONS = b'{"type":"reactions.changed"'


class LiveRoom:
    """`open_here` receives everything, `elsewhere` (members with another room in front of them) only activity
    and what calls everybody.

    `seq` is the last change handed out here. Changes that came too early wait in `ahead`. `moved_at` is the change at
    which each person last came or left, of those who did while this process listened. `readers` are those who read it
    here without an account: a room of their own, which passes on what is for them.
    """

    __slots__ = (
        "_arriving",
        "_opening",
        "ahead",
        "beaten_seq",
        "doubted",
        "elsewhere",
        "id",
        "is_direct",
        "latest_change",
        "latest_post",
        "moved_at",
        "open_here",
        "readers",
        "repairing",
        "seq",
    )

    def __init__(self, room_id: int, seq: int, queue: WriteQueue) -> None:
        self.id = room_id
        self.seq = seq
        self.beaten_seq = seq
        self.is_direct = False
        self.latest_post: bytes | None = None
        self.latest_change: tuple[int, bytes] | None = None
        self.moved_at: dict[int, int] = {}
        self.ahead: dict[int, bytes] = {}
        self.repairing = self.doubted = False
        self.open_here = Outgoing(queue)
        self.elsewhere = Outgoing(queue)
        self.readers: LiveRoom | None = None
        self._opening: dict[Listener, list[tuple[int, bytes]]] = {}
        self._arriving: dict[Listener, int] = {}

    @property
    def deserted(self) -> bool:
        nobody = self.open_here.empty and self.elsewhere.empty and not self._opening and not self._arriving
        return nobody and self.readers is None

    @property
    def latest_number(self) -> int:
        """Of the latest post; 0: none was handed out here. To be asked now and then."""
        if self.latest_post is None:
            return 0
        event = decode_event(self.latest_post)
        assert isinstance(event, MessagePosted), "only posts are kept"
        return event.message.number

    @property
    def watching_people(self) -> list[Outgoing]:
        """Those who see who is here: of a direct room all its people, whose names stand in a list with that."""
        audiences = [self.open_here, self.elsewhere] if self.is_direct else [self.open_here]
        return [audience for audience in audiences if not audience.empty]

    def begin_opening(self, connection: Listener) -> None:
        """Keep changes for this connection until its reply is written: read first and subscribe then would lose those
        in between, subscribe first and read then would send them before the state they belong to."""
        self._opening[connection] = []
        self._arriving.pop(connection, None)
        self.open_here.leave(connection)

    def abandon_opening(self, connection: Listener) -> None:
        """The state could not be read: the room is not open."""
        if self._opening.pop(connection, None) is not None:
            self.elsewhere.join(connection)

    def finish_opening(self, connection: Listener, head: int, reply: bytes) -> None:
        """Write the state as of change `head`, what came since, and from here on everything as it comes."""
        kept = self._opening.pop(connection, None)
        if kept is None:
            return
        bodies = [reply, *(body for seq, body in kept if seq > head)]
        connection.transport.write(b"".join(map(connection.transport.framing.frame, bodies)))
        self.elsewhere.leave(connection)
        self._arriving[connection] = head
        self._let_in()

    def watch(self, connection: Listener) -> None:
        """Tell this connection of activity only."""
        self._arriving.pop(connection, None)
        self.open_here.leave(connection)
        self.elsewhere.join(connection)

    def leave(self, connection: Listener) -> None:
        """Tell this connection nothing more."""
        self._opening.pop(connection, None)
        self._arriving.pop(connection, None)
        self.open_here.leave(connection)
        self.elsewhere.leave(connection)

    def hand_out(self, seq: int, body: bytes) -> None:
        """Pass a change on to everybody who looks; the caller has checked that it is the next one."""
        if body.startswith(POST):
            self.latest_post = body
        elif body.startswith(CHANGE):
            self.latest_change = (seq, body)
            if not self.elsewhere.empty:
                self.elsewhere.add(body)
        elif body.startswith(REACTIONS) and self.beaten_seq == self.seq:
            # The heartbeat is silent of it: everybody who looks elsewhere would ask what was posted.
            self.beaten_seq = seq
        for kept in self._opening.values():
            kept.append((seq, body))
        self.hint(body)
        if self.readers is not None:
            self.readers.hand_out(seq, body)
        self.advance(seq)

    def hint(self, body: bytes) -> None:
        """Pass on what takes no number."""
        if not self.open_here.empty:
            self.open_here.add(body)
        if body.startswith(CALL) and not self.elsewhere.empty:
            self.elsewhere.add(body)

    def advance(self, seq: int) -> None:
        """Everything up to `seq` has been handed out, or is known to be nothing that one can be told."""
        self.seq = seq
        if self._arriving:
            self._let_in()
        if self.readers is not None:
            self.readers.advance(seq)

    def next_ahead(self) -> Iterator[tuple[int, bytes]]:
        """The changes that came early and are next now, in order."""
        while (body := self.ahead.pop(self.seq + 1, None)) is not None:
            yield self.seq + 1, body

    def _let_in(self) -> None:
        """The database may be ahead of what was handed out here: whoever was shown its state joins when that state is
        reached, or they would hear of its last changes once more."""
        for connection, head in list(self._arriving.items()):
            if head <= self.seq:
                del self._arriving[connection]
                self.open_here.join(connection)

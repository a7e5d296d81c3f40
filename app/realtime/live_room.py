"""A room as this process sees it: who looks at it here, and up to which change they have been told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.realtime.outgoing import Outgoing, WriteQueue

if TYPE_CHECKING:
    from app.realtime.connection import Connection


class LiveRoom:
    """`open_here` receives everything, `elsewhere` (members with another room in front of them) only activity.

    `seq` is the last change handed out here, None before the first. Changes that came too early wait in `ahead`.
    """

    __slots__ = (
        "_opening",
        "ahead",
        "beaten_seq",
        "elsewhere",
        "id",
        "latest_post",
        "open_here",
        "people",
        "repairing",
        "seq",
    )

    def __init__(self, room_id: int, queue: WriteQueue) -> None:
        self.id = room_id
        self.seq: int | None = None
        self.beaten_seq: int | None = None
        self.latest_post: bytes | None = None
        self.ahead: dict[int, bytes] = {}
        self.repairing = False
        self.open_here = Outgoing(queue)
        self.elsewhere = Outgoing(queue)
        self.people: set[int] = set()
        """Members connected to this process; somebody stays in it for a short grace after their last connection."""
        self._opening: dict[Connection, list[tuple[int, bytes]]] = {}

    @property
    def deserted(self) -> bool:
        return self.open_here.empty and self.elsewhere.empty and not self._opening

    def begin_opening(self, connection: "Connection") -> None:
        """Keep changes for this connection until its reply is written: read first and subscribe then would lose those
        in between, subscribe first and read then would send them before the state they belong to."""
        self._opening[connection] = []

    def abandon_opening(self, connection: "Connection") -> None:
        self._opening.pop(connection, None)

    def finish_opening(self, connection: "Connection", head: int, reply: bytes) -> None:
        """Write the state as of change `head`, what came since, and from here on everything as it comes."""
        kept = self._opening.pop(connection, None)
        if kept is None:
            return
        bodies = [reply, *(body for seq, body in kept if seq > head)]
        connection.transport.write(b"".join(map(connection.transport.framing.frame, bodies)))
        if self.seq is None:
            self.seq = head
        self.elsewhere.leave(connection)
        self.open_here.join(connection)

    def watch(self, connection: "Connection") -> None:
        """Tell this connection of activity only."""
        self.open_here.leave(connection)
        self.elsewhere.join(connection)

    def leave(self, connection: "Connection") -> None:
        """Tell this connection nothing more."""
        self._opening.pop(connection, None)
        self.open_here.leave(connection)
        self.elsewhere.leave(connection)

    def hand_out(self, seq: int, body: bytes) -> None:
        """Pass a change on to everybody who looks; the caller has checked that it is the next one."""
        self.seq = seq
        if body.startswith(b'{"type":"message.posted"'):
            self.latest_post = body
        self.hint(body, seq)

    def hint(self, body: bytes, seq: int) -> None:
        for kept in self._opening.values():
            kept.append((seq, body))
        if not self.open_here.empty:
            self.open_here.add(body)

    def next_ahead(self) -> Iterator[tuple[int, bytes]]:
        """The changes that came early and are next now, in order; those that are old now are forgotten."""
        while self.ahead and self.seq is not None:
            first = min(self.ahead)
            if first > self.seq + 1:
                return
            body = self.ahead.pop(first)
            if first == self.seq + 1:
                yield first, body

"""One member's socket."""

import os
import socket
from collections.abc import Callable

from bench.dialects.base import Joining, Unexpected
from bench.load.room import Place, Room

READ_AT_ONCE = 65_536
"""Bytes. Larger buffers come from mmap, which costs more than the read."""


class Client:
    """A member from `connect` to `leave`; `place` is how far it has followed the room, None until it is in.

    Of a timed member the time of each delivery is taken. `join_to_speak` is how a connection gets in by which the
    member only sends."""

    __slots__ = ("_join", "_outbox", "_socket", "fd", "hears", "joining", "member", "place", "room", "timed")

    def __init__(
        self, room: Room, member: int, *, timed: bool = False, join_to_speak: Callable[[int], Joining] | None = None
    ) -> None:
        self.room = room
        self.member = member
        self.hears = join_to_speak is None
        self.place: Place | None = None
        self.joining: Joining | None = None
        self.fd = -1
        self.timed = timed
        self._join = join_to_speak or room.dialect.join
        self._socket: socket.socket | None = None
        self._outbox = b""

    @property
    def messages(self) -> int:
        """How many messages of the room lie behind where this member has followed it."""
        return 0 if self.place is None else self.room.messages_at(self.place)

    @property
    def has_all(self) -> bool:
        """It has received everything that was said, and nothing else; what only sends need not."""
        return self.place is not None and (not self.hears or self.room.heard_all(self.place))

    def connect(self, address: tuple[str, int]) -> None:
        """Begin to connect; `start_joining` follows when the socket can be written to."""
        self._socket = socket.socket()
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fd = self._socket.fileno()
        self._socket.connect_ex(address)

    def start_joining(self) -> None:
        """The socket is connected: say the first words. Raises OSError when it is not."""
        assert self._socket is not None, "connect comes first"
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        self.joining = self._join(self.member)
        self.write(next(self.joining))

    def go_on_joining(self, data: bytes) -> bool:
        """Whether that completed the joining."""
        assert self.joining is not None, "start_joining comes first"
        try:
            self.write(self.joining.send(data))
        except StopIteration as done:
            self.joining = None
            self.place = self.room.place(timed=self.timed)
            if done.value:
                self.room.take(self.place, done.value, self.write)
            return True
        return False

    def read(self) -> bytes:
        """What has come, up to READ_AT_ONCE. Raises BlockingIOError, and Unexpected when the server hung up."""
        try:
            data = os.read(self.fd, READ_AT_ONCE)
        except ConnectionResetError as error:
            raise Unexpected(f"member {self.member} was thrown out") from error
        if not data:
            raise Unexpected(f"the server hung up on member {self.member}")
        return data

    def write(self, data: bytes) -> None:
        """Send as much as the kernel takes; the rest goes with the next write or `flush`."""
        self._outbox += data
        self.flush()

    def flush(self) -> None:
        if not self._outbox:
            return
        assert self._socket is not None, "connect comes first"
        try:
            self._outbox = self._outbox[self._socket.send(self._outbox) :]
        except BlockingIOError:
            return

    def leave(self) -> None:
        """Hang up; `connect` may follow."""
        assert self._socket is not None, "connect comes first"
        self._socket.close()
        self._socket, self.place, self.joining, self._outbox = None, None, None, b""

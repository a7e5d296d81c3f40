"""Socket.IO 4 over its WebSocket transport: Engine.IO packets, of which the first digit tells the kind."""

from bench.dialects.base import Delivery, Joining, Reply, Unexpected, Word
from bench.dialects.websocket import TEXT, client_frame, control_word, end_of_frame, payload_of, upgrade
from bench.text import origin_of, text_of

PATH = "/socket.io/?EIO=4&transport=websocket"
_EVENT = b'42["message","'
_END = b'"]'


class SocketIo:
    echoes = True
    one_order = True
    acknowledges = False

    def join(self, member: int) -> Joining:
        data = yield from upgrade(PATH)
        data = yield from self._packet(data, b"0", b"")
        return (yield from self._packet(data, b"40", client_frame(b"40")))

    def send(self, sender: int, nth: int) -> bytes:
        return client_frame(_EVENT + text_of(sender, nth).encode() + _END)

    def end_of_frame(self, data: bytes, at: int) -> int:
        return end_of_frame(data, at)

    def read(self, frame: bytes) -> Word:
        if frame[0] != TEXT:
            return control_word(frame)
        packet = payload_of(frame)
        if packet == b"2":
            return Reply(client_frame(b"3"))
        if not packet.startswith(_EVENT):
            raise Unexpected(f"no message: {packet[:130]!r}")
        return Delivery(*origin_of(packet[len(_EVENT) : -len(_END)].decode()))

    def _packet(self, data: bytes, kind: bytes, to_send: bytes) -> Joining:
        """Send, then wait for one packet of that kind; returns what came after it."""
        while (end := end_of_frame(data, 0)) < 0 or to_send:
            data += yield to_send
            to_send = b""
        if not payload_of(data[:end]).startswith(kind):
            raise Unexpected(f"not a packet {kind!r}: {data[:end]!r}")
        return data[end:]

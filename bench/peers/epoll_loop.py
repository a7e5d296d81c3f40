"""The floor: what fan-out costs when nothing else is done. No framework, no loop but epoll, nothing stored or checked.

All messages that one turn of the loop brings leave in one send per connection. `python epoll_loop.py PORT`
"""

import base64
import gc
import hashlib
import select
import socket
import sys

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Connection:
    __slots__ = ("inbox", "outbox", "shaken", "socket")

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self.inbox = b""
        self.outbox = b""
        self.shaken = False

    def send(self, data: bytes) -> None:
        if not self.outbox:
            try:
                sent = self.socket.send(data)
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = data[sent:]
        self.outbox += data
        epoll.modify(self.socket, select.EPOLLIN | select.EPOLLOUT)

    def flush(self) -> None:
        try:
            self.outbox = self.outbox[self.socket.send(self.outbox) :]
        except BlockingIOError:
            return
        if not self.outbox:
            epoll.modify(self.socket, select.EPOLLIN)

    def receive(self, data: bytes) -> bytes:
        """The frames that everybody gets for these bytes."""
        self.inbox += data
        if not self.shaken:
            self.shake()
        frames = b""
        while len(self.inbox) >= 2:
            length = self.inbox[1] & 0x7F
            start, end = 6, 6 + length
            if length == 126:
                length = int.from_bytes(self.inbox[2:4], "big")
                start, end = 8, 8 + length
            if len(self.inbox) < end:
                break
            if self.inbox[0] == 0x81:
                frames += framed(unmasked(self.inbox[start:end], self.inbox[start - 4 : start]))
            self.inbox = self.inbox[end:]
        return frames

    def shake(self) -> None:
        head, found, rest = self.inbox.partition(b"\r\n\r\n")
        if not found:
            return
        key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        self.send(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.inbox, self.shaken = rest, True


def unmasked(payload: bytes, mask: bytes) -> bytes:
    whole = mask * (len(payload) // 4 + 1)
    plain = int.from_bytes(payload, "little") ^ int.from_bytes(whole[: len(payload)], "little")
    return plain.to_bytes(len(payload), "little")


def framed(payload: bytes) -> bytes:
    length = len(payload)
    head = bytes((0x81, length)) if length < 126 else b"\x81\x7e" + length.to_bytes(2, "big")
    return head + payload


def accept_all() -> None:
    while True:
        try:
            accepted, _ = listener.accept()
        except BlockingIOError:
            return
        accepted.settimeout(0)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections[accepted.fileno()] = Connection(accepted)
        epoll.register(accepted, select.EPOLLIN)


def hear(fd: int) -> bytes:
    connection = connections[fd]
    try:
        data = connection.socket.recv(65536)
    except ConnectionResetError:
        data = b""
    if data:
        return connection.receive(data)
    connections.pop(fd).socket.close()
    return b""


def turn() -> None:
    frames = b""
    for fd, events in epoll.poll():
        if fd == listener.fileno():
            accept_all()
            continue
        if events & select.EPOLLOUT:
            connections[fd].flush()
        if events & ~select.EPOLLOUT:
            frames += hear(fd)
    if frames:
        for connection in connections.values():
            connection.send(frames)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
listener.settimeout(0)
epoll = select.epoll()
epoll.register(listener, select.EPOLLIN)
connections: dict[int, Connection] = {}
gc.freeze()
while True:
    turn()

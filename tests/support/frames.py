"""Frames as a client sends them, right or wrong on purpose (RFC 6455 section 5.2)."""

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MASK = b"\x37\xfa\x21\x3d"


def client_frame(
    opcode: int,
    payload: bytes = b"",
    *,
    final: bool = True,
    reserved: int = 0,
    mask: bytes | None = MASK,
    length_bytes: int | None = None,
    announced: int | None = None,
) -> bytes:
    """One frame; `length_bytes` (0, 2 or 8) and `announced` let the head say something else than the payload needs."""
    length = len(payload) if announced is None else announced
    if length_bytes is None:
        length_bytes = 0 if length < 126 else 2 if length < 65_536 else 8
    short = {0: length, 2: 126, 8: 127}[length_bytes]
    head = bytes((final << 7 | reserved << 4 | opcode, (mask is not None) << 7 | short))
    masked = payload if mask is None else bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return head + (length.to_bytes(length_bytes, "big") if length_bytes else b"") + (mask or b"") + masked


def text(payload: str | bytes, *, final: bool = True) -> bytes:
    return client_frame(TEXT, payload.encode() if isinstance(payload, str) else payload, final=final)


def more(payload: str | bytes, *, final: bool = True) -> bytes:
    """A further fragment."""
    return client_frame(CONTINUATION, payload.encode() if isinstance(payload, str) else payload, final=final)


def close(code: int | None = 1000, reason: bytes = b"") -> bytes:
    return client_frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason)


def server_frames(data: bytes) -> list[tuple[int, bytes]]:
    """(opcode, payload) of each unmasked frame in what a server sent; the last must be whole."""
    frames = []
    while data:
        opcode, length, start = data[0] & 0x0F, data[1], 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start], "big")
        assert len(data) >= start + length, "the last frame is not whole"
        frames.append((opcode, data[start : start + length]))
        data = data[start + length :]
    return frames


def close_payload(code: int, reason: str = "") -> bytes:
    return code.to_bytes(2, "big") + reason.encode()

"""Length-prefixed frames read from bytes (docs/protocol.md, "Over TCP")."""

from collections.abc import Iterator

from app.protocol.close_codes import CloseCode
from app.protocol.fields import FRAME_LIMIT
from app.protocol.framing import LENGTH_BYTES


class BadLength(Exception):
    """A length that nobody may announce. `code` is why the conversation ends."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(code)
        self.code = code


class LengthPrefixReader:
    """Keeps no more than one unfinished frame of at most `limit` bytes, however the bytes are cut."""

    __slots__ = ("_kept", "limit")

    def __init__(self, limit: int = FRAME_LIMIT) -> None:
        self.limit = limit
        self._kept = bytearray()

    @property
    def kept(self) -> int:
        """Bytes of the unfinished frame."""
        return len(self._kept)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that these bytes complete. Raises BadLength at a length of 0 or above `limit`, before anything of
        that frame is kept; the reader is of no use after that."""
        kept, at = self._kept, 0
        kept += data
        try:
            while len(kept) - at >= LENGTH_BYTES:
                start = at + LENGTH_BYTES
                end = start + announced_length(kept, at, self.limit)
                if len(kept) < end:
                    return
                at = end
                yield bytes(kept[start:end])
        except BadLength:
            at = len(kept)
            raise
        finally:
            del kept[:at]


def announced_length(data: bytes | bytearray, at: int, limit: int) -> int:
    """Of the frame that begins at `at`. Raises BadLength."""
    length = int.from_bytes(data[at : at + LENGTH_BYTES], "big")
    if length > limit:
        raise BadLength(CloseCode.TOO_BIG)
    if length == 0:
        raise BadLength(CloseCode.PROTOCOL_ERROR)
    return length

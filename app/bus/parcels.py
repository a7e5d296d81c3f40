"""Events on their way between processes: many in one parcel, which is text of a few lines.

The first line names the process that sends it. Each other one is an event: topic, seq and body with a space between, or
topic and seq alone where the body did not fit. JSON on one line holds neither a line end nor, as our encoder writes it,
anything else that a database would not take as text.
"""

from collections.abc import Iterable, Iterator

from app.bus.base import Event


def pack(process: str, events: Iterable[Event], limit: int | None = None) -> Iterator[bytes]:
    """Parcels of at most `limit` bytes. A durable event that does not fit alone goes without its body, a hint that does
    not is left out."""
    head = process.encode()
    lines, size = [head], len(head)
    for event in events:
        line = _line(event, limit and limit - len(head))
        if line is None:
            continue
        if limit is not None and size + len(line) > limit:
            yield b"".join(lines)
            lines, size = [head], len(head)
        lines.append(line)
        size += len(line)
    if len(lines) > 1:
        yield b"".join(lines)


def sender(parcel: bytes) -> str:
    return parcel.partition(b"\n")[0].decode()


def unpack(parcel: bytes) -> Iterator[Event]:
    """The events of a parcel. Raises ValueError when it is none."""
    for line in parcel.split(b"\n")[1:]:
        topic, seq, *body = line.split(b" ", 2)
        yield topic.decode(), int(seq), body[0] if body else None


def _line(event: Event, limit: int | None) -> bytes | None:
    topic, seq, body = event
    if body is not None:
        line = b"\n%b %d %b" % (topic.encode(), seq, body)
        if limit is None or len(line) <= limit:
            return line
    return b"\n%b %d" % (topic.encode(), seq) if seq else None

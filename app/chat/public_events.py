"""What a change of a room is to those who read it without an account; most are nothing to them."""

from collections.abc import Iterable

from app.chat.events import shown_message, shown_person
from app.chat.public_pages import Missed, is_visible
from app.models import Message, User
from app.protocol import events
from app.protocol.codec import decode_event, encode_event
from app.protocol.framing import event_stream_entry
from app.protocol.public import MessageGone, MessageReplaced, MessageShown, ReadingEnded, TooMuchMissed
from app.render.names import initials, tint

TOLD = (b'{"type":"message.', b'{"type":"room.changed"')
"""How the changes begin that may be something to them."""
RELOAD = event_stream_entry(None, encode_event(TooMuchMissed()))
ENDED = event_stream_entry(None, encode_event(ReadingEnded()))


def told(body: bytes) -> bytes | None:
    """An event of the room as an entry of their stream; None: nothing to them. ENDED: they may not read on."""
    if not body.startswith(TOLD):
        return None
    event = decode_event(body)
    if isinstance(event, events.MessagePosted):
        return entry(shown(event.message, event.person))
    if isinstance(event, events.MessageChanged):
        return entry(replaced(event.message))
    if isinstance(event, events.RoomChanged) and not (event.is_readable and event.kind == "public"):
        return ENDED
    return None


def made_up(missed: Missed) -> bytes:
    """What changed while somebody was away, in as many entries as it takes."""
    if missed.too_much:
        return RELOAD
    return b"".join(entries(missed.messages, missed.authors))


def entries(messages: Iterable[Message], authors: dict[int, User]) -> Iterable[bytes]:
    for message in messages:
        if is_visible(message):
            yield entry(shown(shown_message(message), shown_person(authors[message.author_id])))
        else:
            yield entry(MessageGone(seq=message.seq, number=message.number))


def replaced(message: events.Message) -> MessageReplaced | MessageGone:
    if message.removed:
        return MessageGone(seq=message.seq, number=message.number)
    return MessageReplaced(seq=message.seq, number=message.number, html=message.html)


def entry(event: MessageShown | MessageReplaced | MessageGone) -> bytes:
    return event_stream_entry(event.seq, encode_event(event))


def shown(message: events.Message, person: events.Person) -> MessageShown:
    return MessageShown(
        seq=message.seq,
        number=message.number,
        at=message.at,
        html=message.html,
        name=person.name,
        handle=person.handle,
        initials=initials(person.name, person.handle),
        tint=tint(person.id),
        kind="me" if message.kind == "me" else "msg",  # as in events.py
        former=person.former,
    )

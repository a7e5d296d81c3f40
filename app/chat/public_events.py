"""What a change of a room is to those who read it without an account; most are nothing to them."""

from collections.abc import Iterable

from app.chat.events import shown_message, shown_person
from app.chat.public_pages import Missed, is_visible
from app.models import Message, User
from app.protocol import events
from app.protocol.codec import decode_event, encode_event
from app.protocol.framing import event_stream_entry
from app.protocol.public import MessageGone, MessageReplaced, MessageShown, ReadingEnded, TooMuchMissed
from app.render.mentions import drawn_outside, mentioned_in
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
        return entry(shown(event.message, event.person, event.people))
    if isinstance(event, events.MessageChanged):
        return entry(replaced(event.message, event.people))
    if isinstance(event, events.RoomChanged) and not (event.is_readable and event.kind == "public"):
        return ENDED
    return None


def made_up(missed: Missed) -> bytes:
    """What changed while somebody was away, in as many entries as it takes."""
    if missed.too_much:
        return RELOAD
    return b"".join(entries(missed.messages, missed.people))


def entries(messages: Iterable[Message], people: dict[int, User]) -> Iterable[bytes]:
    for message in messages:
        if is_visible(message):
            mentioned = [shown_person(people[user_id]) for user_id in mentioned_in(message.html)]
            yield entry(shown(shown_message(message), shown_person(people[message.author_id]), mentioned))
        else:
            yield entry(MessageGone(seq=message.seq, number=message.number))


def replaced(message: events.Message, people: Iterable[events.Person]) -> MessageReplaced | MessageGone:
    if message.removed:
        return MessageGone(seq=message.seq, number=message.number)
    return MessageReplaced(seq=message.seq, number=message.number, html=drawn_outside(message.html, people))


def entry(event: MessageShown | MessageReplaced | MessageGone) -> bytes:
    return event_stream_entry(event.seq, encode_event(event))


def shown(message: events.Message, person: events.Person, people: Iterable[events.Person]) -> MessageShown:
    return MessageShown(
        seq=message.seq,
        number=message.number,
        at=message.at,
        html=drawn_outside(message.html, people),
        name=person.name,
        handle=person.handle,
        initials=initials(person.name, person.handle),
        tint=tint(person.id),
        kind="me" if message.kind == "me" else "msg",  # as in events.py
        former=person.former,
        files=tuple(message.files),
    )

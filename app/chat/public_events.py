"""What a change of a room is to those who read it without an account; most are nothing to them."""

from collections.abc import Iterable

from app.chat.context import Context
from app.chat.events import shown_message, shown_person
from app.chat.public_pages import Missed, is_visible
from app.models import Message, User
from app.protocol import events
from app.protocol.codec import decode_event, encode_event
from app.protocol.framing import event_stream_entry
from app.protocol.public import MessageGone, MessageReplaced, MessageShown, Quote, ReadingEnded, TooMuchMissed
from app.render.mentions import drawn_outside
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
    if isinstance(event, events.MessagePosted) and not event.message.removed:
        return entry(shown(event.message, event.person, event.people, event.quoted))
    if isinstance(event, events.MessagePosted | events.MessageChanged):
        return entry(replaced(event.message, event.people))
    if isinstance(event, events.RoomChanged) and not (event.is_readable and event.kind == "public"):
        return ENDED
    return None


def made_up(missed: Missed) -> bytes:
    """What changed while somebody was away, in as many entries as it takes."""
    if missed.too_much:
        return RELOAD
    return b"".join(entries(missed.messages))


def entries(told: Iterable[tuple[Message, Context, User]]) -> Iterable[bytes]:
    for message, context, author in told:
        if is_visible(message):
            people = [shown_person(person) for person in context.people]
            quoted = [shown_message(each) for each in context.quoted]
            yield entry(shown(shown_message(message), shown_person(author), people, quoted))
        else:
            yield entry(MessageGone(seq=message.seq, number=message.number))


def replaced(message: events.Message, people: Iterable[events.Person]) -> MessageReplaced | MessageGone:
    if message.removed:
        return MessageGone(seq=message.seq, number=message.number)
    return MessageReplaced(
        seq=message.seq, number=message.number, html=drawn_outside(message.html, people), card=message.card
    )


def entry(event: MessageShown | MessageReplaced | MessageGone) -> bytes:
    return event_stream_entry(event.seq, encode_event(event))


def shown(
    message: events.Message,
    person: events.Person,
    people: Iterable[events.Person],
    quoted: Iterable[events.Message],
) -> MessageShown:
    known = {each.id: each for each in [*people, person]}
    return MessageShown(
        seq=message.seq,
        number=message.number,
        at=message.at,
        html=drawn_outside(message.html, known.values()),
        name=person.name,
        handle=person.handle,
        initials=initials(person.name, person.handle),
        tint=tint(person.id),
        kind="me" if message.kind == "me" else "msg",  # as in events.py
        former=person.former,
        bot=person.bot,
        files=tuple(message.files),
        card=message.card,
        quote=next((shown_quote(each, known) for each in quoted), None),
    )


def shown_quote(message: events.Message, people: dict[int, events.Person]) -> Quote:
    person = people[message.author]
    html = drawn_outside(message.html, people.values())
    return Quote(number=message.number, name=person.name, former=person.former, html=html)

"""Records as the wire shows them, and their way to the bus. Called only after the commit of what they say."""

from app.bus.base import EVERYONE, PEERS, room_topic, user_topic
from app.models import Message, Room, User
from app.protocol import events
from app.protocol.codec import encode_event
from app.protocol.events import Event
from app.protocol.peers import PeerEvent
from app.services import Services


def shown_person(user: User) -> events.Person:
    return events.Person(id=user.id, handle=user.handle, name=user.name, imported=user.kind == "imported")


def shown_message(message: Message) -> events.Message:
    return events.Message(
        number=message.number,
        seq=message.seq,
        author=message.author_id,
        at=message.at,
        html=message.html,
        text=message.text,
        nonce=message.nonce,
        # The constants: a default is left out of the JSON only when it is the very same object.
        kind="me" if message.kind == "me" else "msg",
    )


def shown_room(room: Room, read_number: int) -> events.Room:
    return events.Room(
        id=room.id,
        slug=room.slug,
        name=room.name,
        topic=room.topic,
        kind=room.kind,
        number=room.last_number,
        seq=room.seq,
        read=read_number,
    )


def publish_to_room(services: Services, room_id: int, seq: int, event: Event) -> None:
    services.bus.publish(room_topic(room_id), seq, encode_event(event))


def publish_to_user(services: Services, user_id: int, event: Event) -> None:
    services.bus.publish(user_topic(user_id), 0, encode_event(event))


def publish_to_everyone(services: Services, event: Event) -> None:
    services.bus.publish(EVERYONE, 0, encode_event(event))


def publish_to_peers(services: Services, seq: int, event: PeerEvent) -> None:
    services.bus.publish(PEERS, seq, encode_event(event))
